"""Pages on large tables: server time and queries, with ten times the data around, and of the event.

Every page is measured on a tenth of the tables and on all of them, for the same large event; those
of an event also for one with a tenth of the people. A page that is paged takes as long for both.
"""

import tempfile
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Role, User
from events.models import Event, ReminderRule
from outbox.models import Message, Status
from people.models import Participant
from tools.bench import ledger
from tools.bench.figures import Figure, Size, seconds
from tools.bench.rows.tick import queries_of

MOST_MS, MOST_TIMES, TIMES = 200.0, 1.5, 7
CLOCK_MS = 10.0
"""Below this the clock of a shared machine says nothing about growth."""


@dataclass(frozen=True)
class Taken:
    """What one page took."""

    ms: float
    queries: int


def measure(size: Size) -> list[Figure]:
    rows = size.choose(1_000_000, 100_000)
    people = rows // 100
    with tempfile.TemporaryDirectory() as directory:
        settings.STATIC_ROOT = directory
        call_command("collectstatic", interactive=False, verbosity=0)
        client = signed_in()
        ledger.fill(people=people, events=rows // 10_000, messages=rows // 10)
        past, coming = ledger.add_large_event(people), ledger.add_coming_event(people)
        fewer = take(client, pages_of(past, coming) | pages_around())
        ledger.fill(people=rows // 10, events=rows // 1000, messages=rows)
        many = take(client, pages_of(past, coming) | pages_around())
        smaller = ledger.add_large_event(people // 10), ledger.add_coming_event(people // 10)
        small = take(client, pages_of(*smaller))
    return [figure(page, fewer[page], many[page], small.get(page)) for page in many]


def figure(
    page: str, fewer: Taken, many: Taken, small: Taken | None = None, *, most_ms: float = MOST_MS
) -> Figure:
    is_met = (
        many.ms <= most_ms
        and many.queries == fewer.queries
        and many.ms <= max(MOST_TIMES * fewer.ms, fewer.ms + CLOCK_MS)
    )
    remark = f"{many.queries} queries; on a tenth {fewer.queries} and {fewer.ms:.1f} ms"
    if small is not None:
        remark += f"; an event with a tenth of the people {small.ms:.1f} ms"
    return Figure(
        f"page: {page}",
        "ms",
        many.ms,
        f"≤ {most_ms:g} ms, ≤ {MOST_TIMES:g} × a tenth",
        is_met,
        remark=f"{many.ms / fewer.ms:.2f} × a tenth; {remark}.",
    )


def pages_of(past: Event, coming: Event) -> dict[str, str]:
    """Return the pages of a large event, before it and after it."""
    someone = past.registrations.select_related("participant").latest("pk").participant
    people = partial(page_of, "events:event_registrations", past)
    gone = partial(page_of, "events:event_messages", past)
    foreseen = partial(page_of, "events:event_messages", coming)
    return {
        "event that is over": page_of("events:event_detail", past),
        "event to come": page_of("events:event_detail", coming),
        "the moving part of it": page_of("events:event_live", coming),
        "cancelling it": page_of("events:event_cancel", coming),
        "registered": people(),
        "registered, last page": people(page=999_999),
        "registered, one is searched": people(q=someone.email),
        "registered, a first name": people(q="līga"),
        "registered, absent": people(attendance="absent"),
        "messages as they went": gone(),
        "messages as they went, last page": gone(page=999_999),
        "messages as they went, skipped": gone(outcome="skipped"),
        "messages as they went, one is searched": gone(q=someone.email),
        "messages foreseen": foreseen(),
        "messages foreseen, one is searched": foreseen(q=someone.email),
        "outbox, of one event": page_of("outbox:message_list", event=past.pk),
        "outbox, of one event, a search": page_of("outbox:message_list", event=past.pk, q="līga"),
    }


def pages_around() -> dict[str, str]:
    """Return the pages that show something of everything."""
    outbox = partial(page_of, "outbox:message_list")
    people = partial(page_of, "events:participant_list")
    events = partial(page_of, "events:event_list")
    oldest = Message.objects.earliest("pk")
    someone = Participant.objects.exclude(phone="").earliest("pk")
    return {
        "outbox": outbox(),
        "outbox, deep": outbox(after=oldest.pk + 60),
        **{f"outbox, {status.label}": outbox(status=status) for status in Status},
        "outbox, waits for a decision": outbox(status="undecided"),
        "outbox, SMS": outbox(medium="sms"),
        "outbox, failed SMS": outbox(medium="sms", status="failed"),
        "outbox, advertising": outbox(purpose="advertising"),
        "outbox, one is searched": outbox(q=someone.email),
        "outbox, a phone": outbox(q=someone.phone),
        "outbox, a first name": outbox(q="līga"),
        "outbox, two names": outbox(q="ilze ozola"),
        "outbox, a letter": outbox(q="a"),
        "outbox, nobody": outbox(q="nobody%'"),
        "outbox, failed of a first name": outbox(q="līga", status="failed"),
        "a message": page_of("outbox:message_detail", oldest),
        "participants": people(),
        "participants, deep": people(after=someone.pk),
        "participants, one is searched": people(q=someone.email),
        "participants, a phone": people(q=f"{someone.phone[:4]} {someone.phone[4:]}"),
        "participants, a first name": people(q="līga"),
        "participants, two names": people(q="ilze ozola"),
        "participants, a letter": people(q="a"),
        "participants, nobody": people(q="nobody%'"),
        "a participant": page_of("events:participant_detail", someone),
        "events": events(),
        "events, all": events(when="all"),
        "events, all, last page": events(when="all", page=999_999),
        "events, a search": events(when="past", q="diena"),
        "reminder rules": page_of("events:rule_list"),
        "a reminder rule": page_of("events:rule_detail", ReminderRule.objects.earliest("pk")),
        "a rule tried on an event": page_of(
            "events:rule_check", ReminderRule.objects.earliest("pk")
        ),
        "a rule with SMS tried on an event": page_of(
            "events:rule_check", ReminderRule.objects.for_kind(ledger.KIND).get(key="before_15")
        ),
        "offers": page_of("events:offer_list"),
        "series": page_of("opendays:series_list"),
        "Bitrix24 sources": page_of("events:bitrix24_source_list"),
        "blocked addresses": page_of("events:block_list"),
        "home": page_of("home"),
        "health": page_of("healthz"),
    }


def page_of(name: str, record: Model | None = None, **query: str | int) -> str:
    address = reverse(name, args=[record.pk] if record is not None else [])
    return f"{address}?{urlencode(query)}" if query else address


def take(client: Client, pages: dict[str, str]) -> dict[str, Taken]:
    return {name: _taken(client, address) for name, address in pages.items()}


def _taken(client: Client, address: str) -> Taken:
    ask = partial(_get, client, address)
    queries = queries_of(ask)
    # The least of several: others work on the same machine.
    return Taken(1000 * min(seconds(ask) for _ in range(TIMES)), queries)


def _get(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code not in (200, 503):  # /healthz: no worker lives here
        raise RuntimeError(f"{address} answers {response.status_code}.")


def signed_in() -> Client:
    user = User.objects.create(
        email="head@college.example", full_name="Head", role=Role.MARKETING_HEAD
    )
    return client_of(user)


def client_of(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
