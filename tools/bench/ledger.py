"""Tables as they are after years: events over years, people with names, every state of a message.

People are made by the code that makes them in earnest; registrations and messages are copied inside
the database, a million in a minute.
"""

from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.utils import timezone

from events.models import Event, Registration, ReminderDispatch, ReminderRule
from outbox.models import Dispatch, Message, Status
from people.identity import folded
from people.models import Participant
from people.saving import create_all

KIND = "open_day"
KINDS_OF_MESSAGE = 3
APART = timedelta(days=1)
"""Events are held one a day, the last the day before yesterday."""

FIRST_NAMES = (
    *("Anna", "Jānis", "Līga", "Pēteris", "Ilze", "Mārtiņš", "Kristīne", "Edgars", "Inese"),
    *("Andris", "Zane", "Juris", "Dace", "Aivars", "Ieva", "Guntis", "Elīna", "Valdis", "Santa"),
    *("Raimonds", "Laura", "Normunds", "Baiba", "Uldis", "Sanita", "Artūrs", "Ginta", "Oskars"),
)
STEMS = (
    *("Bērz", "Kalniņ", "Ozol", "Jansons-Krūm", "Liep", "Krūmiņ", "Balod", "Egl", "Petr", "Zariņ"),
    *("Vītol", "Kārkl", "Āboliņ", "Sprog", "Grīnberg", "Freimani", "Dūm", "Rozīt", "Šķēl", "Mež"),
)
ENDINGS = ("s", "a", "iņš", "iņa", "ietis", "iete", "ēns", "ene", "āns", "ovska")
LAST_NAMES = tuple(stem + ending for ending in ENDINGS for stem in STEMS)

TOKEN = {"sqlite": "hex(randomblob(9))", "postgresql": "substr(md5(random()::text), 1, 18)"}
UUID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
SECONDS_LATER = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', t.due_at, '+' || {seconds} || ' seconds')",
    "postgresql": "t.due_at + {seconds} * interval '1 second'",
}
# Of a hundred messages; a few in a hundred thousand are in a state that waits for somebody.
STATES = (
    ("{n} % 50000 = 7", Status.UNKNOWN, "unclear"),
    ("{n} % 50000 = 8", Status.HELD, "feed_not_trusted"),
    ("{n} % 50000 = 9", Status.PLANNED, ""),
    ("{n} % 100 < 60", Status.HANDED_OVER, ""),
    ("{n} % 100 < 78", Status.DELIVERED, ""),
    ("{n} % 100 < 90", Status.SKIPPED, "no_phone"),
    ("{n} % 100 < 94", Status.SKIPPED, "no_consent"),
    ("{n} % 100 < 97", Status.EXPIRED, "too_late"),
)
OTHERWISE = (Status.FAILED, "bad_address")


def fill(*, people: int, events: int, messages: int) -> None:
    """Fill the tables with past events whose people were written to, three times each."""
    each = messages // events // KINDS_OF_MESSAGE
    first = _add_people(people)
    last_start = timezone.now() - timedelta(days=2)
    with transaction.atomic():
        for number in range(events):
            event = _event(last_start - number * APART)
            # A stride of a prime number: everybody is at some events, with others each time.
            spread = f"{first} + ({number} * 97 + n - 1) % {people}"
            _register(event, each, spread)
            _write_to(event, each, spread)
    analyse()


def add_large_event(people: int) -> Event:
    """Add a past event with so many registrations and three messages to each."""
    event = _event(timezone.now() - timedelta(days=20))
    first = Participant.objects.earliest("pk").pk
    with transaction.atomic():
        _register(event, people, f"{first} + n - 1")
        _write_to(event, people, f"{first} + n - 1")
    analyse()
    return event


def add_coming_event(people: int) -> Event:
    """Add an event of next week for which so many are registered; nothing has gone yet."""
    event = _event(timezone.now() + timedelta(days=7))
    _register(event, people, f"{Participant.objects.earliest('pk').pk} + n - 1")
    analyse()
    return event


def _add_people(count: int) -> int:
    """Add people of many names, each with an e-mail and a phone of their own; return the first."""
    last = Participant.objects.count()
    people = []
    for number in range(last, last + count):
        first_name = FIRST_NAMES[number % len(FIRST_NAMES)]
        last_name = LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)]
        email = f"{folded(first_name)}.{folded(last_name)}{number}@example.org"
        person = Participant(
            first_name=first_name,
            last_name=last_name,
            email=email,
            phone=f"+3712{number:07}",
            bitrix24_contact_id=number + 1,
        )
        people.append(person)
    create_all(people, 2000)
    return people[0].pk


