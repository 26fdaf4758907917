"""A rehearsal on its pages: nothing is written, and messages go to the team alone."""

from datetime import UTC, timedelta

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events import reminders, tasks
from events.models import Event, Rehearsal, ReminderRule, ReminderText
from events.rehearsal.cast import CROWD
from events.rehearsal.read_only import WriteRefusedError, only_reading
from events.rehearsal.rehearsing import begin
from events.rehearsal.timeline import key_of
from events.rehearsal_page import scene
from events.views.event import get_event
from outbox.models import Message, Status
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_message,
    make_offer,
    make_registration,
    make_user,
    riga,
)

pytestmark = pytest.mark.django_db

NOW = START - timedelta(hours=4)


@pytest.fixture(autouse=True)
def afternoon(settings):
    arm_rules()
    settings.SITE_URL = "https://smm.example.org"
    with time_machine.travel(NOW, tick=False):
        yield


def make_rehearsal(event=None, team=None, *, nobody_joins=False, with_crowd=False):
    event = get_event((event or make_event(offer=make_offer())).pk)
    by = make_user()
    return begin(
        event,
        reminders.rules_of(event),
        [by] if team is None else team,
        nobody_joins=nobody_joins,
        with_crowd=with_crowd,
        by=by,
        now=NOW,
    )


def at(minutes):
    return START + timedelta(minutes=minutes)


def played(rehearsal):
    rehearsal.refresh_from_db()
    return scene(rehearsal, get_event(rehearsal.event_id))


def address(name, rehearsal):
    return reverse(f"events:rehearsal_{name}", args=[rehearsal.event_id, rehearsal.pk])


class Desk:
    """Somebody of the college at the page of a rehearsal."""

    def __init__(self, client, rehearsal):
        self.client, self.rehearsal = client, rehearsal

    def look(self):
        response = self.client.get(address("detail", self.rehearsal))
        assert response.status_code == 200
        return response.content.decode()

    def clock(self, do, **data):
        self.client.post(address("clock", self.rehearsal), {"do": do, **data})
        return self.look()

    def go_to(self, minutes):
        return self.clock("jump", to=f"{at(minutes):%Y-%m-%dT%H:%M}")

    def act(self, act, **data):
        self.client.post(address("act", self.rehearsal), {"act": act, **data})
        return self.look()

    def send(self, of, *users):
        return self.client.post(
            address("send", self.rehearsal),
            {"of": key_of(of), "to": [user.pk for user in users]},
            follow=True,
        )


@pytest.fixture
def desk(client_for):
    return lambda rehearsal: Desk(client_for(make_user()), rehearsal)


def everything():
    """Read every row of every table but those of rehearsals and of being signed in."""
    own = {"rehearsal", "rehearsal_recipients", "session"}
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.model_name not in own
    }


def test_a_whole_rehearsal_changes_no_row_of_anything_else(client_for, sent):
    event = make_event(offer=make_offer())
    for _ in range(3):
        make_registration(event, person={"offers_by_email_at": START})
    reminders.queue_due(NOW)
    make_message(due_at=NOW, not_before=NOW, status=Status.PLANNED)
    user = make_user()
    client = client_for(user)
    before = everything()

    created = client.post(
        reverse("events:rehearsal_create", args=[event.pk]),
        {"recipients": [user.pk], "with_crowd": "on"},
    )
    desk = Desk(client, Rehearsal.objects.get())
    for _ in range(6):
        desk.clock("next")
    desk.act("cancel", who="early")
    desk.act("register", who="new")
    desk.go_to(-16)
    desk.act("join", who="last_hour")
    desk.act("move", starts_at=f"{at(30):%Y-%m-%dT%H:%M}")
    desk.clock("next")
    desk.act("open_room")
    desk.go_to(39)
    desk.act("release")
    desk.act("start_late")
    desk.act("call_off")
    desk.send(at(-15), user)
    desk.clock("end")
    desk.clock("again")

    assert created.url == address("detail", desk.rehearsal)
    assert everything() == before
    assert sent == []


