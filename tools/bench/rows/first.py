"""How long after its due moment the first message goes, for few people and for many."""

import time
from datetime import timedelta
from statistics import median

from django.utils import timezone

from events.models import Event
from people.models import Medium
from tests.processes import wait_until
from tools.bench import crowd
from tools.bench.figures import Figure, Size
from tools.bench.system import by_smtp, mail_sink, rest, system

EVENTS = 5
WAIT_SECONDS = 120
MEDIAN, WORST = 1.0, 2.0


def measure(size: Size) -> list[Figure]:
    crowd.only_rule(Medium.EMAIL)
    numbers = [100, size.choose(10_000, 2_000), *([] if size.is_small else [100_000])]
    people = crowd.add_people(max(numbers))
    figures = []
    with mail_sink() as port, system(by_smtp(port)):
        for number in numbers:
            figures += _of_events(people[:number], 1 if number == 100_000 else EVENTS)
    return figures


def _of_events(people: list[int], events: int) -> list[Figure]:
    waits = [_of_event(people, number / events) for number in range(events)]
    middle, worst = median(waits), max(waits)
    work = f"first message, {len(people):,} registered"
    return [
        Figure(f"{work}, median of {events}", "s", middle, f"≤ {MEDIAN:g} s", middle <= MEDIAN),
        Figure(f"{work}, worst of {events}", "s", worst, f"≤ {WORST:g} s", worst <= WORST),
    ]


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
