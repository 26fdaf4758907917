"""No advertising before the contract is signed and the banner approved, unless with a reason."""

import pytest

from accounts.models import Role
from events import advertising, materials
from events.materials import Content
from plans.models import Publication, PublishingRefusedError
from tests.factories import make_user
from tests.plans.making import make_publication
from tests.webinars.making import (
    LONG_BEFORE,
    channels_of,
    make_banner,
    make_plan,
    make_upload,
    make_webinar,
    sign,
)
from webinars import gates
from webinars.models import GateOverride

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def place(webinar, by=None, reason=""):
    return advertising.record(
        webinar.event,
        channels_of(webinar)["facebook"],
        "https://facebook.example/1",
        by=by or make_user(),
        at=LONG_BEFORE,
        reason=reason,
    )


@pytest.mark.parametrize(
    ("is_signed", "is_approved", "closed"),
    [
        (False, False, ["contract", "banner"]),
        (True, False, ["banner"]),
        (False, True, ["contract"]),
        (True, True, []),
    ],
)
def test_what_is_missing_before_anything_may_be_advertised(is_signed, is_approved, closed):
    webinar = make_webinar()
    make_banner(webinar.event, is_approved=is_approved)
    if is_signed:
        sign(webinar)

    assert [gate.value for gate in gates.closed_for(webinar.event)] == closed


def test_nothing_is_recorded_while_something_is_missing():
    webinar = make_webinar()

    with pytest.raises(PublishingRefusedError):
        place(webinar)

    assert Publication.objects.count() == 0


def test_a_signed_contract_and_an_approved_banner_let_it_through():
    webinar = make_webinar()
    sign(webinar)
    make_banner(webinar.event)
    by = make_user()

    publication = place(webinar, by)

    assert (publication.url, publication.published_by, publication.published_at) == (
        "https://facebook.example/1",
        by,
        LONG_BEFORE,
    )
    assert GateOverride.objects.count() == 0


def test_a_new_version_of_the_banner_closes_the_gate_until_it_is_approved():
    webinar = make_webinar()
    sign(webinar)
    material = make_banner(webinar.event).material
    materials.add_version(material, Content(make_upload(), ""), by=make_user(), at=LONG_BEFORE)

    with pytest.raises(PublishingRefusedError):
        place(webinar)


def test_a_reason_opens_the_gates_and_stays_with_who_and_when():
    webinar, by = make_webinar(), make_user(role=Role.PROJECT_MANAGER)

    publication = place(webinar, by, "The contract is on its way.")

    override = publication.gate_override
    assert (override.missing, override.reason, override.by, override.at) == (
        ["contract", "banner"],
        "The contract is on its way.",
        by,
        LONG_BEFORE,
    )


@pytest.mark.parametrize("reason", ["", "   "])
def test_blanks_are_no_reason(reason):
    with pytest.raises(PublishingRefusedError):
        place(make_webinar(), reason=reason)


def test_a_specialist_cannot_decide_otherwise():
    with pytest.raises(PublishingRefusedError):
        place(make_webinar(), make_user(role=Role.SPECIALIST), "I know better.")


def test_the_gates_hold_whoever_records_it_and_wherever():
    webinar = make_webinar()
    publication = make_publication(webinar.event.activity)

    with pytest.raises(PublishingRefusedError):
        publication.publish(url="https://f.example/1", by=make_user(), at=LONG_BEFORE)

    publication.refresh_from_db()
    assert publication.published_at is None


@pytest.mark.parametrize("kind", ["free_webinar", "paid_webinar"])
def test_a_webinar_without_its_event_has_neither_contract_nor_banner(kind):
    publication = make_publication(make_plan(kind=kind))

    with pytest.raises(PublishingRefusedError):
        publication.publish(url="https://f.example/1", by=make_user(), at=LONG_BEFORE)

    publication.refresh_from_db()
    assert publication.published_at is None


def test_a_cancelled_event_does_not_open_the_gates_of_its_activity():
    webinar = make_webinar()
    sign(webinar)
    make_banner(webinar.event)
    webinar.event.cancelled_at, webinar.event.cancel_reason = LONG_BEFORE, "Nobody came."
    webinar.event.save(update_fields=["cancelled_at", "cancel_reason"])
    publication = make_publication(webinar.event.activity)

    with pytest.raises(PublishingRefusedError):
        publication.publish(url="https://f.example/1", by=make_user(), at=LONG_BEFORE)


def test_a_reason_for_a_webinar_without_its_event_is_written_down():
    publication = make_publication(make_plan())

    publication.publish(
        url="https://f.example/1", by=make_user(), at=LONG_BEFORE, reason="The fair is today."
    )

    assert GateOverride.objects.get().missing == ["contract", "banner"]


def test_a_conference_has_no_gates():
    publication = make_publication(make_plan(kind="conference"))

    publication.publish(url="https://f.example/1", by=make_user(), at=LONG_BEFORE)

    assert publication.published_at == LONG_BEFORE


def test_a_planned_advertisement_is_taken_instead_of_a_second_one():
    webinar = make_webinar()
    planned = make_publication(webinar.event.activity, channels_of(webinar)["facebook"])

    placed = place(webinar, reason="Agreed by telephone.")

    assert placed == planned
    assert Publication.objects.count() == 1


def test_a_wrong_link_is_put_right_without_another_reason():
    webinar = make_webinar()
    publication = place(webinar, reason="Agreed by telephone.")

    publication.publish(url="https://facebook.example/2", by=make_user(), at=LONG_BEFORE)

    assert Publication.objects.get().url == "https://facebook.example/2"