def test_nothing_can_be_written_while_it_is_played():
    event = make_event()

    with pytest.raises(WriteRefusedError), transaction.atomic(), only_reading():
        Event.objects.update(title="Changed")

    assert event.title == Event.objects.get().title


def test_every_row_that_is_played_is_unsaved():
    found = played(make_rehearsal())

    numbers = {registration.pk for step in found.steps for _w, registration in step.stage.people()}
    assert numbers
    assert max(numbers) < 0
    assert {step.stage.event.pk for step in found.steps} == {None}


def test_the_next_moment_is_told_and_then_played(desk):
    rehearsal = make_rehearsal()
    page = desk(rehearsal)
    page.go_to(-16)

    next_one = page.look()
    after = page.clock("next")

    assert "Next: 11 March 2026, 17:45" in next_one
    assert "11 March 2026, 17:45</time>" not in next_one
    assert "11 March 2026, 17:45</time>" in after
    assert "E-mail · handed over · 6" in after
    assert "SMS · handed over · 5" in after
    assert "no phone number" in after


def test_going_to_the_minute_it_is_keeps_what_happened_in_it(desk):
    page = desk(make_rehearsal())
    page.go_to(-20)
    page.act("cancel", who="early")

    page.go_to(-20)

    assert "Anna Ozola cancels the registration." in page.look()


def test_when_nobody_joins_the_moderator_is_asked_and_a_tap_releases(desk):
    rehearsal = make_rehearsal(make_event(moderator=make_user(full_name="Ilze")), nobody_joins=True)
    page = desk(rehearsal)
    assert "would now be asked" not in page.go_to(7)

    held = page.go_to(11)
    released = page.act("release")

    assert "Ilze would now be asked by e-mail" in held
    assert "SMS · held · 6" in held
    assert "would now be asked" not in released
    assert "SMS · handed over · 6" in released


def test_what_nobody_decides_on_expires_and_is_told_at_the_end(desk):
    text = desk(make_rehearsal(nobody_joins=True)).clock("end")

    assert "there is no moderator to decide: the marketing heads are asked" in text
    assert "is not sent to 6 people: when it could go it was of no use any more." in text


def test_what_is_not_possible_is_said_and_changes_nothing(desk):
    page = desk(make_rehearsal())
    page.go_to(-90)

    text = page.act("join", who="early")

    assert "It is too early: the link does not lead into the room yet." in text
    assert played(page.rehearsal).stage.feed().present == 0


def test_somebody_who_cancelled_can_register_again_and_gets_join_now(desk):
    page = desk(make_rehearsal())
    page.go_to(-10)

    page.act("register", who="cancels")

    fates = {person.who.key: person for person in played(page.rehearsal).people}["cancels"]
    assert ("join_now", "sms") in [(fate.row.rule.key, fate.row.medium) for fate in fates.got]


def test_a_missing_room_and_an_empty_field_are_told_at_the_end(desk):
    event = make_event(room_url="", offer=make_offer())
    ReminderText.objects.filter(rule__event_type="open_day", rule__key="before_15").update(
        email_body="{presenter} {join_link}"
    )

    text = desk(make_rehearsal(event)).clock("end")

    assert "There is no link to the room: nobody can join." in text
    assert "“We begin in 15 minutes” cannot be filled in: The field {presenter} is empty." in text
    assert "things would go wrong on the evening." in text


def test_a_long_sms_is_told_at_the_end(desk):
    ReminderText.objects.filter(rule__key="begun_10").update(sms_body="{join_link} " + "a" * 320)

    text = desk(make_rehearsal()).clock("end")

    assert "The SMS of “We have begun” has 3 parts: shorten it." in text


def test_a_rule_that_was_changed_too_late_is_told_at_the_end(desk):
    arm_rules(at(-10))

    text = desk(make_rehearsal()).clock("end")

    assert "“We begin in 15 minutes” goes to nobody: the rule was added or changed after" in text
    assert "“We have begun” goes to nobody" not in text


def test_a_mended_text_shows_at_once(desk):
    page = desk(make_rehearsal())
    page.go_to(-14)
    ReminderText.objects.filter(rule__key="before_15").update(email_subject="Mended at {time}")

    assert "Mended at 18:00" in page.look()


