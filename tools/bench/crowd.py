"""Events with many people, and the one rule that is measured."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from events.models import Event, Preflight, Registration, ReminderDispatch, ReminderRule
from events.models.looks import new_request
from outbox.models import Attempt, Message, MessageQuerySet, Status
from people.models import Medium, Participant

GONE = (Status.HANDED_OVER, Status.DELIVERED)
RULE = "before_15"
LEAD = timedelta(minutes=15)


def only_rule(medium: Medium) -> None:
    """Leave one rule on, fifteen minutes before the start, by one medium."""
    ReminderRule.objects.update(armed_from=timezone.now() - timedelta(days=30), is_on=False)
    ReminderRule.objects.filter(key=RULE).update(
        is_on=True, by_email=medium == Medium.EMAIL, by_sms=medium == Medium.SMS
    )


def add_people(count: int, *, contacts: list[int] | None = None) -> list[int]:
    """Add participants, known in Bitrix24 if their contacts are given; return their ids."""
    people = []
    for number in range(count):
        email, phone = f"anna{number}@example.org", f"+3712{number:07}"
        contact = contacts[number] if contacts else 1_000_000 + number
        person = Participant(
            first_name="Anna",
            last_name=f"Ozola {number}",
            email=email,
            phone=phone,
            bitrix24_contact_id=contact,
            bitrix24_email=email,
            bitrix24_phone=phone,
        )
        person.fill_search_text()
        people.append(person)
    return [each.pk for each in Participant.objects.bulk_create(people, batch_size=2000)]


def replace_people(count: int, contacts: list[int] | None = None) -> list[int]:
    """Forget everybody and add so many people; return their ids."""
    for model in (Attempt, Message, ReminderDispatch, Registration, Participant):
        model._default_manager.all()._raw_delete("default")
    return add_people(count, contacts=contacts)


def make_event(people: list[int]) -> Event:
    """Make an event far away for which these people are registered since a week."""
    now = timezone.now()
    event = Event.objects.create(
        kind="open_day",
        title="Atvērto durvju diena",
        title_en="Open day",
        starts_at=now + timedelta(days=10),
        ends_at=now + timedelta(days=10, minutes=90),
        room_url="https://room.example.org/42",
        created_at=now - timedelta(days=30),
    )
    Registration.objects.bulk_create(
        (
            Registration(
                event=event,
                participant_id=person,
                source=Registration.Source.LIST,
                registered_at=now - timedelta(days=7),
                is_confirmed=False,
            )
            for person in people
        ),
        batch_size=2000,
    )
    return event


def make_due(event: Event, due_at: datetime) -> None:
    """Let the rule fall due at this moment, as it would for an event planned long ago.

    Its pre-flight lies three quarters of an hour back and must not run beside.
    """
    starts_at = due_at + LEAD
    Preflight.objects.create(
        event=event,
        occasion=Preflight.Occasion.HOUR_BEFORE,
        about_at=starts_at,
        at=starts_at - timedelta(hours=1),
        results={language: [] for language, _name in settings.LANGUAGES},
        is_ready=True,
    )
    Event.objects.filter(pk=event.pk).update(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        look_at=due_at,
        look_request=new_request(),  # a look that is going on knows the former time only
    )


def handed_over(event: Event) -> int:
    return messages_of(event).filter(status__in=GONE).count()


def lateness(event: Event, due_at: datetime) -> tuple[float, float]:
    """Return the seconds after the due moment of the first and of the last hand-over."""
    gone = messages_of(event).exclude(handed_over_at=None).order_by("handed_over_at")
    moments = gone.values_list("handed_over_at", flat=True)
    first, last = moments.first(), moments.last()
    if first is None or last is None:
        raise RuntimeError("Nothing was handed over.")
    return (first - due_at).total_seconds(), (last - due_at).total_seconds()


def messages_of(event: Event) -> MessageQuerySet:
    return Message.objects.filter(dispatch__reminder__event=event)
