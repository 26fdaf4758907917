"""After a restored backup: noticed before anything is sent, stopped, and looked up.

The database keeps a number that every worker raises while it sends, at most once a second, and
every ten seconds anyway. The new number is then remembered in Redis and in a file. It only grows:
who finds a smaller one in the database than is remembered has before them a database that was set
back in time, and people who may already have what it calls planned.

Clocks do not matter for this, nor do a flushed Redis, a lost file or a new database: where nothing
is remembered of *this* database, nothing is noticed either (`manage.py after_restore` is for that).

A provider that does not have a message says nothing of it where it may have gone by another: the
detours are remembered as well, and what they may have carried is left to a person.
"""

import logging
import threading
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from outbox import beginning, memory
from outbox.channels.base import can_be_asked
from outbox.memory import KnownDetour, Memory
from outbox.models import Detour, Generation, Message, MessageQuerySet, Pause, Reason, Status

logger = logging.getLogger(__name__)

ROW = 1
EVERY = timedelta(seconds=1)
"""So long a process that sends relies on its last look."""

MARGIN = timedelta(minutes=1)
"""What was due so shortly after the last number that is remembered may have gone as well."""

NOT_OVER = datetime.max.replace(tzinfo=UTC)

OF_USE = timedelta(days=30)
"""How long after a restore rows may still turn up that were due before it."""

_looked_at: datetime | None = None
_sent_until: datetime | None = None
_guard = threading.Lock()


def look_now_and_then(now: datetime) -> None:
    """Look unless this process has just looked; call it before anything is claimed."""
    global _looked_at
    with _guard:
        if _looked_at is not None and timedelta(0) <= now - _looked_at < EVERY:
            return
        look(now)
        _looked_at = now


def forget() -> None:
    """Rely on no earlier look: this process is about to see another database."""
    global _looked_at, _sent_until
    _looked_at = _sent_until = None


def look(now: datetime) -> None:
    """Raise the number and compare it; stop all sending if the database was set back."""
    global _sent_until
    row, _is_new = Generation.objects.get_or_create(pk=ROW, defaults={"at": now})
    # What is remembered was committed before, so it is read before the row is locked.
    row = _raise_number(memory.recall(row.database), now)
    memory.remember(row.database, Memory(row.number, now, _detours(now)))
    is_over = row.sent_until is None or now > row.sent_until + OF_USE
    _sent_until = None if is_over else row.sent_until
    if _sent_until is not None:
        doubt(Message.objects.planned().filter(_not_looked_up(_sent_until)), now)


def without_doubtful(messages: MessageQuerySet) -> MessageQuerySet:
    """Leave out what may have gone before a restore and has not been looked up yet.

    It was written, or released, after the restore was noticed; the next look sees to it.
    """
    return messages if _sent_until is None else messages.exclude(_not_looked_up(_sent_until))


@transaction.atomic
def take_in_by_hand(sent_until: datetime, now: datetime) -> int:
    """Do the same where nothing was remembered; return how many messages are looked up."""
    row, _is_new = Generation.objects.get_or_create(pk=ROW, defaults={"at": now})
    return _stop(row, sent_until, now)


@transaction.atomic
def _raise_number(remembered: Memory | None, now: datetime) -> Generation:
    """Take the next number under a lock: whoever comes next finds all sending stopped."""
    row = Generation.objects.select_for_update().get(pk=ROW)
    row.number += 1
    if remembered is not None and row.number <= remembered.number:
        logger.error("The database is older than what has been sent: a backup was restored.")
        row.number = remembered.number + 1
        _recall_detours(remembered)
        _stop(row, remembered.at + MARGIN, now)
    row.at = now
    row.save(update_fields=["number", "at"])
    return row


def _stop(row: Generation, sent_until: datetime, now: datetime) -> int:
    """Stop all sending; doubt all that was due by then, and return how many messages."""
    Pause.objects.create(restored_to=row.at, paused_at=now)
    row.sent_until = sent_until
    row.save(update_fields=["sent_until"])
    # What the backup takes to be in a worker's hand would wait again later, when nobody doubts it.
    beginning.take_back(Message.objects.all(), status=Status.PLANNED)
    waiting = Message.objects.filter(status__in=[Status.PLANNED, Status.HELD])
    return doubt(waiting.filter(due_at__lte=sent_until), now)


def _detours(now: datetime) -> tuple[KnownDetour, ...]:
    """Return those that messages of the last weeks may have taken."""
    late_enough = Q(ended_at=None) | Q(ended_at__gt=now - OF_USE)
    rows = Detour.objects.filter(late_enough).order_by("pk")
    return tuple(
        KnownDetour(*row) for row in rows.values_list("channel", "goes_by", "began_at", "ended_at")
    )


def _recall_detours(remembered: Memory) -> None:
    """Write down those the backup does not know, as over; end those that it takes for open."""
    for each in remembered.detours:
        ended_at = each.ended_at or remembered.at
        known = Detour.objects.filter(
            channel=each.channel, goes_by=each.goes_by, began_at=each.began_at
        )
        if not known.exists():
            Detour.objects.create(
                channel=each.channel,
                goes_by=each.goes_by,
                began_at=each.began_at,
                ended_at=ended_at,
            )
        elif each.ended_at is not None:
            known.filter(ended_at=None).update(ended_at=ended_at)


def _not_looked_up(sent_until: datetime) -> Q:
    """Mean what was due before the restore; one that was looked up in vain has a repetition."""
    return Q(due_at__lte=sent_until, attempts=0, repeats=0)


def doubt(messages: MessageQuerySet, now: datetime) -> int:
    """Turn messages to `unknown`: looked up at once where that settles it, else for a person."""
    count = 0
    for key in sorted(set(messages.order_by().values_list("channel", flat=True))):
        of_channel = messages.filter(channel=key)
        doubtful: dict[str, object] = {
            "status": Status.UNKNOWN,
            "reason": Reason.RESTORED,
            "look_up_at": None,
        }
        if can_be_asked(key):
            if (until := _detoured_until(key)) is not None:
                elsewhere = Q(due_at__lte=until)
                count += of_channel.filter(elsewhere).update_in_one_order(
                    **doubtful, detail=_elsewhere()
                )
                of_channel = of_channel.exclude(elsewhere)
            doubtful["look_up_at"] = now
        count += of_channel.update_in_one_order(**doubtful)
    return count


def _detoured_until(channel: str) -> datetime | None:
    """Return when the last detour of or by this channel ended: what was due by then took it."""
    detours = Detour.objects.filter(Q(channel=channel) | Q(goes_by=channel))
    ends = list(detours.order_by().values_list("ended_at", flat=True))
    return max((end or NOT_OVER for end in ends), default=None)


def _elsewhere() -> str:
    return gettext("It may have gone by another channel, which was its way for a while.")
