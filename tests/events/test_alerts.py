"""What the moderator is told, once, by the second route."""

from datetime import timedelta

import pytest

from events import alerts, attendance, reminders
from events.models import EventAlert
from outbox import delivery
from outbox.models import Message, Reason, Status
from tests.factories import START, arm_rules, make_event, make_registration, make_user

pytestmark = pytest.mark.django_db


def letters():
    return [(row.address, row.subject, row.body) for row in Message.objects.exclude(user=None)]


@pytest.fixture(autouse=True)
def rules():
    arm_rules()


def test_the_moderator_is_asked_once_when_nobody_seems_to_be_in(sent):
    moderator = make_user(language="lv")
    make_registration(make_event(moderator=moderator))
    moment = START + timedelta(minutes=8)

    counts = [alerts.report_held(attendance.check_feeds(moment), moment) for _ in range(2)]

    [(address, _subject, body)] = letters()
    assert counts == [1, 0]
    assert address == moderator.email
    assert "18:25" in body


def test_nobody_is_asked_while_somebody_is_in(sent):
    event = make_event(moderator=make_user())
    attendance.press_join(make_registration(event), START + timedelta(minutes=1))

    assert attendance.check_feeds(START + timedelta(minutes=8)) == []


def test_expired_messages_are_listed_to_the_marketing_heads_of_an_event_without_moderator(sent):
    head = make_user()
    event = make_event()
    make_registration(event)
    moment = START + timedelta(minutes=6)
    reminders.queue_due(moment)
    delivery.expire(moment)

    counts = [alerts.report_expired(moment) for _ in range(2)]

    [(address, subject, body)] = letters()
    assert counts == [1, 0]
    assert address == head.email
    assert subject == "2 messages of Atvērto durvju diena came too late and were not sent"
    assert "SMS: 1" in body


def test_what_expired_while_everything_stood_still_for_hours_is_told(sent):
    make_user()
    make_registration()
    moment = START + timedelta(hours=20)
    reminders.queue_due(moment)

    assert alerts.report_expired(moment) == 1


def test_a_message_that_was_being_handed_over_when_its_use_ended_is_told_when_it_expires(sent):
    make_user()
    event = make_event()
    make_registration(event)
    make_registration(event)
    moment = START + timedelta(minutes=6)
    reminders.queue_due(moment)
    late = Message.objects.filter(participant__isnull=False).first()
    Message.objects.filter(pk=late.pk).update(status=Status.UNKNOWN, reason=Reason.UNCLEAR)
    delivery.expire(moment)
    counts = [alerts.report_expired(moment)]

    Message.objects.filter(pk=late.pk).update(status=Status.EXPIRED, reason=Reason.TOO_LATE)
    counts += [alerts.report_expired(moment + timedelta(minutes=2)) for _ in range(2)]

    assert counts == [1, 1, 0]
    assert {subject[0] for _address, subject, _body in letters()} == {"3", "4"}


def test_while_look_ups_go_on_a_moderator_is_not_written_to_for_each_that_expires(sent):
    make_user()
    event = make_event()
    make_registration(event)
    make_registration(event)
    moment = START + timedelta(minutes=6)
    reminders.queue_due(moment)
    first, second = Message.objects.filter(participant__isnull=False)[:2]
    in_look_up = {"status": Status.UNKNOWN, "reason": Reason.UNCLEAR, "look_up_at": moment}
    Message.objects.filter(pk__in=[first.pk, second.pk]).update(**in_look_up)
    delivery.expire(moment)
    counts = [alerts.report_expired(moment)]

    for each in (first, second):
        closed = {"status": Status.EXPIRED, "reason": Reason.TOO_LATE, "look_up_at": None}
        Message.objects.filter(pk=each.pk).update(**closed)
        counts.append(alerts.report_expired(moment + timedelta(seconds=10)))

    assert counts == [1, 0, 1]
    assert {subject[0] for _address, subject, _body in letters()} == {"2", "4"}


def test_an_alert_from_before_messages_were_counted_is_not_told_again(sent):
    make_user()
    make_registration(make_event())
    moment = START + timedelta(minutes=6)
    reminders.queue_due(moment)
    delivery.expire(moment)
    alerts.report_expired(moment)

    EventAlert.objects.update(count=0)

    assert alerts.report_expired(moment) == 0


def test_what_expires_later_at_the_same_event_is_told_too(sent):
    make_user()
    make_registration(make_event(kind="webinar"))
    moments = [START - timedelta(hours=2), START + timedelta(minutes=6)]
    counts = []
    for moment in moments:
        reminders.queue_due(moment)
        delivery.expire(moment)
        counts += [alerts.report_expired(moment) for _ in range(2)]

    assert counts == [1, 0, 1, 0]