def test_those_really_registered_are_only_counted(desk):
    event = make_event(offer=make_offer())
    people = [make_registration(event).participant for _ in range(12)]
    people.append(make_registration(event, person={"phone": ""}).participant)
    page = desk(make_rehearsal(event, with_crowd=True))

    text = page.go_to(-14)

    assert "12 of those really registered" in text
    assert "E-mail · handed over · 19" in text
    stored = str(page.rehearsal.cast)
    for person in people:
        assert person.email not in text + stored
        assert person.last_name not in text + stored
    assert {each["count"] for each in page.rehearsal.cast if each["part"] == CROWD} == {12, 1}


def test_a_moment_is_sent_to_the_ticked_and_marked(client_for):
    head, moderator = make_user(language="en"), make_user(language="lv")
    other = make_user()
    rehearsal = make_rehearsal(team=[head, moderator])
    desk = Desk(client_for(head), rehearsal)
    desk.go_to(-14)

    desk.send(at(-15), head, moderator, other)
    assert mail.outbox == []
    answer = desk.send(at(-15), head, moderator)

    assert {to for letter in mail.outbox for to in letter.to} == {head.email, moderator.email}
    assert sorted({letter.subject.split("]")[0] for letter in mail.outbox}) == [
        "[Mēģinājums",
        "[Rehearsal",
    ]
    bodies = [letter.body for letter in mail.outbox if letter.to == [head.email]]
    assert len(bodies) == 4  # e-mail and SMS, in Latvian and in English
    assert all(body.startswith("[Rehearsal] On the evening: 11.03.2026 17:45") for body in bodies)
    assert "/j/for-a-test" in bodies[0]
    assert "8 messages went to the team, and none to a participant." in answer.content.decode()
    assert f"Sent to {head.full_name}" in desk.look()


def test_a_participant_gets_nothing_even_with_the_address_of_somebody_who_plays(client_for):
    head = make_user()
    rehearsal = make_rehearsal(team=[head])
    desk = Desk(client_for(head), rehearsal)
    desk.go_to(-14)
    played_by = [each.participant for _w, each in played(rehearsal).stage.people()]
    for person in played_by:
        make_registration(
            rehearsal.event,
            person={"email": person.email, "phone": person.phone, "first_name": person.first_name},
        )
    make_registration(rehearsal.event, person={"email": "head@example.org"})

    desk.send(at(-15), head)

    assert {to for letter in mail.outbox for to in letter.to} == {head.email}


def test_an_sms_goes_to_the_own_phone_where_the_provider_writes_to_anybody(client_for, sent):
    head, without = make_user(phone="+37126000001"), make_user()
    desk = Desk(client_for(head), make_rehearsal(team=[head, without]))
    desk.go_to(11)

    desk.send(at(10), head, without)

    assert {address for address, _ in sent} == {head.phone}
    assert {body.partition("]")[0] for _, body in sent} == {"[Rehearsal"}
    assert {to for letter in mail.outbox for to in letter.to} == {without.email}
    assert Message.objects.count() == 0


def test_who_works_here_no_more_gets_nothing(client_for):
    head, gone = make_user(), make_user()
    rehearsal = make_rehearsal(team=[head, gone])
    desk = Desk(client_for(head), rehearsal)
    desk.go_to(-14)
    gone.is_active = False
    gone.save(update_fields=["is_active"])

    desk.send(at(-15), gone)

    assert mail.outbox == []
    assert gone.email not in desk.look()


def test_a_moment_that_has_not_come_yet_cannot_be_sent(client_for):
    head = make_user()
    desk = Desk(client_for(head), make_rehearsal(team=[head]))

    assert desk.send(at(-15), head).status_code == 404
    assert mail.outbox == []


def test_the_pages_show_it_until_it_is_deleted(client_for):
    rehearsal = make_rehearsal()
    client = client_for(make_user())
    page = reverse("events:event_detail", args=[rehearsal.event_id])
    shown = client.get(page).content.decode()

    client.post(address("delete", rehearsal))

    assert f"by {rehearsal.created_by.full_name}" in shown
    assert address("detail", rehearsal) in shown
    assert address("detail", rehearsal) not in client.get(page).content.decode()
    assert Event.objects.count() == 1


