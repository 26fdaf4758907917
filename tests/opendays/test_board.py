"""An open day's preparation: its boxes, its pages, and the activity it comes from."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from events import advertising
from events.board import Due, Messages
from events.models import Event, Material, MaterialVersion, Offer
from opendays.board import Facts, board
from opendays.models import LeadCount, Promotion, Series
from opendays.preparation import materials_of
from plans.models import Activity, Channel, Publication
from tests.factories import (
    START,
    make_event,
    make_offer,
    make_registration,
    make_unit,
    make_user,
    riga,
)
from tests.plans.making import make_activity, make_channel, make_intake, make_publication
from tests.webinars.making import make_banner

LONG_BEFORE, AFTER = riga(2026, 2, 20, 10), START + timedelta(hours=3)
NEAR = START - timedelta(hours=5)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def event(**fields):
    return Event(
        kind="open_day",
        title="Diena",
        starts_at=START,
        ends_at=START + timedelta(hours=1),
        **fields,
    )


def banner(decision):
    made = Material(pk=1, kind="banner", title="Baneris")
    made._prefetched_objects_cache = {"versions": [MaterialVersion(decision=decision)]}
    return made


def live(*kinds):
    return [
        Publication(channel=Channel(kind=kind), url="https://f.example", published_at=LONG_BEFORE)
        for kind in kinds
    ]


OFFER = Offer(last_day=date(2026, 3, 15), url="https://college.example.org/offer")
CASES = [
    ("concept", "not_begun", {}),
    ("concept", "done", {"concept": "Who, what, why"}),
    ("concept", "late", {"dues": {"concept": Due(date(2026, 2, 19))}}),
    ("banners", "not_begun", {}),
    ("banners", "in_work", {"materials": [banner("waiting")]}),
    ("banners", "done", {"materials": [banner("approved")]}),
    ("publication", "not_begun", {"now": riga(2026, 3, 4, 23)}),
    ("publication", "late", {"now": riga(2026, 3, 5, 0, 30)}),
    ("publication", "in_work", {"publications": live("facebook", "instagram")}),
    ("publication", "done", {"publications": live("facebook", "home_page")}),
    ("reminders", "in_work", {"messages": Messages(planned=1)}),
    ("reminders", "late", {"messages": Messages(handed_over=1, problems=1), "now": AFTER}),
    ("reminders", "done", {"messages": Messages(handed_over=1), "now": AFTER}),
    ("offer", "not_begun", {}),
    ("offer", "in_work", {"event": event(offer=OFFER)}),
    ("offer", "done", {"event": event(offer=OFFER), "offer_lines": 2}),
    ("offer", "late", {"now": riga(2026, 3, 12, 9)}),
]


@pytest.mark.parametrize(("key", "expected", "facts"), CASES)
def test_how_far_a_part_of_an_open_day_is(key, expected, facts):
    boxes = board(Facts(**{"event": event(), "now": LONG_BEFORE, **facts}))

    assert {box.key: box.progress.value for box in boxes}[key] == expected


def test_an_open_day_that_advertises_no_offer_has_no_box_for_it():
    boxes = board(Facts(event=event(with_offer=False), now=LONG_BEFORE))

    assert [box.key for box in boxes] == ["concept", "banners", "publication", "reminders"]


def make_series(**fields):
    """Plan an open day on each of five Wednesdays, over the change of the clock."""
    return make_activity(
        make_intake(), kind=Activity.Kind.OPEN_DAY, last_on=date(2026, 4, 8), **fields
    )


def carry_out(client_for, activity):
    with time_machine.travel(LONG_BEFORE, tick=False):
        client = client_for(make_user())
        return client.post(reverse("opendays:activity_make", args=[activity.pk]))


@pytest.mark.django_db
def test_one_click_makes_the_weekly_series_at_the_same_clock_over_the_change(client_for):
    activity = make_series(owner=make_user())

    answers = [carry_out(client_for, activity), carry_out(client_for, activity)]

    series = Series.objects.get()
    assert [answer.url for answer in answers] == [f"/open-days/{series.pk}/"] * 2
    assert (series.activity, series.first_day, series.last_day, series.minutes) == (
        activity,
        date(2026, 3, 11),
        date(2026, 4, 8),
        90,
    )
    starts = [made.starts_at for made in Event.objects.all()]
    assert starts == [riga(2026, *day, 18) for day in ((3, 11), (3, 18), (3, 25), (4, 1), (4, 8))]
    assert {made.activity for made in Event.objects.all()} == {activity}


@pytest.mark.django_db
def test_a_single_open_day_of_the_plan_becomes_one_event(client_for):
    activity = make_activity(make_intake(), kind=Activity.Kind.OPEN_DAY, title="Diena")

    answers = [carry_out(client_for, activity), carry_out(client_for, activity)]

    made = Event.objects.get()
    assert [answer.url for answer in answers] == [f"/open-days/events/{made.pk}/"] * 2
    assert (made.kind, made.title, made.activity, made.starts_at) == (
        "open_day",
        "Diena",
        activity,
        activity.starts_at,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("is_rolled_forward", [True, False])
def test_the_events_of_a_series_that_was_rolled_forward_begin_with_their_reminders_off(
    client_for, is_rolled_forward
):
    carry_out(client_for, make_series(is_rolled_forward=is_rolled_forward))

    off = {made.reminders_stopped_at is not None for made in Event.objects.all()}
    assert off == {is_rolled_forward}


@pytest.mark.django_db
def test_a_webinar_of_the_plan_becomes_no_open_day(client_for):
    assert carry_out(client_for, make_activity(make_intake())).status_code == 403


@pytest.mark.django_db
def test_an_advertisement_of_a_weekly_activity_is_about_the_day_a_week_after_it(client_for):
    activity = make_series()
    carry_out(client_for, activity)
    facebook = make_channel(activity.intake)
    make_publication(activity, facebook, planned_at=riga(2026, 3, 4, 9))
    make_publication(activity, facebook, planned_at=riga(2026, 3, 13, 9))
    make_publication(activity, facebook, planned_at=riga(2026, 3, 20, 23))

    about = [len(advertising.publications_of(made)) for made in Event.objects.all()]

    assert about == [1, 1, 1, 0, 0]


@pytest.mark.django_db
def test_what_is_recorded_late_stays_about_its_open_day(client_for):
    activity = make_series()
    carry_out(client_for, activity)
    first, second = Event.objects.all()[:2]
    by = make_user()

    advertising.record(
        first, make_channel(activity.intake), "https://f.example", by=by, at=riga(2026, 3, 10, 9)
    )

    about = [len(advertising.publications_of(made)) for made in (first, second)]
    assert about == [1, 0]


@pytest.mark.django_db
def test_a_banner_of_one_open_day_serves_its_series_and_no_other(client_for):
    activity = make_series()
    carry_out(client_for, activity)
    first, second = Event.objects.all()[:2]
    make_banner(first)
    alone = make_event()

    assert [len(materials_of(each)) for each in (first, second, alone)] == [1, 1, 0]


@pytest.mark.django_db
def test_the_concept_is_that_of_the_series_or_of_the_open_day_alone(client_for):
    carry_out(client_for, make_series())
    first, second = Event.objects.all()[:2]
    alone, client = make_event(), client_for(make_user())

    for each, concept in ((first, "Come and see"), (alone, "Once only")):
        url = reverse("opendays:concept_update", args=[each.pk])
        client.post(url, {"concept": concept, "revision": 1})

    pages = [
        client.get(reverse("opendays:board", args=[each.pk])).content.decode()
        for each in (second, alone)
    ]
    assert ["Come and see" in pages[0], "Once only" in pages[1]] == [True, True]
    assert Promotion.objects.count() == 2


@pytest.mark.django_db
def test_leads_are_typed_and_not_known_before(client_for):
    made, client = make_event(), client_for(make_user())
    url = reverse("opendays:lead_count_update", args=[made.pk])

    client.post(url, {"count": "", "note": "", "revision": 1})
    client.post(url, {"count": "4", "note": "From Bitrix24, Friday", "revision": 2})

    found = LeadCount.objects.get()
    assert (found.count, found.note) == (4, "From Bitrix24, Friday")
    page = client.get(reverse("opendays:board", args=[made.pk])).content.decode()
    assert "From Bitrix24, Friday" in page


@pytest.mark.django_db
def test_a_head_of_unit_sees_the_board_of_the_units_open_day_and_no_button(client_for):
    unit = make_unit()
    activity = make_activity(make_intake(), kind=Activity.Kind.OPEN_DAY, unit=unit)
    made = make_event(activity=activity)
    client = client_for(make_user(role=Role.UNIT_HEAD, unit=unit))

    page = client.get(reverse("opendays:board", args=[made.pk]))

    assert page.status_code == 200
    assert "<form method" not in page.content.decode().split("<main")[1]


@pytest.mark.django_db
def test_a_webinar_has_no_board_of_open_days(client_for):
    url = reverse("opendays:board", args=[make_event(kind="webinar").pk])

    assert client_for(make_user()).get(url).status_code == 404


@pytest.mark.django_db
def test_a_board_asks_the_database_as_often_however_much_there_is(client_for):
    activity = make_series()
    carry_out(client_for, activity)
    client, counts = client_for(make_user()), []
    make_banner(Event.objects.all()[2])
    for made, many in zip(Event.objects.all()[:2], (1, 4), strict=True):
        made.offer = make_offer(last_day=date(2026, 3, 22))
        made.save(update_fields=["offer"])
        for number in range(many):
            make_banner(made)
            make_registration(made)
            make_publication(
                activity,
                planned_at=made.starts_at - timedelta(days=7),
                published_at=LONG_BEFORE,
                published_by=make_user(),
                url=f"https://f.example/{number}",
            )
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("opendays:board", args=[made.pk]))
        counts.append(len(found))

    assert counts[0] == counts[1]


def test_nothing_of_a_cancelled_open_day_is_late_or_asked_for():
    cancelled = event(cancelled_at=LONG_BEFORE, cancel_reason="Remonts")

    boxes = board(Facts(event=cancelled, concept="Who, what, why", now=NEAR))

    found = {box.key: (box.progress.value, box.next_step) for box in boxes}
    assert found.pop("concept") == ("done", "")
    assert set(found.values()) == {("dropped", "")}
