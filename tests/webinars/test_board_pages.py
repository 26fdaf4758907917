"""The pages of a webinar's preparation: who sees and does what, and what is written down."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from events.models import Event, Material
from files.models import StoredFile
from plans.models import Activity, Publication
from tests.factories import START, make_event, make_registration, make_unit, make_user
from tests.plans.making import make_activity, make_intake
from tests.webinars.making import (
    LONG_BEFORE,
    PNG,
    channels_of,
    make_banner,
    make_file,
    make_plan,
    make_presenter,
    make_upload,
    make_webinar,
    sign,
)
from webinars.gates import closed_for
from webinars.models import GateOverride, Presenter, Webinar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LONG_BEFORE, tick=False):
        yield


def board(webinar):
    return reverse("webinars:board", args=[webinar.event_id])


def part(webinar, name):
    return reverse("webinars:part_update", args=[webinar.event_id, name])


def test_a_head_of_unit_reads_the_boards_of_the_unit_without_contract_pay_or_button(client_for):
    unit = make_unit()
    plan = make_plan(unit=unit)
    webinar = make_webinar(
        activity=plan,
        presenter=make_presenter(photo=make_file()),
        contract_state="sent",
        contract_number="17-B",
        pay_amount=321,
    )
    version = make_banner(webinar.event)
    client = client_for(make_user(role=Role.UNIT_HEAD, unit=unit))

    page = client.get(board(webinar)).content.decode()
    files = [
        client.get(reverse("events:material_file", args=[version.pk])),
        client.get(reverse("webinars:presenter_photo", args=[webinar.presenter_id])),
        client.get(reverse("webinars:contract_file", args=[webinar.event_id])),
    ]

    assert "State: sent to the presenter." in page
    assert [
        word
        for word in ("17-B", "321", "/edit/", "/versions/new", "<form method")
        if word in page.split("<main")[1]
    ] == []
    for response in files:
        response.close()
    assert [response.status_code for response in files] == [200, 200, 403]


def test_a_specialist_sees_neither_the_contract_nor_the_pay(client_for):
    webinar = make_webinar(contract_number="17-B", pay_amount=321)
    shown = {
        role: client_for(make_user(role=role)).get(board(webinar)).content.decode()
        for role in (Role.SPECIALIST, Role.DIRECTOR)
    }

    assert [word in shown[Role.DIRECTOR] for word in ("17-B", "321")] == [True, True]
    assert [word in shown[Role.SPECIALIST] for word in ("17-B", "321")] == [False, False]


def test_an_open_day_has_no_board_of_webinars(client_for):
    client = client_for(make_user())

    assert client.get(reverse("webinars:board", args=[make_event().pk])).status_code == 404


def test_the_topic_and_its_presenter_are_written_down_and_the_public_page_names_her(client_for):
    webinar, presenter = make_webinar(), make_presenter()

    client_for(make_user()).post(
        part(webinar, "topic"), {"topic": "Money", "presenter": presenter.pk, "revision": 1}
    )

    webinar.refresh_from_db()
    assert (webinar.topic, webinar.presenter) == ("Money", presenter)
    assert Event.objects.get(pk=webinar.event_id).presenter == "Ilze Bērziņa"


def test_whoever_saves_second_is_told_and_nothing_is_lost(client_for):
    webinar = make_webinar()
    first, second = client_for(make_user()), client_for(make_user())
    first.post(part(webinar, "topic"), {"topic": "Money", "revision": 1})

    answer = second.post(part(webinar, "topic"), {"topic": "Savings", "revision": 1})

    webinar.refresh_from_db()
    assert webinar.topic == "Money"
    assert "Savings" in answer.content.decode()


def test_a_contract_is_kept_with_its_file_and_needs_a_date_once_signed(client_for):
    webinar, client = make_webinar(), client_for(make_user())
    fields = {"contract_state": "signed", "contract_number": "17-B", "revision": 1}
    pdf = make_upload(name="../līgums.pdf", content=b"%PDF-1.7 ...")

    refused = client.post(part(webinar, "contract"), fields)
    kept = client.post(
        part(webinar, "contract"), {**fields, "contract_on": "2026-01-20", "upload": pdf}
    )
    given = client.get(reverse("webinars:contract_file", args=[webinar.event_id]))

    assert (refused.status_code, kept.status_code) == (200, 302)
    assert b"".join(given.streaming_content) == b"%PDF-1.7 ..."
    webinar.refresh_from_db()
    assert (webinar.is_signed, webinar.contract_file.name) == (True, "līgums.pdf")


def test_the_pay_is_due_after_the_webinar(client_for):
    webinar, client = make_webinar(), client_for(make_user())

    answers = [
        client.post(part(webinar, "pay"), {"pay_amount": "200", "pay_due_on": day, "revision": 1})
        for day in ("2026-03-10", "2026-03-20")
    ]

    assert [answer.status_code for answer in answers] == [200, 302]
    assert Webinar.objects.get().pay_due_on == date(2026, 3, 20)


def test_moderator_and_stand_in_are_two_people(client_for):
    webinar, client = make_webinar(), client_for(make_user())
    one, other = make_user(), make_user()

    answers = [
        client.post(
            part(webinar, "moderation"),
            {"moderator": one.pk, "stand_in": stand_in.pk, "rehearsal_at": "", "revision": 1},
        )
        for stand_in in (one, other)
    ]

    assert [answer.status_code for answer in answers] == [200, 302]
    webinar = Webinar.objects.select_related("event").get()
    assert (webinar.event.moderator, webinar.stand_in) == (one, other)


def moderation(moderator=None, seen=None, **fields):
    return {
        "moderator": moderator.pk if moderator else "",
        "moderator_seen": seen.pk if seen else "",
        "stand_in": "",
        "rehearsal_at": "",
        "revision": 1,
        **fields,
    }


def moderator_of(webinar):
    return Event.objects.get(pk=webinar.event_id).moderator


def test_who_only_adds_the_rehearsal_does_not_write_the_old_moderator_back(client_for):
    old, new = make_user(), make_user()
    webinar, client = make_webinar(moderator=old), client_for(make_user())
    Event.objects.filter(pk=webinar.event_id).update(moderator=new)

    fields = moderation(old, seen=old, rehearsal_at="2026-03-10T12:00")
    answer = client.post(part(webinar, "moderation"), fields)

    assert answer.status_code == 302
    assert moderator_of(webinar) == new


def test_of_two_who_choose_a_moderator_the_second_is_told_and_decides(client_for):
    old, hers, mine = make_user(), make_user(full_name="Ilze Kalniņa"), make_user()
    webinar, client = make_webinar(moderator=old), client_for(make_user())
    Event.objects.filter(pk=webinar.event_id).update(moderator=hers)

    told = client.post(part(webinar, "moderation"), moderation(mine, seen=old))
    before = moderator_of(webinar)
    seen = told.context["form"]["moderator_seen"].value()
    client.post(part(webinar, "moderation"), moderation(mine) | {"moderator_seen": seen})

    assert "Ilze Kalniņa" in str(told.context["form"].errors["moderator"])
    assert (before, moderator_of(webinar)) == (hers, mine)


def test_a_presenter_taken_off_is_not_public_any_more(client_for):
    webinar = make_webinar(presenter=make_presenter())
    Event.objects.filter(pk=webinar.event_id).update(presenter="Ilze Bērziņa")

    client_for(make_user()).post(
        part(webinar, "topic"), {"topic": "AI", "presenter": "", "revision": 1}
    )

    assert Event.objects.get(pk=webinar.event_id).presenter == ""


def test_a_presenter_named_by_hand_stays_while_only_the_topic_is_written(client_for):
    webinar = make_webinar()
    Event.objects.filter(pk=webinar.event_id).update(presenter="Ilze Bērziņa")

    client_for(make_user()).post(
        part(webinar, "topic"), {"topic": "AI", "presenter": "", "revision": 1}
    )

    assert Event.objects.get(pk=webinar.event_id).presenter == "Ilze Bērziņa"


def test_a_renamed_presenter_has_the_new_name_on_the_events_to_come(client_for):
    presenter = make_presenter()
    to_come = make_webinar(presenter=presenter)
    past = make_webinar(presenter=presenter, starts_at=LONG_BEFORE - timedelta(days=7))
    other = make_webinar(presenter=make_presenter())
    Event.objects.update(presenter="Ilze Bērziņa")

    client_for(make_user()).post(
        reverse("webinars:presenter_update", args=[presenter.pk]),
        {"name": "Ilze Kalniņa", "consented_on": "2026-01-05", "revision": 1},
    )

    names = dict(Event.objects.values_list("pk", "presenter"))
    assert (names[to_come.event_id], names[past.event_id], names[other.event_id]) == (
        "Ilze Kalniņa",
        "Ilze Bērziņa",
        "Ilze Bērziņa",
    )


@pytest.mark.parametrize("changed", ["topic", "moderation", "presenter"])
def test_who_edits_the_event_is_told_of_what_its_board_changed_of_it(client_for, changed):
    presenter, ilze = make_presenter(), make_user(full_name="Ilze Kalniņa")
    webinar, client = make_webinar(presenter=presenter), client_for(make_user())
    edit = reverse("events:event_update", args=[webinar.event_id])
    form = client.get(edit).context["form"]
    seen = {name: form[name].value() or "" for name in form.fields}
    address, fields = {
        "topic": (part(webinar, "topic"), {"topic": "AI", "presenter": "", "revision": 1}),
        "moderation": (part(webinar, "moderation"), moderation(make_user())),
        "presenter": (
            reverse("webinars:presenter_update", args=[presenter.pk]),
            {"name": "Zane", "consented_on": "2026-01-05", "revision": 1},
        ),
    }[changed]

    client_for(ilze).post(address, fields)
    told = client.post(edit, seen)

    assert told.context["form"].conflict.by == ilze


def test_a_text_that_is_approved_does_not_become_a_banner(client_for):
    webinar = make_webinar()
    version = make_banner(webinar.event, kind="text")

    client_for(make_user(role=Role.SPECIALIST)).post(
        reverse("events:material_update", args=[version.material_id]),
        {"kind": "banner", "title": "Banner", "alt_text": "A lecturer in front of a screen"},
    )

    material = Material.objects.get()
    assert (material.kind, material.title) == ("text", "Banner")
    assert [gate.value for gate in closed_for(webinar.event)] == ["contract", "banner"]


@pytest.mark.parametrize(
    ("alt_text", "decisions"),
    [
        ("Something else", ["approved", "waiting"]),
        ("A lecturer in front of a screen", ["approved"]),
    ],
)
def test_other_words_for_what_is_seen_are_approved_again(client_for, alt_text, decisions):
    specialist = make_user(role=Role.SPECIALIST)
    version = make_banner(make_webinar().event)

    client_for(specialist).post(
        reverse("events:material_update", args=[version.material_id]),
        {"title": "Banner", "alt_text": alt_text},
    )

    versions = version.material.versions.order_by("number")
    assert [each.decision for each in versions] == decisions
    assert {each.file for each in versions} == {version.file}
    assert (versions.last().made_by == specialist) == (len(decisions) == 2)


def test_a_banner_does_not_lose_its_alternative_text(client_for):
    version = make_banner(make_webinar().event)

    answer = client_for(make_user()).post(
        reverse("events:material_update", args=[version.material_id]),
        {"title": "Banner", "alt_text": ""},
    )

    assert answer.status_code == 200
    assert Material.objects.get().alt_text == "A lecturer in front of a screen"


def test_a_line_of_the_checklist_is_ticked_once_and_taken_back(client_for):
    webinar, first = make_webinar(), make_user()
    url = reverse("webinars:checklist_tick", args=[webinar.event_id, "room"])

    client_for(first).post(url)
    client_for(make_user()).post(url)
    by = [tick.done_by for tick in webinar.ticks.all()]
    client_for(first).post(url, {"back": "1"})

    assert by == [first]
    assert webinar.ticks.count() == 0


def test_whoever_moderates_sees_the_board_and_ticks_whatever_the_role(client_for):
    moderator = make_user(role=Role.UNIT_HEAD)
    webinar = make_webinar(moderator=moderator)
    client = client_for(moderator)

    page = client.get(board(webinar))
    client.post(reverse("webinars:checklist_tick", args=[webinar.event_id, "room"]))

    assert page.status_code == 200
    assert [tick.done_by for tick in webinar.ticks.all()] == [moderator]


def test_a_banner_without_alternative_text_is_not_taken(client_for):
    webinar, client = make_webinar(), client_for(make_user())
    url = reverse("events:material_create", args=[webinar.event_id])
    fields = {"kind": "banner", "title": "Baneris"}

    answers = [
        client.post(url, {**fields, "alt_text": text, "upload": make_upload()})
        for text in ("", "A lecturer")
    ]

    assert [answer.status_code for answer in answers] == [200, 302]
    assert Material.objects.get().latest.file.sha256 != ""


def test_a_file_of_no_known_kind_is_not_taken(client_for):
    webinar = make_webinar()

    client_for(make_user()).post(
        reverse("events:material_create", args=[webinar.event_id]),
        {"kind": "other", "title": "X", "upload": make_upload("x.png", b"MZ\x00\x01")},
    )

    assert (Material.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_only_the_newest_version_is_decided_about_and_once(client_for):
    webinar, client = make_webinar(), client_for(make_user())
    first = make_banner(webinar.event, is_approved=False)
    client.post(
        reverse("events:material_version_create", args=[first.material_id]),
        {"upload": make_upload(content=PNG + b"2")},
    )
    second = first.material.versions.get(number=2)

    for version in (first, second):
        client.post(reverse("events:material_approve", args=[version.pk]))
    client.post(reverse("events:material_send_back", args=[second.pk]), {"comment": "Not so loud."})

    assert [each.decision for each in first.material.versions.all()] == ["waiting", "approved"]


def test_what_is_sent_back_needs_a_comment(client_for):
    version, client = make_banner(make_webinar().event, is_approved=False), client_for(make_user())
    url = reverse("events:material_send_back", args=[version.pk])

    decisions = []
    for comment in ("", "Not so loud."):
        client.post(url, {"comment": comment})
        version.refresh_from_db()
        decisions.append(version.decision)

    assert decisions == ["waiting", "sent_back"]


def test_the_form_says_what_is_missing_and_takes_a_reason(client_for):
    webinar, head = make_webinar(), make_user()
    url = reverse("events:publication_create", args=[webinar.event_id])
    fields = {"channel": channels_of(webinar)["facebook"].pk, "url": "https://f.example/1"}
    client = client_for(head)

    refused = client.post(url, fields)
    placed = client.post(url, {**fields, "reason": "The presenter agreed by telephone."})
    page = client_for(head).get(board(webinar)).content.decode()

    assert "No advertising yet: the contract" in refused.content.decode()
    assert placed.status_code == 302
    assert GateOverride.objects.get().by == head
    assert f"{head}, 10 Jan 2026" in page
    assert "“The presenter agreed by telephone.”" in page


def test_the_page_says_how_many_days_are_left_while_nothing_is_published(client_for):
    webinar, head = make_webinar(), make_user()

    shown = []
    for days in (29, 28, 7):
        with time_machine.travel(START - timedelta(days=days), tick=False):
            page = client_for(head).get(board(webinar)).content.decode()
            shown.append("days are left, and nothing" in page)

    assert shown == [False, True, True]


def test_one_click_makes_the_event_of_an_activity_and_a_second_leads_to_it(client_for):
    activity = make_plan(title="Nauda", title_en="Money", presenter="Ilze")
    url = reverse("webinars:activity_make", args=[activity.pk])
    client = client_for(make_user())

    answers = [client.post(url), client.post(url)]

    event = Event.objects.get()
    assert [answer.url for answer in answers] == [f"/webinars/{event.pk}/"] * 2
    assert (event.activity, event.kind, event.title, event.title_en, event.presenter) == (
        activity,
        "webinar",
        "Nauda",
        "Money",
        "Ilze",
    )
    assert (event.starts_at, event.ends_at) == (activity.starts_at, activity.ends_at)
    assert event.reminders_stopped_at is None


def test_the_event_of_an_activity_that_was_rolled_forward_begins_with_its_reminders_off(client_for):
    activity = make_activity(make_intake(), is_rolled_forward=True)

    client_for(make_user()).post(reverse("webinars:activity_make", args=[activity.pk]))

    assert Event.objects.get().reminders_stopped_at == LONG_BEFORE


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": Activity.Kind.OPEN_DAY},
        {"kind": Activity.Kind.CONFERENCE},
        {"state": "proposed"},
        {"last_on": date(2026, 4, 1)},
    ],
)
def test_what_is_no_webinar_of_the_plan_becomes_none(client_for, fields):
    activity = make_activity(make_intake(), **fields)

    response = client_for(make_user()).post(reverse("webinars:activity_make", args=[activity.pk]))

    assert (response.status_code, Event.objects.count()) == (403, 0)


def test_an_event_made_by_hand_is_linked_to_an_activity_that_has_none(client_for):
    taken = make_webinar()
    free, event = make_plan(), make_event(kind="webinar")
    url, client = reverse("events:activity_link", args=[event.pk]), client_for(make_user())

    answers = [client.post(url, {"activity": each.pk}) for each in (taken.event.activity, free)]

    assert [answer.status_code for answer in answers] == [200, 302]
    assert Event.objects.get(pk=event.pk).activity == free


def test_the_board_says_that_the_presenter_is_elsewhere_at_the_same_time(client_for):
    presenter = make_presenter()
    webinar = make_webinar(presenter=presenter)
    elsewhere = make_webinar(presenter=presenter, starts_at=START + timedelta(minutes=30))
    make_webinar(presenter=presenter, starts_at=START + timedelta(days=1))
    make_webinar(presenter=make_presenter())

    page = client_for(make_user()).get(board(webinar))

    assert page.context["page"].clashes == [elsewhere.event]
    assert board(elsewhere) in page.text


def test_a_cancelled_webinar_is_in_nobodys_way(client_for):
    presenter = make_presenter()
    webinar, cancelled = make_webinar(presenter=presenter), make_webinar(presenter=presenter)
    Event.objects.filter(pk=cancelled.event_id).update(
        cancelled_at=LONG_BEFORE, cancel_reason="Ill"
    )

    assert client_for(make_user()).get(board(webinar)).context["page"].clashes == []


def queries(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_a_board_asks_the_database_as_often_however_much_there_is(client_for):
    client, counts = client_for(make_user()), []
    for many in (1, 4):
        webinar = make_webinar(presenter=make_presenter(photo=make_file()))
        sign(webinar)
        for number in range(many):
            make_banner(webinar.event)
            make_registration(webinar.event)
            for channel in channels_of(webinar).values():
                Publication.objects.create(
                    activity=webinar.event.activity,
                    channel=channel,
                    planned_at=START,
                    published_at=START,
                    url=f"https://f.example/{number}",
                    published_by=make_user(),
                )
            webinar.ticks.create(key=f"{number}", done_at=START, done_by=make_user())
        counts.append(queries(client, board(webinar)))

    assert counts[0] == counts[1]


def test_the_list_of_presenters_asks_the_database_as_often_however_many_there_are(client_for):
    client, counts = client_for(make_user()), []
    for _ in range(2):
        for _ in range(2):
            make_webinar(presenter=make_presenter())
        counts.append(queries(client, reverse("webinars:presenter_list")))

    assert counts[0] == counts[1]


def test_a_presenter_is_kept_with_photo_and_consent(client_for):
    client = client_for(make_user())
    fields = {"name": "Ilze", "consented_on": "2026-01-05", "revision": 1}

    answers = [
        client.post(
            reverse("webinars:presenter_create"), {**fields, "photo_file": make_upload(*photo)}
        )
        for photo in (("cv.pdf", b"%PDF-1.7 ..."), ("ilze.png", PNG))
    ]

    assert [answer.status_code for answer in answers] == [200, 302]
    assert Presenter.objects.get().photo.is_picture