def test_it_is_discarded_after_thirty_days():
    rehearsal = make_rehearsal()

    with time_machine.travel(NOW + timedelta(days=29), tick=False):
        tasks.discard_forgotten_imports()
        assert Rehearsal.objects.get() == rehearsal
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        tasks.discard_forgotten_imports()

    assert Rehearsal.objects.count() == 0


def test_an_event_that_moved_since_is_still_played_at_its_old_time(desk):
    rehearsal = make_rehearsal()
    Event.objects.update(starts_at=at(60), ends_at=at(150))

    text = desk(rehearsal).go_to(-14)

    assert "this rehearsal still plays the old one" in text
    assert "11 March 2026, 17:45</time>" in text


@pytest.mark.parametrize("fields", [{"cancelled_at": NOW, "cancel_reason": "Ill."}, "over"])
def test_an_event_that_does_not_take_place_any_more_is_not_rehearsed(client_for, fields):
    over = {"starts_at": NOW - timedelta(days=1)}
    event = make_event(**(over if fields == "over" else fields))
    client = client_for(make_user())

    address = reverse("events:rehearsal_create", args=[event.pk])

    assert client.get(address).status_code == 403
    shown = client.get(reverse("events:event_detail", args=[event.pk])).content.decode()
    assert address not in shown


PAGES = [
    ("get", "detail"),
    *(("post", name) for name in ("clock", "act", "send", "delete")),
]


@pytest.mark.parametrize(("method", "name"), PAGES)
def test_a_rehearsal_of_another_event_is_404(client_for, method, name):
    other = reverse(f"events:rehearsal_{name}", args=[make_event().pk, make_rehearsal().pk])

    assert getattr(client_for(make_user()), method)(other).status_code == 404


def test_the_page_asks_the_database_as_often_for_many_as_for_few(client_for):
    client = client_for(make_user())
    counts = []
    for people in (1, 40):
        event = make_event(offer=make_offer(title=f"{people}"))
        for number in range(people):
            consent = START if number % 2 else None
            make_registration(event, person={"offers_by_email_at": consent})
        desk = Desk(client, make_rehearsal(event, with_crowd=True))
        desk.clock("end")
        with CaptureQueriesContext(connection) as queries:
            desk.look()
        counts.append(len(queries))

    assert counts[1] == counts[0]


@pytest.mark.parametrize("start", [riga(2026, 3, 29, 18), riga(2026, 10, 25, 18)])
def test_on_the_day_of_a_clock_change_the_minutes_are_right(desk, start):
    page = desk(make_rehearsal(make_event(starts_at=start)))

    page.clock("end")

    times = {f"{step.at.astimezone(start.tzinfo):%H:%M}" for step in played(page.rehearsal).past}
    assert {"17:45", "18:10"} <= times
    early = played(page.rehearsal).steps[0].at.astimezone(start.tzinfo)
    assert f"{early:%H:%M}" == "18:00"
    assert (start.date() - early.date()).days == 7


@pytest.mark.parametrize("start", [riga(2026, 3, 29, 4, 30), riga(2026, 10, 25, 3, 30)])
def test_an_event_at_night_of_a_clock_change_keeps_its_fifteen_minutes(start):
    found = played(make_rehearsal(make_event(starts_at=start)))

    due = [
        step.at
        for step in found.steps
        if any(
            row.rule.key == "before_15" and row.status == Status.HANDED_OVER for row in step.news
        )
    ]

    # Subtracting on the wall clock would not see the hour that comes twice.
    assert due == [start.astimezone(UTC) - timedelta(minutes=15)]


def test_the_cast_is_chosen_by_the_rules():
    ReminderRule.objects.filter(event_type="open_day").exclude(key="confirmation").update(
        is_on=False
    )

    cast = make_rehearsal().cast

    assert [each["part"] for each in cast] == [
        *("early", "last_hour", "joins_late", "never_joins", "cancels")
    ]
