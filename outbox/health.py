"""Whether sending works: the lamp on every staff page and the health address."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import Now
from django.utils.translation import gettext, ngettext

from outbox import clocks
from outbox.channels.base import get_channel
from outbox.models import ChannelState, Heartbeat, Message, Pause, Status
from outbox.pause import current, is_paused
from outbox.signals import looking_for_faults
from outbox.this_worker import WORKER

SILENCE = timedelta(seconds=60)
"""A part that has not shown itself for so long is taken for dead."""


@dataclass(frozen=True)
class Lamp:
    """Red with its sentences, or green."""

    problems: list[str] = field(default_factory=list)
    undecided: int = 0
    """Messages that wait for a person's decision."""

    @property
    def is_red(self) -> bool:
        return bool(self.problems)


def show_life(
    part: str, now: datetime, skew: timedelta | None = None, *, worker: str = WORKER
) -> None:
    """Note that a part of the machinery lives, and how far other clocks are from its worker's."""
    Heartbeat.objects.update_or_create(
        part=part, worker=worker, defaults={"seen_at": now, "skew": skew, "written_at": Now()}
    )
    clocks.forget_a_later_time(worker, now)


def lamp(now: datetime) -> Lamp:
    """Say in sentences what is wrong with sending now."""
    stuck = _stuck(now)
    undecided = stuck[Status.UNKNOWN]
    return Lamp([*_faults(now, stuck), *_undecided(undecided)], undecided)


def report(now: datetime) -> dict[str, object]:
    """Return what a monitor asks: `status` is ok or failing, with the state of each part."""
    seen, stuck = _seen(Heartbeat.objects.all(), now), _stuck(now)
    return {
        "status": "failing" if _faults(now, stuck) else "ok",
        "seconds_since": {
            part: round((now - seen[part]).total_seconds(), 1) if part in seen else None
            for part in Heartbeat.Part.values
        },
        "overdue": stuck[Status.PLANNED],
        "undecided": stuck[Status.UNKNOWN],
        "is_paused": is_paused(),
    }


def faults(now: datetime) -> list[str]:
    """Say in sentences what keeps messages from going out, or will."""
    return _faults(now, _stuck(now))


def _stuck(now: datetime) -> Counter[str]:
    """Count in one query, by status, what is overdue, unwritten by fault, or for a person."""
    ledger = Message.objects
    each = [ledger.overdue(now), ledger.unwritten_by_fault(now), ledger.for_a_person()]
    # A union, and not OR, with which SQLite would read the whole ledger.
    first, *others = [rows.order_by().values_list("status").annotate(Count("pk")) for rows in each]
    return Counter(dict(first.union(*others, all=True)))


def _faults(now: datetime, stuck: Counter[str]) -> list[str]:
    beats = list(Heartbeat.objects.with_age())
    return [
        *_silence(beats, now),
        *(str(wrong) for wrong in clocks.wrong(beats, now)),
        *_channels(now),
        *_not_queued(now),
        *_overdue(stuck[Status.PLANNED]),
        *_unwritten(stuck[Status.FAILED]),
    ]


def _silence(beats: Iterable[Heartbeat], now: datetime) -> list[str]:
    """Name the part that is silent; beat is heard only through a worker, so the worker first."""
    silent = _silent(beats, now)
    sentences = [
        (Heartbeat.Part.WORKER, gettext("The worker is silent: nothing is sent.")),
        (Heartbeat.Part.BEAT, gettext("The scheduler (beat) is silent: nothing becomes due.")),
    ]
    for part, sentence in sentences:
        if part in silent:
            return [sentence]
    return []


def _seen(beats: Iterable[Heartbeat], now: datetime) -> dict[str, datetime]:
    """Return when each part was heard, by the worker whose clock is nearest to ours."""
    far_first = sorted(beats, key=lambda beat: abs(now - beat.seen_at), reverse=True)
    return {beat.part: beat.seen_at for beat in far_first}


def silent_parts(now: datetime) -> set[str]:
    """Return the parts that have not shown themselves for too long."""
    return _silent(Heartbeat.objects.all(), now)


def _silent(beats: Iterable[Heartbeat], now: datetime) -> set[str]:
    # One that lived in the future is not known to live now: the clock was set back since.
    heard = {beat.part for beat in beats if -clocks.SKEW <= now - beat.seen_at <= SILENCE}
    return set(Heartbeat.Part.values) - heard


def _channels(now: datetime) -> list[str]:
    problems = [_stop_in_words(stop)] if (stop := current()) else []
    return [*problems, *(problem for _state, problem in troubled(now))]


def troubled(now: datetime) -> Iterator[tuple[ChannelState, str]]:
    """Give each channel that does not send now, with a sentence that says why."""
    for state in ChannelState.objects.all():
        if state.needs_a_person:
            text = gettext("%(channel)s refuses our account: %(problem)s")
        elif state.closed_until and state.closed_until > now - timedelta(minutes=1):
            text = gettext("%(channel)s does not answer and rests: %(problem)s")
        else:
            continue
        yield state, text % {"channel": _name(state.channel), "problem": state.problem}


def _stop_in_words(stop: Pause) -> str:
    return gettext("All sending is stopped.") if stop.restored_to is None else str(stop)


def _name(channel: str) -> str:
    """Name a channel; what else has a breaker is a part of the Bitrix24 connection."""
    return str(get_channel(channel).name) if channel in settings.MESSAGE_CHANNELS else "Bitrix24"


def _not_queued(now: datetime) -> Iterator[str]:
    """Ask those who queue messages: what was never queued is not overdue here."""
    for _receiver, sentences in looking_for_faults.send(None, now=now):
        yield from cast("list[str]", sentences)


def _overdue(overdue: int) -> list[str]:
    text = ngettext("%(count)s message is overdue.", "%(count)s messages are overdue.", overdue)
    return [text % {"count": overdue}] if overdue else []


def _unwritten(unwritten: int) -> list[str]:
    text = ngettext(
        "%(count)s message could not be written: the worker's log says why.",
        "%(count)s messages could not be written: the worker's log says why.",
        unwritten,
    )
    return [text % {"count": unwritten}] if unwritten else []


def _undecided(unknown: int) -> list[str]:
    text = ngettext(
        "%(count)s message has an unknown outcome: please decide.",
        "%(count)s messages have an unknown outcome: please decide.",
        unknown,
    )
    return [text % {"count": unknown}] if unknown else []
