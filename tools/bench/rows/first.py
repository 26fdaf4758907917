"""How long after its due moment the first message goes, for few people and for many."""

import time
from datetime import timedelta
from statistics import median

from django.utils import timezone

from events.models import Event
from people.models import Medium
from tests.processes import wait_until
from tools.bench import crowd
from tools.bench.figures import CannotRunError, Figure, Size
from tools.bench.peers import NO_PRETIX, post_office_waits
from tools.bench.system import by_smtp, mail_sink, rest, system

EVENTS, LARGE_EVENTS = 5, 3
WAIT_SECONDS = 120
MEDIAN, WORST = 1.0, 2.0


def measure(size: Size) -> list[Figure]:
    crowd.only_rule(Medium.EMAIL)
    numbers = [100, size.choose(10_000, 2_000), *([] if size.is_small else [100_000])]
    people = crowd.add_people(max(numbers))
    waits = {}
    with mail_sink() as port, system(by_smtp(port)):
        for number in numbers:
            events = LARGE_EVENTS if number == 100_000 else EVENTS
            waits[number] = [_of_event(people[:number], each / events) for each in range(events)]
    return [figure for number in numbers for figure in _figures(number, waits[number])]


def _figures(number: int, waits: list[float]) -> list[Figure]:
    middle, worst, events = median(waits), max(waits), len(waits)
    theirs, remark = _of_post_office(number, events)
    work, unit = f"first message, {number:,} registered", "s"
    return [
        Figure(
            f"{work}, median of {events}",
            unit,
            middle,
            f"≤ {MEDIAN:g} s",
            middle <= MEDIAN,
            peer=median(theirs) if theirs else None,
            remark=remark,
        ),
        Figure(
            f"{work}, worst of {events}",
            unit,
            worst,
            f"≤ {WORST:g} s",
            worst <= WORST,
            peer=max(theirs, default=None),
        ),
    ]


def _of_post_office(number: int, times: int) -> tuple[list[float], str]:
    """Let as many stored letters fall due; return what the first took each time, and a remark."""
    try:
        with mail_sink() as port:
            waits = post_office_waits(number, port, times)
    except CannotRunError as error:
        return [], f"django-post_office could not run: {error} {NO_PRETIX}"
    return waits, (
        "the peer, whose letters are chosen and written before, is let look once a second; by cron,"
        f" as its manual has it, once a minute, up to 60 s come on top. {NO_PRETIX}"
    )


def _of_event(people: list[int], phase: float) -> float:
    """Let an event fall due at this part of a second; return what its first message waited."""
    event = crowd.make_event(people)
    due_at = timezone.now().replace(microsecond=int(phase * 1e6)) + timedelta(seconds=3)
    crowd.make_due(event, due_at)
    sent = crowd.messages_of(event).exclude(handed_over_at=None)
    wait_until(lambda: rest(0.1) and sent.exists(), "one is handed over", seconds=WAIT_SECONDS)
    time.sleep(2)  # the group that the first belongs to may be written after another
    first, _last = crowd.lateness(event, due_at)
    _finish(event)
    return first


def _finish(event: Event) -> None:
    """Let no later event wait for the rest of this one."""
    crowd.messages_of(event).planned().update(status="skipped", reason="event_cancelled")
    Event.objects.filter(pk=event.pk).update(
        cancelled_at=timezone.now(), cancel_reason="Measured.", look_at=None
    )
    waiting = crowd.messages_of(event).filter(status__in=["planned", "calling"])
    wait_until(
        lambda: rest(0.1) and not waiting.exists(), "nothing is in hand", seconds=WAIT_SECONDS
    )
