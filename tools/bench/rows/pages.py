"""Pages on large tables: server time, queries, and the same with a tenth of the data."""

import tempfile
from functools import partial

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from tools.bench import ledger
from tools.bench.figures import Figure, Size
from tools.bench.rows.tick import milliseconds, queries_of

MOST_MS, MOST_TIMES, TIMES = 200.0, 1.5, 7


def measure(size: Size) -> list[Figure]:
    rows = size.choose(1_000_000, 100_000)
    with tempfile.TemporaryDirectory() as directory:
        settings.STATIC_ROOT = directory
        call_command("collectstatic", interactive=False, verbosity=0)
        client = _sign_in()
        ledger.fill(people=rows // 100, events=rows // 10_000, messages=rows // 10)
        fewer = _times(client, rows // 1000)
        ledger.fill(people=rows // 10, events=rows // 1000, messages=rows)
        many = _times(client, rows // 100)
    return [_figure(page, rows, few, many[page]) for page, few in fewer.items()]


def _figure(page: str, rows: int, few: tuple[float, int], many: tuple[float, int]) -> Figure:
    is_met = many[0] <= MOST_MS and many[1] == few[1]
    # Below a few milliseconds the clock says nothing about growth.
    is_met = is_met and many[0] <= max(MOST_TIMES * few[0], 20)
    return Figure(
        f"page: {page}",
        "ms",
        many[0],
        f"≤ {MOST_MS:g} ms, ≤ {MOST_TIMES:g} × a tenth",
        is_met,
        remark=f"{many[1]} queries on {rows:,} rows; {few[0]:.0f} ms, {few[1]} on a tenth.",
    )


def _times(client: Client, people: int) -> dict[str, tuple[float, int]]:
    event = ledger.add_large_event(people)
    pages = {
        "event": reverse("events:event_detail", args=[event.pk]),
        "registrations of the event": reverse("events:event_registrations", args=[event.pk]),
        "a search among them": reverse("events:event_registrations", args=[event.pk])
        + "?q=ozola+7",
        "messages of the event": reverse("events:event_messages", args=[event.pk]),
        "outbox": reverse("outbox:message_list"),
        "outbox, failed": reverse("outbox:message_list") + "?status=failed",
        "outbox, a search": reverse("outbox:message_list") + "?q=anna77@",
        "participants": reverse("events:participant_list"),
        "participants, a search": reverse("events:participant_list") + "?q=anna77@",
        "home": reverse("home"),
    }
    return {name: _time(client, address) for name, address in pages.items()}


def _time(client: Client, address: str) -> tuple[float, int]:
    ask = partial(_get, client, address)
    ask()
    return milliseconds(ask, times=TIMES), queries_of(ask)


def _get(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answers {response.status_code}.")


def _sign_in() -> Client:
    user = User.objects.create(
        email="head@college.example", full_name="Head", role=Role.MARKETING_HEAD
    )
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
