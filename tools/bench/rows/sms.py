"""SMS by Bitrix24 at the portal's limits, without faults and with 5 % of requests failing."""

from datetime import timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from outbox.models import Attempt
from people.models import Medium
from tests.processes import RunningProcess, wait_until
from tools.bench import crowd
from tools.bench.figures import CannotRunError, Figure, Size
from tools.bench.peers import start_workflows
from tools.bench.system import ask, by_bitrix24, portal, rest, system

BURST, PER_SECOND, BATCH = 50, 2, 50
WITHOUT_FAULTS, WITH_FAULTS, START = 1.05, 1.25, 2.0
PEERS = ("b24pysdk", "fast_bitrix24")
SMS_TEMPLATE = 2
"""Number of the sandbox's workflow template that sends an SMS."""

FAULTS = (
    *("--fault", "execute-then-drop:probability=2.5%"),
    *("--fault", "drop-before-execute:probability=2.5%"),
)


def measure(size: Size) -> list[Figure]:
    count = size.choose(10_000, 4_000)
    return [*_without_faults(count), *_with_faults(count)]


def _without_faults(count: int) -> list[Figure]:
    event, due_at, stats = _send(count)
    _first, last = crowd.lateness(event, due_at)
    floor = _floor(count)
    most = WITHOUT_FAULTS * floor + START
    target = f"≤ {WITHOUT_FAULTS:g} × floor + {START:g} s, no 503"
    is_met = last <= most and stats["refused_by_rate"] == 0
    peer, peers = _peers(count)
    remark = f"{stats['refused_by_rate']} answers 503; {stats['requests']} requests in all. {peers}"
    return [
        Figure(
            f"{count:,} SMS, sandbox",
            "s",
            last,
            target,
            is_met,
            floor=floor,
            peer=peer,
            remark=remark,
        )
    ]


def _peers(count: int, *options: str) -> tuple[float | None, str]:
    """Let others send as many, who get the contacts' numbers and need record nothing.

    Return the seconds of the quickest that sent every SMS once, and what became of each. They use
    no database: they are asked beside one of ours only.
    """
    if connection.vendor != "sqlite":
        return None, ""
    fit, told = [], []
    for name in PEERS:
        with portal(*options) as started:
            contacts = _make_contacts(started, count)
            webhook = by_bitrix24(started)["BITRIX24_WEBHOOK_URL"]
            try:
                taken, problem = start_workflows(name, webhook, SMS_TEMPLATE, contacts)
            except CannotRunError as error:
                told.append(f"{name} could not run: {error}")
                continue
            stats = ask(started, "stats")
        if (stats["sms"], stats["doubles"]) == (count, 0):
            fit.append(taken)
        told.append(
            f"{name}: {taken:.1f} s, {stats['sms']:,} SMS, {stats['doubles']:,} of them twice, "
            f"{stats['refused_by_rate']} answers 503{problem and f', ended by {problem}'}."
        )
    return min(fit, default=None), " ".join(told)


def _make_contacts(started: RunningProcess, count: int) -> list[int]:
    people = [_contact(number) for number in range(count)]
    made: list[int] = ask(started, "contacts", {"people": people})["ids"]
    return made


def _with_faults(count: int) -> list[Figure]:
    event, due_at, stats = _send(count, *FAULTS)
    _first, last = crowd.lateness(event, due_at)
    repeated = Attempt.objects.filter(outcome=Attempt.Outcome.ABSENT).values("message")
    gone = crowd.messages_of(event).exclude(pk__in=repeated).order_by("handed_over_at")
    at_once = gone.values_list("handed_over_at", flat=True).last()
    assert at_once
    unclear = Attempt.objects.filter(outcome=Attempt.Outcome.UNCLEAR).count()
    floor, wait = _floor(count), settings.LOOK_UP_AFTER.total_seconds()
    _peer, peers = _peers(count, *FAULTS)
    in_time = max(0.0, WITH_FAULTS * floor - wait)
    remark = (
        f"{unclear} were unclear; {repeated.count()} of them were not there and went once more. The"
        " portal may carry out a request for a minute after its line broke, so that it was not is"
        f" believed only after {wait:g} s: what is lost after the first {in_time:.1f} s ends beyond"
        f" {WITH_FAULTS:g} × floor, or might go twice. The line below leaves those out. "
        f"{stats['refused_by_rate']} answers 503, {stats['requests']} requests. {peers}"
    )
    return [
        _beside_floor(f"{count:,} SMS, 5 % of requests lost", last, floor, remark),
        _beside_floor(
            "the same without those that had to go once more",
            (at_once - due_at).total_seconds(),
            floor,
        ),
    ]


def _beside_floor(work: str, seconds: float, floor: float, remark: str = "") -> Figure:
    target, is_met = f"≤ {WITH_FAULTS:g} × floor", seconds <= WITH_FAULTS * floor
    return Figure(work, "s", seconds, target, is_met, floor=floor, remark=remark)


def _send(count: int, *options: str) -> tuple[Any, Any, dict[str, Any]]:
    """Send so many SMS; every one has to be there once, whatever befell the requests."""
    crowd.only_rule(Medium.SMS)
    with portal(*options) as started:
        contacts = _make_contacts(started, count)
        event = crowd.make_event(crowd.replace_people(count, contacts))
        with system(by_bitrix24(started)) as running:
            due_at = timezone.now() + timedelta(seconds=3)
            crowd.make_due(event, due_at)
            wait_until(
                lambda: rest(0.5) and crowd.handed_over(event) == count,
                "all are handed over",
                *running,
                seconds=600,
            )
            stats = dict(ask(started, "stats"))
    states = set(crowd.messages_of(event).values_list("status", flat=True))
    if not states <= set(crowd.GONE) or (stats["sms"], stats["doubles"]) != (count, 0):
        raise RuntimeError(f"Of {count} the portal sent {stats['sms']}, {stats['doubles']} twice.")
    return event, due_at, stats


def _contact(number: int) -> dict[str, str]:
    return {
        "name": "Anna",
        "last_name": f"Ozola {number}",
        "phone": f"+3712{number:07}",
        "email": f"anna{number}@example.org",
    }


def _floor(count: int) -> float:
    return (ceil(count / BATCH) - BURST) / PER_SECOND
