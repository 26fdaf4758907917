"""Tables as they are after years: rows are copied inside the database, a million in a minute."""

from datetime import timedelta

from django.db import connection, models
from django.utils import timezone

from events.models import Event, Registration, ReminderDispatch, ReminderRule
from outbox.models import Dispatch, Message, Status
from people.models import Participant

KINDS_OF_MESSAGE = 3
TOKEN = {"sqlite": "hex(randomblob(9))", "postgresql": "substr(md5(random()::text), 1, 18)"}
UUID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def fill(*, people: int, events: int, messages: int) -> None:
    """Fill the tables with past events whose people were written to, three times each."""
    each = messages // events // KINDS_OF_MESSAGE
    rules = list(ReminderRule.objects.filter(event_type="open_day")[:KINDS_OF_MESSAGE])
    person = _person()
    first_person = person.pk + 1
    multiply(
        person,
        people,
        last_name="'Ozola ' || n",
        email="'anna' || n || '@example.org'",
        phone="'+3712' || (1000000 + n)",
        unsubscribe_token=TOKEN[connection.vendor],
        bitrix24_contact_id=f"{person.pk} * 1000000 + n",
        search_text="'ozola ' || n || ' anna anna' || n || '@example.org +3712' || (1000000 + n)",
    )
    first_event = _event().pk + 1
    multiply(Event.objects.get(pk=first_event - 1), events, slug=TOKEN[connection.vendor])
    participant = f"{first_person} + ((n - 1) / {each} * 97 + (n - 1) % {each}) % {people}"
    multiply(
        _registration(first_event - 1, person),
        events * each,
        event_id=f"{first_event} + (n - 1) / {each}",
        participant_id=participant,
        token=TOKEN[connection.vendor],
    )
    first_dispatch = _dispatches(range(first_event, first_event + events), rules)
    each_event = each * KINDS_OF_MESSAGE
    multiply(
        _message(person),
        events * each_event,
        uid=UUID[connection.vendor],
        dispatch_id=f"{first_dispatch} + (n - 1) / {each}",
        participant_id=f"{first_person} + ((n - 1) / {each_event} * 97 + (n - 1) % {each})"
        f" % {people}",
        address="'anna' || n || '@example.org'",
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def add_large_event(people: int) -> Event:
    """Add an event with so many registrations and three messages to each."""
    first = Participant.objects.order_by("pk").values_list("pk", flat=True)[1]
    event = _event()
    pattern = _registration(event.pk, Participant.objects.earliest("pk"))
    spread = f"{first} + n - 1"
    multiply(pattern, people, participant_id=spread, token=TOKEN[connection.vendor])
    rules = list(ReminderRule.objects.filter(event_type="open_day")[:KINDS_OF_MESSAGE])
    start = _dispatches([event.pk], rules)
    multiply(
        _message(Participant.objects.earliest("pk")),
        people * KINDS_OF_MESSAGE,
        uid=UUID[connection.vendor],
        dispatch_id=f"{start} + (n - 1) / {people}",
        participant_id=f"{first} + (n - 1) % {people}",
    )
    return event


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


def _person() -> Participant:
    return Participant.objects.create(first_name="Anna", last_name="Ozola", email="a@example.org")


def _event() -> Event:
    """Make an event that is over and has nothing left to do."""
    starts_at = timezone.now() - timedelta(days=60)
    event = Event.objects.create(
        kind="open_day",
        title="Atvērto durvju diena",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
    )
    Event.objects.filter(pk=event.pk).update(look_at=None)
    return event


def _registration(event_id: int, person: Participant) -> Registration:
    return Registration.objects.create(
        event_id=event_id,
        participant=person,
        source=Registration.Source.LIST,
        registered_at=timezone.now() - timedelta(days=70),
    )


def _message(person: Participant) -> Message:
    at = timezone.now() - timedelta(days=60)
    return Message.objects.create(
        dispatch=Dispatch.objects.create(title="Pattern", purpose="service"),
        participant=person,
        medium="email",
        channel="smtp",
        language="lv",
        address=person.email,
        subject="Sākam plkst. 18:00: Atvērto durvju diena",
        body="Labdien, Anna!\n\nAtvērto durvju diena sākas šodien plkst. 18:00.",
        status=Status.HANDED_OVER,
        due_at=at,
        not_before=at,
        expires_at=at + timedelta(minutes=20),
        handed_over_at=at,
    )


def _dispatches(events: "range | list[int]", rules: list[ReminderRule]) -> int:
    """Make an occasion of every rule for every event; return the first one's dispatch."""
    made = Dispatch.objects.bulk_create(
        [Dispatch(title="Atgādinājums", purpose="service") for _ in events for _ in rules],
        batch_size=1000,
    )
    pairs = [(event, rule) for event in events for rule in rules]
    moment = timezone.now() - timedelta(days=60)
    ReminderDispatch.objects.bulk_create(
        [
            ReminderDispatch(
                event_id=event, rule=rule, moment=moment, dispatch=dispatch, decided_at=moment
            )
            for (event, rule), dispatch in zip(pairs, made, strict=True)
        ],
        batch_size=1000,
    )
    return made[0].pk