def _bystander() -> Participant:
    """Return the person of the patterns that are copied, whom nobody registers."""
    return Participant.objects.get_or_create(email="pattern@example.org")[0]


def multiply(row: models.Model, count: int, **expressions: str) -> None:
    """Copy a row so many times; an expression may use `n`, which counts from 1."""
    quote = connection.ops.quote_name
    table = quote(row._meta.db_table)
    columns = [str(field.column) for field in row._meta.concrete_fields if not field.primary_key]
    names = ", ".join(quote(column) for column in columns)
    values = ", ".join(expressions.get(column) or f"t.{quote(column)}" for column in columns)
    statement = f"""
        INSERT INTO {table} ({names})
        WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count})
        SELECT {values} FROM c CROSS JOIN {table} t WHERE t.id = {row.pk}
    """  # noqa: S608 - nothing in it comes from outside
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _event(starts_at: datetime) -> Event:
    """Make an event that has nothing left to do."""
    event = Event.objects.create(
        kind=KIND,
        title=f"Atvērto durvju diena {starts_at:%d.%m.%Y}",
        title_en=f"Open day {starts_at:%d.%m.%Y}",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        room_url="https://room.example.org/42",
        created_at=starts_at - timedelta(days=30),
    )
    Event.objects.filter(pk=event.pk).update(look_at=None)
    return event


def _register(event: Event, count: int, participants: str) -> None:
    pattern = Registration.objects.create(
        event=event,
        participant=_bystander(),
        source=Registration.Source.LIST,
        registered_at=event.starts_at - timedelta(days=10),
    )
    attendance = "CASE WHEN n % 3 = 0 THEN 'present' WHEN n % 3 = 1 THEN 'absent' ELSE '' END"
    multiply(
        pattern,
        count,
        participant_id=participants,
        token=TOKEN[connection.vendor],
        attendance=attendance if event.has_ended(timezone.now()) else "''",
    )
    pattern.delete()


def _write_to(event: Event, count: int, participants: str) -> None:
    """Write three messages to each, and say of every rule that everybody has been decided on."""
    written = 0
    for rule in ReminderRule.objects.for_kind(KIND):
        moment, due_at = rule.moment_of(event), rule.due_at(event)
        if moment is None or due_at is None:
            continue  # of a registration or of a change
        dispatch = Dispatch.objects.create(title=rule.name, purpose=rule.purpose)
        ReminderDispatch.objects.create(
            event=event, rule=rule, moment=moment, dispatch=dispatch, decided_at=due_at
        )
        if written < KINDS_OF_MESSAGE:
            _copy_messages(dispatch, rule, due_at, count, participants)
            written += 1


def _copy_messages(
    dispatch: Dispatch, rule: ReminderRule, due_at: datetime, count: int, participants: str
) -> None:
    pattern = Message.objects.create(
        dispatch=dispatch,
        participant=_bystander(),
        medium=rule.media[0],
        channel="smtp",
        language="lv",
        subject="Sākam plkst. 18:00: Atvērto durvju diena",
        body="Labdien, Anna!\n\nAtvērto durvju diena sākas šodien plkst. 18:00.",
        status=Status.PLANNED,
        due_at=due_at,
        not_before=due_at,
        expires_at=due_at + timedelta(minutes=20),
    )
    seconds = "(1 + n % 17)"
    later = SECONDS_LATER[connection.vendor].replace("{seconds}", seconds)
    number = f"({dispatch.pk * count} + n)"
    taken = f"{number} % 100 < 78 AND {number} % 50000 NOT IN (7, 8, 9)"
    multiply(
        pattern,
        count,
        uid=UUID[connection.vendor],
        participant_id=participants,
        address="'anna' || n || '@example.org'",
        status=_by_state(1, number),
        reason=_by_state(2, number),
        handed_over_at=f"CASE WHEN {taken} THEN {later} END",
        delivered_at=f"CASE WHEN {taken} AND {number} % 100 >= 60 THEN {later} END",
    )
    pattern.delete()


def _by_state(position: int, number: str) -> str:
    """Return the expression that gives a state's word, or the reason that stands with it."""
    choices = "".join(f" WHEN {state[0]} THEN '{state[position]}'" for state in STATES)
    return f"CASE{choices} ELSE '{OTHERWISE[position - 1]}' END".replace("{n}", number)


def analyse() -> None:
    """Do what PostgreSQL does by itself in time; nobody does it for SQLite in an installation."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
