"""Plain functions that make the things tests talk about; each app adds its own."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Role, Unit, User
from documents.models import Document
from events.models import Event, Offer, OfferLine, Registration, ReminderRule
from goals.models import CheckIn, Goal, Indicator, Series, Year
from kpi.models import Channel as KpiChannel
from kpi.models import Reading
from kpi.periods import Span
from kpi.store import Value, write
from outbox.models import Dispatch, Message
from people.models import Participant
from work.models import RecurringTask, Task

PASSWORD = "correct-horse-battery"
_numbers = count(1)


def make_unit(**fields: Any) -> Unit:
    fields.setdefault("name", f"Unit {next(_numbers)}")
    return Unit.objects.create(**fields)


def make_user(**fields: Any) -> User:
    """Make a marketing head who signs in with `PASSWORD`, unless told otherwise."""
    number = next(_numbers)
    fields.setdefault("email", f"person{number}@college.example")
    fields.setdefault("full_name", f"Person {number}")
    fields.setdefault("role", Role.MARKETING_HEAD)
    fields.setdefault("language", "en")
    fields.setdefault("password", PASSWORD)
    if fields["role"] == Role.UNIT_HEAD:
        fields.setdefault("unit", make_unit())
    return User.objects.create_user(**fields)


def riga(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Give a moment by the wall clock in Riga."""
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Riga"))


START = riga(2026, 3, 11, 18)
"""When an event of these tests begins, unless told otherwise: a Wednesday."""


def make_participant(**fields: Any) -> Participant:
    """Make somebody who can be reached by e-mail and SMS, and is known in Bitrix24."""
    number = next(_numbers)
    fields.setdefault("first_name", "Anna")
    fields.setdefault("last_name", f"Ozola{number}")
    fields.setdefault("email", f"anna{number}@example.org")
    fields.setdefault("phone", f"+3712{number:07}")
    fields.setdefault("bitrix24_contact_id", 1000 + number)
    return Participant.objects.create(**fields)


def make_event(**fields: Any) -> Event:
    """Make an open day of an hour and a half, long announced, with a room."""
    fields.setdefault("kind", "open_day")
    fields.setdefault("title", "Atvērto durvju diena")
    fields.setdefault("title_en", "Open day")
    fields.setdefault("starts_at", START)
    fields.setdefault("ends_at", fields["starts_at"] + timedelta(minutes=90))
    fields.setdefault("room_url", "https://room.example.org/42")
    fields.setdefault("created_at", fields["starts_at"] - timedelta(days=30))
    return Event.objects.create(**fields)


def make_registration(event: Event | None = None, **fields: Any) -> Registration:
    """Register somebody a week before the event; `confirm=True` would send a confirmation."""
    event = event or make_event()
    fields.setdefault("participant", make_participant(**fields.pop("person", {})))
    fields.setdefault("source", Registration.Source.LIST)
    fields.setdefault("registered_at", event.starts_at - timedelta(days=7))
    fields.setdefault("is_confirmed", False)
    return Registration.objects.create(event=event, **fields)


def make_offer(**fields: Any) -> Offer:
    fields.setdefault("title", "Pavasara cena")
    fields.setdefault("title_en", "Spring price")
    fields.setdefault("first_day", date(2026, 3, 9))
    fields.setdefault("last_day", date(2026, 3, 15))
    fields.setdefault("url", "https://college.example.org/offer")
    offer = Offer.objects.create(**fields)
    OfferLine.objects.create(
        offer=offer,
        programme="Uzņēmējdarbība",
        programme_en="Business",
        price=Decimal(2190),
        special_price=Decimal(1790),
    )
    return offer


def arm_rules(since: datetime = START - timedelta(days=60)) -> None:
    """Let the seeded rules hold since long before the events of these tests."""
    ReminderRule.objects.update(armed_from=since)


def make_message(**fields: Any) -> Message:
    """Make an e-mail that is due at START - 15 min and of use for twenty minutes."""
    due_at = fields.setdefault("due_at", START - timedelta(minutes=15))
    fields.setdefault("dispatch", Dispatch.objects.create(title="Reminder", purpose="service"))
    if "user" not in fields:
        fields.setdefault("participant", make_participant())
        fields.setdefault("address", fields["participant"].email)
    fields.setdefault("medium", "email")
    fields.setdefault("channel", "recording")
    fields.setdefault("language", "en")
    fields.setdefault("subject", "Hello")
    fields.setdefault("body", "We begin soon.")
    fields.setdefault("not_before", due_at)
    fields.setdefault("expires_at", due_at + timedelta(minutes=20))
    return Message.objects.create(**fields)


