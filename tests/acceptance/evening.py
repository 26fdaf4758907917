"""An evening with a moved clock: what beat and a worker do at a moment, with a sandbox portal."""

from collections import Counter
from datetime import timedelta
from itertools import count

from django.conf import settings
from django.core import mail

from events import alerts, attendance, changes, reminders
from events.models import Event, Registration
from integrations.bitrix24.sandbox.people import add_person
from outbox import delivery, look_up
from outbox.models import Message
from tests.factories import START, make_participant, make_registration, make_user

MINUTE = timedelta(minutes=1)
DUE = START - 15 * MINUTE
EMAIL, SMS = "bitrix24_email", "bitrix24_sms"
_numbers = count(1)


def tick(now):
    """Do everything beat asks of a worker at one moment, and send until nothing is left."""
    reminders.queue_due(now)
    alerts.report_held(attendance.check_feeds(now), now)
    delivery.expire(now)
    alerts.report_expired(now)
    look_up.abandon_expired_leases(now)
    look_up.resolve_unclear(lambda: now)
    send(now)


def send(now):
    for channel in settings.MESSAGE_CHANNELS:
        delivery.send_due(channel, lambda: now)


def ticks(*minutes):
    """Do it at each of these minutes from the start."""
    for each in minutes:
        tick(START + timedelta(minutes=each))


def make_person(portal, **fields):
    """Make somebody with a contact of the same name, phone and e-mail in the portal."""
    number = next(_numbers)
    addresses = {"phone": f"+37120{number:06}", "email": f"anna{number}@example.com"}
    addresses |= {key: fields.pop(key) for key in tuple(addresses) if key in fields}
    contact = add_person(
        portal.portal, {"name": "Anna", "last_name": f"Ozola {number}"} | addresses
    )
    return make_participant(
        bitrix24_contact_id=contact,
        bitrix24_phone=addresses["phone"],
        bitrix24_email=addresses["email"],
        **addresses,
        **fields,
    )


def register(portal, event, times=1, person=None, **fields) -> list[Registration]:
    """Register people the portal knows, a week before the event unless told otherwise."""
    return [
        make_registration(event, participant=make_person(portal, **(person or {})), **fields)
        for _ in range(times)
    ]


def move(event, start, now):
    fresh = Event.objects.get(pk=event.pk)
    changes.move(fresh, start, start + timedelta(minutes=90), by_id=make_user().pk, now=now)


def cancel(event, now):
    fresh = Event.objects.get(pk=event.pk)
    return changes.cancel(fresh, "The presenter is ill.", by_id=make_user().pk, now=now)


def ledger(*, key="", **filters):
    """Return rule, medium, state and reason of each row, in the order of writing."""
    rows = Message.objects.filter(dispatch__reminder__isnull=False, **filters).order_by("pk")
    rows = rows.filter(dispatch__reminder__rule__key=key) if key else rows
    fields = ("dispatch__reminder__rule__key", "medium", "status", "reason")
    return list(rows.values_list(*fields))


def states(key, **filters):
    """Count a rule's rows by medium, state and reason."""
    return Counter(row[1:] for row in ledger(key=key, **filters))


def went(portal):
    """Return kind and address of what the portal sent, each as often as it was sent."""
    return Counter((message.kind, message.address) for message in portal.sent)


def everybody(registrations, kinds=("sms", "email")):
    """Return what `went` when each of these people got each kind once."""
    return Counter(
        (kind, getattr(each.participant, "phone" if kind == "sms" else "email"))
        for each in registrations
        for kind in kinds
    )


def letters_to_staff():
    """Return recipient, subject and text of every letter that went by the second route."""
    return [(letter.to[0], letter.subject, letter.body) for letter in mail.outbox]


def only(registration, medium, **filters):
    """Return the one message to somebody by a medium."""
    return Message.objects.get(participant=registration.participant, medium=medium, **filters)


def fault(portal, spec):
    """Let the portal fail as a line of the sandbox's page would."""
    portal.portal.faults.add_spec(spec)
