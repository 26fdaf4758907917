"""SMS by Bitrix24 at the portal's limits, without faults and with 5 % of requests failing."""

from datetime import timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.utils import timezone

from outbox.models import Attempt, Status
from people.models import Medium
from tests.processes import wait_until
from tools.bench import crowd
from tools.bench.figures import Figure, Size
from tools.bench.system import ask, by_bitrix24, portal, rest, system

BURST, PER_SECOND, BATCH = 50, 2, 50
WITHOUT_FAULTS, WITH_FAULTS, START = 1.05, 1.25, 2.0
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
    remark = f"{stats['refused_by_rate']} answers 503; {stats['requests']} requests in all."
    return [
        Figure(f"{count:,} SMS, sandbox", "s", last, target, is_met, floor=floor, remark=remark)
    ]


def _with_faults(count: int) -> list[Figure]:
    event, due_at, stats = _send(count, *FAULTS)
    _first, last = crowd.lateness(event, due_at)
    struck = Attempt.objects.filter(outcome=Attempt.Outcome.UNCLEAR).values("message")
    gone = crowd.messages_of(event).exclude(pk__in=struck).order_by("handed_over_at")
    spared_at = gone.values_list("handed_over_at", flat=True).last()
    assert spared_at
    spared, floor = (spared_at - due_at).total_seconds(), _floor(count)
    work = f"{count:,} SMS, 5 % of requests lost"
    waits = f"≤ {WITH_FAULTS:g} × floor + look-up"
    wait = settings.LOOK_UP_AFTER.total_seconds()
    return [
        Figure(
            f"{work}: those no fault struck",
            "s",
            spared,
            f"≤ {WITH_FAULTS:g} × floor",
            spared <= WITH_FAULTS * floor,
            floor=floor,
        ),
        Figure(
            f"{work}: the last of all",
            "s",
            last,
            waits,
            last <= WITH_FAULTS * floor + wait + 10,
            floor=floor,
            remark=f"{struck.count()} were unclear; each was looked up after {wait:g} s, which the "
            f"portal may need to carry out a request whose line broke; "
            f"{stats['refused_by_rate']} answers 503, {stats['requests']} requests.",
        ),
    ]


def _send(count: int, *options: str) -> tuple[Any, Any, dict[str, Any]]:
    """Send so many SMS; every one has to be there once, whatever befell the requests."""
    crowd.only_rule(Medium.SMS)
    with portal(*options) as started:
        contacts = ask(started, "contacts", {"people": [_contact(n) for n in range(count)]})["ids"]
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
    if states != {Status.HANDED_OVER} or (stats["sms"], stats["doubles"]) != (count, 0):
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
