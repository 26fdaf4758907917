"""The staff pages of an event, as a browser without JavaScript uses them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from events import attendance, changes, reminders
from events.models import Event, Evidence, ReminderRule
from events.models.looks import AT_ONCE
from outbox import delivery
from outbox.models import Message, Status
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_offer,
    make_registration,
    make_user,
    riga,
)

pytestmark = pytest.mark.django_db

BEFORE = START - timedelta(days=2)


@pytest.fixture(autouse=True)
def rules():
    arm_rules()


@pytest.fixture
def client(client_for):
    return client_for(make_user())


@pytest.fixture
def at():
    """Set the clock of views to a moment."""
    travels = []

    def travel(moment):
        travels.append(time_machine.travel(moment, tick=False))
        travels[-1].start()

    travel(BEFORE)
    yield travel
    for each in reversed(travels):
        each.stop()


def run(now):
    reminders.queue_due(now)
    delivery.send_due("recording", lambda: now)


def url(name, *args):
    return reverse(f"events:{name}", args=args)


def page(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def rule(key, kind="open_day"):
    return ReminderRule.objects.get(event_type=kind, key=key)


@pytest.mark.parametrize("name", ["event_list", "event_new"])
def test_pages_without_an_event(client, at, name):
    assert client.get(url(name)).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "event_detail",
        "event_messages",
        "event_registrations",
        "event_update",
        "event_move",
        "event_cancel",
        "event_copy",
        "event_stop",
        "event_resume",
        "event_live",
    ],
)
def test_pages_of_an_event(client, at, name):
    event = make_registration().event

    assert client.get(url(name, event.pk)).status_code == 200


def test_the_list_shows_upcoming_events_with_their_figures_and_the_next_message(client, at):
    event = make_event(title_en="Spring open day")
    attendance.press_join(make_registration(event), START)
    make_registration(event)
    make_registration(event, cancelled_at=BEFORE)
    make_event(title_en="Long gone", starts_at=BEFORE - timedelta(days=1))

    response = client.get(url("event_list"))

    [row] = response.context["rows"]
    assert (row.event.registered, row.event.joined) == (2, 1)
    assert (row.next_rule.key, row.next_due_at) == ("before_15", START - timedelta(minutes=15))
    assert "Spring open day" in page(response)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Ahead", "Talk"]),
        ("?kind=webinar", ["Talk"]),
        ("?when=past", ["Gone"]),
        ("?when=cancelled", ["Off"]),
        ("?when=all", ["Talk", "Off", "Ahead", "Gone"]),
        ("?q=ahe", ["Ahead"]),
        ("?when=nonsense", ["Ahead", "Talk"]),
        ("?page=99", ["Ahead", "Talk"]),
    ],
)
def test_the_list_is_narrowed_down(client, at, query, titles):
    make_event(title="Ahead", title_en="")
    make_event(title="Talk", title_en="", kind="webinar", starts_at=START + timedelta(days=2))
    make_event(title="Gone", title_en="", starts_at=BEFORE - timedelta(days=1))
    off = make_event(title="Off", title_en="", starts_at=START + timedelta(days=1))
    changes.cancel(off, "No room.", by_id=make_user().pk, now=BEFORE)

    response = client.get(url("event_list") + query)

    assert [row.event.title for row in response.context["rows"]] == titles


def test_the_list_finds_a_title_whatever_its_case(client, at):
    make_event(title="Ādažu atvērtā diena")

    response = client.get(url("event_list") + "?q=ādažu diena")

    assert [row.event.title for row in response.context["rows"]] == ["Ādažu atvērtā diena"]


def test_an_empty_list_has_one_next_action(client, at):
    text = page(client.get(url("event_list")))

    assert "No event is coming up." in text
    assert f'<a class="btn btn-primary" href="{url("event_new")}">Add an event</a>' in text


def test_a_new_open_day_takes_an_hour_and_a_half_and_the_offer_of_its_day(client, at):
    offer = make_offer()
    make_offer(first_day="2026-03-16", last_day="2026-03-22")

    response = client.post(url("event_create", "open_day"), new_event(starts_at="2026-03-11T18:00"))

    event = Event.objects.get()
    assert response.url == url("event_detail", event.pk)
    assert (event.kind, event.starts_at, event.ends_at) == (
        "open_day",
        riga(2026, 3, 11, 18),
        riga(2026, 3, 11, 19, 30),
    )
    assert event.offer == offer
    assert event.reminders_stopped_at is None


def test_a_paid_webinar_has_its_presenter_and_price(client, at):
    fields = new_event(starts_at="2026-03-11T18:00", ends_at="2026-03-11T19:00")
    fields |= {"presenter": "Ilze Liepa", "price": "15.50", "currency": "eur"}

    client.post(url("event_create", "webinar"), fields)

    event = Event.objects.get()
    assert (event.presenter, str(event.price), event.currency) == ("Ilze Liepa", "15.50", "EUR")
    assert event.ends_at == riga(2026, 3, 11, 19)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts_at": "2026-03-29T03:30"}, "there is no 03:30. Choose 04:30"),
        ({"starts_at": "2026-03-11T18:00", "ends_at": "2026-03-11T17:00"}, "must end after it"),
        ({"starts_at": ""}, "This field is required."),
        ({"starts_at": "2026-03-11T18:00", "title": ""}, "This field is required."),
        ({"starts_at": "2026-03-11T18:00", "price": "-1"}, "A price is not below zero."),
    ],
)
def test_a_mistake_in_a_new_event_is_said_beside_its_field(client, at, fields, sentence):
    response = client.post(url("event_create", "webinar"), new_event(**fields))

    assert sentence in page(response)
    assert list(Event.objects.all()) == []


def test_an_hour_that_comes_twice_means_the_first(client, at):
    client.post(url("event_create", "webinar"), new_event(starts_at="2026-10-25T03:30"))

    assert Event.objects.get().starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_doubts_about_an_event_are_said_and_keep_nobody_from_saving(client, at):
    make_event(title_en="Evening webinar", starts_at=BEFORE - timedelta(minutes=30))
    start = f"{BEFORE - timedelta(minutes=10):%Y-%m-%dT%H:%M}"

    response = client.post(
        url("event_create", "open_day"), new_event(starts_at=start, room_url=""), follow=True
    )

    text = page(response)
    assert "There is no link to the room: nobody can join." in text
    assert "The start is in the past: reminders before it are not sent." in text
    assert "Another event is at the same time: Evening webinar, 09 Mar 2026, 17:30." in text
    assert "No offer holds on that day yet" in text


def test_editing_changes_the_details_and_not_the_time(client, at):
    event = make_event()

    response = client.post(
        url("event_update", event.pk),
        new_event(title="Jauns nosaukums", starts_at="2026-01-01T00:00"),
    )

    event.refresh_from_db()
    assert response.url == url("event_detail", event.pk)
    assert (event.title, event.starts_at) == ("Jauns nosaukums", START)


def test_two_who_edit_an_event_at_once_lose_nothing(client, client_for, at):
    event = make_event(room_url="https://room.example.org/1")
    ilze = client_for(make_user(full_name="Ilze Kalniņa"))
    address = url("event_update", event.pk)
    ilze.post(address, new_event(room_url="https://room.example.org/2"))

    told = client.post(address, new_event(title="Jauns nosaukums"))
    event.refresh_from_db()
    kept = event.room_url
    again = told.context["form"]
    client.post(address, {name: again[name].value() or "" for name in again.fields})
    event.refresh_from_db()

    assert "Ilze Kalniņa saved this while you were writing" in page(told)
    differences = {each.label: (each.saved, each.own) for each in again.conflict.differences}
    assert differences["Link to the room"] == (
        "https://room.example.org/2",
        "https://room.example.org/1",
    )
    assert kept == "https://room.example.org/2"
    assert (event.title, event.room_url) == ("Jauns nosaukums", "https://room.example.org/1")


@pytest.mark.parametrize("chosen", ["as the page showed it", ""])
def test_an_offer_that_nobody_chose_is_no_difference_between_two_editors(client, at, chosen):
    event = make_event()
    offer = make_offer()
    # Somebody changed the presenter from elsewhere; the offer came after the event was saved.
    Event.objects.filter(pk=event.pk).update(revision=2, offer=None)
    form = client.get(url("event_update", event.pk)).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"revision": 1}
    seen = typed["offer"]

    told = client.post(
        url("event_update", event.pk),
        typed | {"title": "Jauns nosaukums", "offer": chosen and seen},
    )

    assert seen == offer.pk
    differences = told.context["form"].conflict.differences
    assert [(each.label, each.own) for each in differences] == [("Title", "Jauns nosaukums")]


def test_another_offer_that_somebody_chose_is_a_difference(client, client_for, at):
    event, offer = make_event(), make_offer()
    other = make_offer(title="Cita", title_en="Other")
    fields = {"room_url": event.room_url, "title_en": event.title_en}
    client_for(make_user()).post(url("event_update", event.pk), new_event(**fields, offer=other.pk))

    told = client.post(url("event_update", event.pk), new_event(**fields, offer=offer.pk))

    differences = told.context["form"].conflict.differences
    assert [(each.label, each.saved, each.own) for each in differences] == [
        ("Offer", str(other), str(offer))
    ]


def test_of_a_change_that_does_not_stand_in_the_form_it_is_not_said_that_both_say_the_same(
    client, at
):
    event = make_event()
    # As the change of a whole series, which moves the event.
    Event.objects.filter(pk=event.pk).update(revision=2)

    told = client.post(
        url("event_update", event.pk),
        new_event(room_url=event.room_url, title_en=event.title_en),
    )

    assert told.context["form"].conflict.differences == []
    assert "something that does not stand in this form was changed" in page(told)


def test_an_edited_event_is_looked_at_again_and_takes_the_offer_of_its_day(client, at):
    event = make_event(with_offer=False)
    offer = make_offer()
    Event.objects.filter(pk=event.pk).update(look_at=None, offer=None)

    client.post(url("event_update", event.pk), new_event())

    event.refresh_from_db()
    assert (event.look_at, event.offer) == (AT_ONCE, offer)


def test_a_move_first_says_what_it_will_do_and_then_does_it(client, at, sent):
    event = make_event()
    make_registration(event, is_confirmed=True)
    make_registration(event)
    run(BEFORE)
    times = {"starts_at": "2026-03-11T19:00", "ends_at": "", "reason": "The hall is taken."}

    asked = client.post(url("event_move", event.pk), times)
    event.refresh_from_db()
    start_before = event.starts_at
    done = client.post(url("event_move", event.pk), {**times, "confirmed": "on"}, follow=True)
    event.refresh_from_db()

    assert '<input type="hidden" name="reason" value="The hall is taken.">' in page(asked)
    assert "11 Mar 2026, 18:00 → 11 Mar 2026, 19:00: The hall is taken." in page(done)

    assert "1 person was told 18:00 and will get one message with 19:00." in page(asked)
    assert start_before == START
    assert (event.starts_at, event.ends_at) == (
        START + timedelta(hours=1),
        START + timedelta(hours=1, minutes=90),
    )


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        (
            {"starts_at": "2026-03-12T18:00"},
            "1 person was told 11 Mar 2026, 18:00 and will get one message with "
            "12 Mar 2026, 18:00.",
        ),
        (
            {"starts_at": "2026-03-11T18:00", "ends_at": "2026-03-11T20:00"},
            "The start stays as it is, so nobody is written to.",
        ),
        (
            {"starts_at": "2026-03-11T18:04"},
            "The start shifts by less than five minutes, so it is not announced.",
        ),
        ({"starts_at": "2026-03-11T18:00"}, "It takes place at this time already."),
    ],
)
def test_a_move_says_what_kind_of_move_it_is(client, at, sent, times, sentence):
    event = make_event()
    make_registration(event, is_confirmed=True)
    run(BEFORE)

    assert sentence in page(client.post(url("event_move", event.pk), times))


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "warning"),
    [
        ("2026-03-11T17:30", "2026-03-11T19:00", "By the new time the event has begun: nobody is"),
        ("2026-03-11T15:00", "2026-03-11T16:30", "By the new time the event is over: nobody is"),
    ],
)
def test_a_move_into_the_past_is_a_warning_that_says_what_it_means_for_the_reminders(
    client, at, sent, starts_at, ends_at, warning
):
    event = make_event()
    make_registration(event, is_confirmed=True)
    run(BEFORE)
    at(START - timedelta(minutes=20))

    asked = page(
        client.post(url("event_move", event.pk), {"starts_at": starts_at, "ends_at": ends_at})
    )

    assert 'class="notice is-warning"' in asked
    assert f"<strong>The new start is in the past.</strong> {warning}" in asked
    assert f"1 person was told 18:00 and will get one message with {starts_at[-5:]}." in asked


@pytest.mark.parametrize(
    "times",
    [
        {"starts_at": "2026-03-11T19:00", "ends_at": ""},
        {"starts_at": "2026-03-11T18:00", "ends_at": "2026-03-11T20:30"},
    ],
    ids=["to come", "begun, lasts longer"],
)
def test_other_moves_are_no_warning(client, at, times):
    event = make_event()
    at(START + timedelta(minutes=20))

    asked = page(client.post(url("event_move", event.pk), times))

    assert "Move the event" in asked
    assert 'class="notice is-info"' in asked
    assert "in the past" not in asked


def test_a_past_event_moved_within_the_past_tells_nobody_and_says_so(client, at, sent):
    event = make_event()
    make_registration(event, is_confirmed=True)
    run(BEFORE)
    moment = START + timedelta(hours=3)
    at(moment)
    times = {"starts_at": "2026-03-11T17:00", "ends_at": ""}

    asked = page(client.post(url("event_move", event.pk), times))
    client.post(url("event_move", event.pk), {**times, "confirmed": "on"})
    before = len(sent)
    run(moment)
    run(moment + timedelta(minutes=10))

    assert "so nobody is told of the new one." in asked
    assert "was told 18:00" not in asked
    assert before == len(sent) == 1


def test_the_second_step_of_a_move_sends_what_the_first_was_given(client, at):
    event = make_event()

    asked = page(client.post(url("event_move", event.pk), {"starts_at": "2026-03-12T17:00"}))

    assert '<input type="hidden" name="starts_at" value="2026-03-12T17:00">' in asked
    assert '<input type="hidden" name="ends_at" value="2026-03-12T18:30">' in asked
    assert '<input type="hidden" name="confirmed" value="on">' in asked


def test_cancelling_says_how_many_get_a_notice_and_needs_a_reason(client, at):
    event = make_event()
    make_registration(event)
    make_registration(event, person={"email": "", "phone": ""})
    make_registration(event, cancelled_at=BEFORE)

    asked = page(client.get(url("event_cancel", event.pk)))
    without = client.post(url("event_cancel", event.pk), {"reason": " "})
    event.refresh_from_db()
    went_on = event.cancelled_at
    client.post(url("event_cancel", event.pk), {"reason": "The presenter is ill."})
    event.refresh_from_db()

    assert "1 person gets one notice that the event is cancelled" in asked
    assert "This field is required." in page(without)
    assert went_on is None
    assert (event.cancelled_at, event.cancel_reason) == (BEFORE, "The presenter is ill.")


def test_switching_on_first_shows_what_would_go_out(client, at):
    event = make_event()
    make_registration(event)
    changes.stop_reminders(event, "Waiting for the room.", BEFORE)

    overview = page(client.get(url("event_detail", event.pk)))
    preview = page(client.get(url("event_resume", event.pk)))
    client.post(url("event_resume", event.pk))
    event.refresh_from_db()

    assert "1 e-mail held: sending for this event is stopped" in overview
    assert "1 e-mail planned" in preview
    assert event.reminders_stopped_at is None


def test_stopping_keeps_the_reason(client, at):
    event = make_event()

    client.post(url("event_stop", event.pk), {"reason": "Waiting for the room."})
    event.refresh_from_db()

    assert (event.reminders_stopped_at, event.reminders_stop_reason) == (
        BEFORE,
        "Waiting for the room.",
    )


def test_one_rule_can_be_off_for_one_event(client, at, sent):
    event, other = make_event(), make_event()
    make_registration(event)
    make_registration(other)

    client.post(url("event_rule_off", event.pk, rule("before_15").pk))
    overview = page(client.get(url("event_detail", event.pk)))
    run(START - timedelta(minutes=15))

    assert "off for this event" in overview
    assert {m.dispatch.reminder.event_id for m in Message.objects.all()} == {other.pk}


def test_a_rule_switched_on_again_goes_out(client, at, sent):
    event = make_event()
    make_registration(event)
    event.rules_off.add(rule("before_15"))

    client.post(url("event_rule_on", event.pk, rule("before_15").pk))
    run(START - timedelta(minutes=15))

    assert Message.objects.filter(status=Status.HANDED_OVER).count() == 2


def test_a_rule_of_another_kind_cannot_be_switched(client, at):
    event = make_event()

    response = client.post(url("event_rule_off", event.pk, rule("tomorrow", "webinar").pk))

    assert response.status_code == 404


def test_what_goes_out_is_said_before_it_does(client, at):
    event = make_event(offer=make_offer())
    make_registration(event, person={"offers_by_email_at": BEFORE})
    make_registration(event, person={"phone": "+37167000000"})
    make_registration(event, person={"email": ""})

    lines = client.get(url("event_detail", event.pk)).context["lines"]

    said = {line.rule.key: line for line in lines}
    assert [part.words for part in said["before_15"].going] == [
        "2 e-mails planned",
        "2 SMS planned",
    ]
    assert [part.words for part in said["before_15"].left_out] == [
        "1 e-mail skipped: no e-mail address",
        "1 SMS skipped: the phone number cannot receive SMS",
    ]
    assert [part.words for part in said["offer"].going] == ["1 e-mail planned"]
    assert said["cancelled"].when == "if the event is cancelled"
    assert said["confirmation"].state == "always"


def test_what_became_of_it_is_one_line_with_reasons_and_lateness(client, at, sent):
    event = make_event()
    make_registration(event)
    make_registration(event, person={"phone": ""})
    reminders.queue_due(START - timedelta(minutes=15))
    delivery.send_due("recording", lambda: START - timedelta(minutes=15) + timedelta(seconds=6))
    at(START - timedelta(minutes=14))

    response = client.get(url("event_detail", event.pk))

    [became] = response.context["outcomes"]
    assert [part.words for part in became.parts] == [
        "2 e-mails handed over (median 6 s, last 6 s after due)",
        "1 SMS handed over (median 6 s, last 6 s after due)",
        "1 SMS skipped: no phone number",
    ]
    assert f"?event={event.pk}&amp;status=handed_over" in page(response)


def test_what_was_sent_for_an_earlier_time_stands_on_its_own(client, at, sent):
    event = make_event()
    make_registration(event)
    run(START - timedelta(minutes=15))
    for hours, minutes in ((1, -10), (2, 10)):
        start = START + timedelta(hours=hours)
        now = START + timedelta(minutes=minutes)
        changes.move(event, start, start + timedelta(hours=1), by_id=make_user().pk, now=now)
        run(now)
    at(START + timedelta(minutes=30))

    shown = client.get(url("event_detail", event.pk))

    assert [
        (each.rule.key, each.earlier_start, each.is_earlier) for each in shown.context["outcomes"]
    ] == [("before_15", START, True), ("moved", None, True), ("moved", None, False)]
    assert "for the earlier time, 11 Mar 2026, 18:00" in page(shown)
    assert page(shown).count("of an earlier change") == 1


def test_the_full_list_names_who_gets_it_and_who_does_not_before_it_is_due(client, at):
    event = make_event()
    make_registration(event, person={"first_name": "Līga", "last_name": "Kalniņa"})
    make_registration(event, person={"first_name": "Juris", "last_name": "Bērziņš", "phone": ""})

    skipped = client.get(
        url("event_messages", event.pk), {"rule": rule("before_15").pk, "outcome": "skipped"}
    )
    searched = client.get(
        url("event_messages", event.pk), {"rule": rule("before_15").pk, "q": "kalnina"}
    )

    assert lines_of(skipped) == [("Juris Bērziņš", "sms", "skipped", "no_phone")]
    assert lines_of(searched) == [
        ("Līga Kalniņa", "email", "planned", ""),
        ("Līga Kalniņa", "sms", "planned", ""),
    ]


def test_the_full_list_is_the_ledger_once_it_was_due(client, at, sent):
    event = make_event()
    make_registration(event, person={"first_name": "Līga", "last_name": "Kalniņa", "phone": ""})
    run(START - timedelta(minutes=15))

    response = client.get(url("event_messages", event.pk), {"rule": rule("before_15").pk})

    assert lines_of(response) == [
        ("Līga Kalniņa", "sms", "skipped", "no_phone"),
        ("Līga Kalniņa", "email", "handed_over", ""),
    ]
    assert "As it went" in page(response)


def test_people_are_listed_searched_and_filtered(client, at):
    event = make_event()
    came = make_registration(event, person={"first_name": "Līga", "last_name": "Kalniņa"})
    make_registration(event, person={"first_name": "Juris", "last_name": "Bērziņš"})
    attendance.press_join(came, START)

    found = {
        query: [str(each.participant) for each in client.get(people(event) + query).context["page"]]
        for query in (
            "",
            "?q=berzins",
            "?attendance=present",
            "?attendance=unknown",
            "?source=staff",
        )
    }

    assert found == {
        "": ["Līga Kalniņa", "Juris Bērziņš"],
        "?q=berzins": ["Juris Bērziņš"],
        "?attendance=present": ["Līga Kalniņa"],
        "?attendance=unknown": ["Juris Bērziņš"],
        "?source=staff": [],
    }
    assert "pressed “Join”, 11 Mar 2026, 18:00" in page(client.get(people(event)))


def test_staff_say_who_came_and_take_it_back(client, at):
    registration = make_registration()
    states = []

    for minute, name in enumerate(("mark_present", "mark_absent", "mark_take_back")):
        at(START + timedelta(minutes=minute))
        client.post(url(name, registration.pk), {"next": people(registration.event) + "?q=a"})
        registration.refresh_from_db()
        states.append(registration.attendance)

    assert states == ["present", "absent", ""]
    assert (registration.joined_at, registration.join_count) == (None, 0)
    assert list(Evidence.objects.all()) == []


def test_taking_back_leaves_what_other_evidence_says(client, at):
    registration = make_registration()
    attendance.press_join(registration, START)
    client.post(url("mark_absent", registration.pk))

    client.post(url("mark_take_back", registration.pk))

    registration.refresh_from_db()
    assert (registration.attendance, registration.joined_at) == ("present", START)


def test_a_mark_returns_to_our_own_page_only(client, at):
    registration = make_registration()
    own = people(registration.event) + "?page=2"

    back = client.post(url("mark_present", registration.pk), {"next": own})
    elsewhere = client.post(url("mark_absent", registration.pk), {"next": "https://evil.example"})

    assert (back.url, elsewhere.url) == (own, people(registration.event))


def test_the_moderator_releases_the_held_message_with_one_tap(client_for, at, sent):
    moderator = make_user(role=Role.UNIT_HEAD)
    event = held_event(moderator)
    client = client_for(moderator)
    at(START + timedelta(minutes=11))

    asked = page(client.get(url("event_detail", event.pk)))
    client.post(url("no_show_release", event.pk))
    run(START + timedelta(minutes=11))

    assert "The SMS to those who have not joined is held." in asked
    assert "Release: they are missing" in asked
    assert [m.dispatch.reminder.rule.key for m in Message.objects.filter(attempts=1)] == [
        "begun_10"
    ]


def test_the_moderator_says_that_it_starts_late(client_for, at, sent):
    moderator = make_user(role=Role.UNIT_HEAD)
    event = held_event(moderator)
    at(START + timedelta(minutes=11))

    client_for(moderator).post(url("start_late", event.pk))
    run(START + timedelta(minutes=11))

    assert {
        m.dispatch.reminder.rule.key: m.status for m in Message.objects.filter(medium="sms")
    } == {
        "before_15": Status.EXPIRED,
        "begun_10": Status.SKIPPED,
        "late_start": Status.HANDED_OVER,
    }


@pytest.mark.parametrize("name", ["no_show_release", "start_late"])
def test_a_decision_that_comes_too_late_changes_nothing(client, at, sent, name):
    event = held_event(None)
    at(START + timedelta(minutes=26))

    response = client.post(url(name, event.pk), follow=True)

    event.refresh_from_db()
    assert (event.no_show_released_at, event.starts_late_at) == (None, None)
    assert "There is nothing to decide any more." in page(response)


def test_the_room_is_opened_by_its_button(client, at):
    event = make_event()
    at(START - timedelta(minutes=2))

    before = page(client.get(url("event_detail", event.pk)))
    client.post(url("room_open", event.pk))
    event.refresh_from_db()

    assert "The room is open" in before
    assert event.room_opened_at == START - timedelta(minutes=2)
    assert "The room is open since 17:58." in page(client.get(url("event_detail", event.pk)))


def test_near_its_time_the_page_looks_for_new_figures_by_itself(client, at):
    event = make_event()
    far = page(client.get(url("event_detail", event.pk)))
    at(START - timedelta(minutes=29))

    near = page(client.get(url("event_detail", event.pk)))

    assert ("hx-trigger" in far, "http-equiv" in far) == (False, False)
    assert 'hx-trigger="every 5s"' in near
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in near


def test_live_figures_come_only_when_something_changed(client, at):
    registration = make_registration()
    at(START)
    mark = client.get(url("event_detail", registration.event_id)).context["live_mark"]
    live = url("event_live", registration.event_id) + f"?seen={mark}"

    unchanged = client.get(live)
    attendance.press_join(registration, START)
    changed = client.get(live)

    assert unchanged.status_code == 204
    assert changed.context["live"].present == 1
    assert "<html" not in page(changed)


@pytest.mark.parametrize(
    ("language", "date"), [("lv", "2026. gada 11. marts, 18:00"), ("en", "11 March 2026, 18:00")]
)
def test_dates_are_written_in_the_language_of_the_page(client_for, at, language, date):
    event = make_event()

    response = client_for(make_user(language=language)).get(url("event_detail", event.pk))

    assert date in page(response)


def new_event(**fields):
    return {
        "title": "Atvērto durvju diena",
        "entry": "personal_link",
        "room_url": "https://room.example.org/1",
        "currency": "EUR",
        "with_offer": "on",
        "registration_open": "on",
        "revision": 1,
        **fields,
    }


def people(event):
    return url("event_registrations", event.pk)


def lines_of(response):
    return [
        (str(line.participant), line.medium, line.status, line.reason)
        for line in response.context["lines"]
    ]


def held_event(moderator):
    """Give an event ten minutes after its start, with nobody in the room."""
    event = make_event(moderator=moderator)
    make_registration(event)
    attendance.check_feeds(START + timedelta(minutes=9))
    run(START + timedelta(minutes=10))
    event.refresh_from_db()
    return event


def test_the_release_counts_only_those_an_sms_can_reach(client, at, sent):
    event = make_event()
    make_registration(event)
    make_registration(event, person={"phone": ""})
    attendance.check_feeds(START + timedelta(minutes=9))
    run(START + timedelta(minutes=10))
    at(START + timedelta(minutes=11))

    shown = page(client.get(url("event_detail", event.pk)))

    assert "1 person gets an SMS with the link." in shown


def test_a_move_by_the_start_alone_keeps_the_length(client, at):
    event = make_event()
    form = client.get(url("event_move", event.pk)).context["form"]

    client.post(url("event_move", event.pk), {"starts_at": "2026-03-12T20:00", "confirmed": "on"})

    event.refresh_from_db()
    assert form["ends_at"].value() is None
    assert (event.starts_at, event.ends_at) == (
        riga(2026, 3, 12, 20),
        riga(2026, 3, 12, 21, 30),
    )
