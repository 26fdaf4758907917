"""Acceptance 21: a backup of last night is restored after the reminders have gone."""

from collections import Counter
from datetime import timedelta

import pytest

from events import reminders
from events.models import Event, ReminderDispatch
from events.models.looks import AT_ONCE
from integrations.bitrix24.sandbox.people import add_person
from outbox import delivery, look_up, pause, restored
from outbox.models import Attempt, Dispatch, Generation, Message, Status
from tests.factories import START, arm_rules, make_event, make_registration

pytestmark = pytest.mark.django_db

CHANNELS = ("bitrix24_email", "bitrix24_sms")
DUE = START - timedelta(minutes=15)
NIGHT = DUE - timedelta(hours=15)
PEOPLE = 5


@pytest.fixture(autouse=True)
def own_memory(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    restored.forget()
    arm_rules()
    yield
    restored.forget()


def register(portal, event, number):
    address = {"phone": f"+3712000000{number}", "email": f"anna{number}@example.com"}
    contact = add_person(portal.portal, {"name": "Anna", "last_name": "Ozola"} | address)
    known = {f"bitrix24_{key}": value for key, value in address.items()}
    return make_registration(event, person=address | known | {"bitrix24_contact_id": contact})


def work(now):
    """Do what the worker does in a tick."""
    restored.look_now_and_then(now)
    reminders.queue_due(now)
    for channel in CHANNELS:
        delivery.send_due(channel, lambda: now)
    look_up.resolve_unclear(lambda: now)


def restore(number):
    """Bring the database back to the night: before anything of the event had been written."""
    Attempt.objects.all().delete()
    Message.objects.all().delete()
    ReminderDispatch.objects.all().delete()
    Dispatch.objects.all().delete()
    Event.objects.update(look_at=AT_ONCE)
    Generation.objects.update(number=number, at=NIGHT)


def statuses():
    return Counter(Message.objects.values_list("status", flat=True))


def received(portal):
    return Counter((each.kind, each.address) for each in portal.sent)


def test_21_after_a_restored_backup_sending_is_paused_and_nobody_is_written_to_twice(portal):
    event = make_event()
    for number in range(PEOPLE):
        register(portal, event, number)
    restored.look(NIGHT)
    number_at_night = Generation.objects.get().number
    work(DUE)
    before = received(portal)
    restore(number_at_night)
    forgotten = register(portal, event, PEOPLE)

    work(DUE + timedelta(minutes=2))
    stop = pause.current()
    work(DUE + timedelta(minutes=2, seconds=10))
    pause.resume(by_id=None, at=DUE + timedelta(minutes=3))
    for seconds in range(0, 60, 10):
        work(DUE + timedelta(minutes=3, seconds=seconds))

    assert sum(before.values()) == 2 * PEOPLE
    assert stop.restored_to == NIGHT
    assert statuses() == {Status.HANDED_OVER: 2 * (PEOPLE + 1)}
    person = forgotten.participant
    assert received(portal) == before + Counter([("email", person.email), ("sms", person.phone)])


def test_a_row_written_again_after_a_restore_has_the_key_it_had(portal):
    event = make_event()
    register(portal, event, 1)
    reminders.queue_due(DUE)
    keys = set(Message.objects.values_list("uid", flat=True))
    restore(0)

    reminders.queue_due(DUE + timedelta(minutes=1))

    assert len(keys) == 2
    assert set(Message.objects.values_list("uid", flat=True)) == keys


def test_the_same_person_at_another_time_or_once_more_has_other_keys(portal):
    event = make_event()
    registration = register(portal, event, 1)
    reminders.queue_due(DUE)
    Event.objects.update(starts_at=START + timedelta(hours=1), look_at=AT_ONCE)

    reminders.queue_due(DUE + timedelta(hours=1))

    keys = registration.participant.messages.values_list("uid", flat=True)
    assert len(keys) == len(set(keys)) == 4