def make_year(year: int = 2026, **fields: Any) -> Year:
    """Make a year's goals that are a draft without any goal."""
    fields.setdefault("document", Document.objects.create())
    return Year.objects.create(year=year, **fields)


def make_goal(year: Year | None = None, **fields: Any) -> Goal:
    fields.setdefault("category", Goal.Category.LEADS)
    fields.setdefault("title", "Veicināt līdu ģenerēšanu")
    fields.setdefault("title_en", "Promote lead generation")
    return Goal.objects.create(year=year or Year.objects.first() or make_year(), **fields)


def make_indicator(goal: Goal | None = None, **fields: Any) -> Indicator:
    """Make an indicator that is to rise from 100 to 200."""
    fields.setdefault("name", "Jaunie līdi")
    fields.setdefault("name_en", "New leads")
    fields.setdefault("start", Decimal(100))
    fields.setdefault("target", Decimal(200))
    return Indicator.objects.create(goal=goal or make_goal(), **fields)


def make_check_in(indicator: Indicator | None = None, **fields: Any) -> CheckIn:
    fields.setdefault("on", date(2026, 3, 2))
    fields.setdefault("at", riga(2026, 3, 2, 10))
    fields.setdefault("value", Decimal(150))
    fields.setdefault("confidence", CheckIn.Confidence.ON_TRACK)
    fields.setdefault("sentence", "Half of the way is done.")
    fields.setdefault("by", User.objects.first() or make_user())
    return CheckIn.objects.create(indicator=indicator or make_indicator(), **fields)


def make_task(**fields: Any) -> Task:
    """Make an open task for specialists that is due on the day of START."""
    fields.setdefault("title", f"Uzdevums {next(_numbers)}")
    fields.setdefault("role", Role.SPECIALIST)
    fields.setdefault("due_on", START.date())
    fields.setdefault("created_at", START - timedelta(days=30))
    return Task.objects.create(**fields)


def make_recurring(**fields: Any) -> RecurringTask:
    """Make a task of each working day for specialists, since long ago."""
    fields.setdefault("title", "Atbildēt uz komentāriem")
    fields.setdefault("role", Role.SPECIALIST)
    fields.setdefault("first_on", date(2026, 1, 5))
    return RecurringTask.objects.create(**fields)


def make_series(**fields: Any) -> Series:
    """Make a series that adds up; those there are from the beginning are found by their keys."""
    number = next(_numbers)
    fields.setdefault("key", f"series_{number}")
    fields.setdefault("name", f"Rādītājs {number}")
    fields.setdefault("name_en", f"Series {number}")
    return Series.objects.create(**fields)


def make_kpi_channel(**fields: Any) -> KpiChannel:
    number = next(_numbers)
    fields.setdefault("key", f"channel_{number}")
    fields.setdefault("name", f"Kanāls {number}")
    fields.setdefault("kind", KpiChannel.Kind.NETWORK)
    return KpiChannel.objects.create(**fields)


def make_reading(**fields: Any) -> Reading:
    """Make a reading of Google Analytics that went well."""
    fields.setdefault("source", "ga4")
    fields.setdefault("state", Reading.State.DONE)
    fields.setdefault("started_at", START)
    if fields["state"] != Reading.State.RUNNING:
        fields.setdefault("finished_at", fields["started_at"] + timedelta(seconds=2))
    return Reading.objects.create(**fields)


def measure(
    series: Series,
    values: dict[date, object],
    channel: KpiChannel | None = None,
    *,
    span: Span = Span.DAY,
    reading: Reading | None = None,
    at: datetime | None = None,
) -> Reading:
    """Write values of days (or of months) as a reading does, long after the last of them."""
    reading = reading or make_reading()
    written = [
        Value(
            series.pk,
            channel.pk if channel else None,
            span,
            day,
            None if value is None else Decimal(str(value)),
        )
        for day, value in values.items()
    ]
    last = max(values, default=START.date())
    at = at or riga(last.year, last.month, last.day) + timedelta(days=40)
    write(reading, written, at=at)
    return reading
