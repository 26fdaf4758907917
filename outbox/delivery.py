"""Out of the ledger: claim a batch, hand it over, record what became of each message.

The order of things is what makes a message go once:

1. It is our turn at the provider: what waits for that is not claimed yet, so that a cancellation
   still takes it back.
2. A conditional update stamps the rows `calling` with a claim and a lease, and is committed.
3. Whoever queued them is asked again whether each may still go; then it is noted that they are
   begun (outbox/beginning.py). Only after that commit is the provider called.
4. Each outcome is written under the claim. A worker that dies in between leaves rows
   `calling`; when the lease is over they become `unknown` and are looked up
   (outbox/look_up.py), never blindly repeated. Only what it had in hand and had not begun
   waits again.
"""

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from outbox import breaker, pace, queue, recording, restored, senders
from outbox.beginning import begin, take_back
from outbox.channels.base import Channel, get_channel
from outbox.models import Claim, Message, MessageQuerySet, Reason, Status
from outbox.patience import patiently
from outbox.pause import is_paused
from outbox.signals import claiming
from outbox.this_worker import WORKER
from outbox.verdicts import Verdict
from people.models import Medium

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

TURN_SECONDS = 20
"""How long one task goes on sending before it makes room for the next tick's."""


def channels_due(now: datetime) -> list[str]:
    """Return the channels that have something to send; in most seconds there is none."""
    return [key for key in settings.MESSAGE_CHANNELS if Message.objects.sendable(key, now).exists()]


def has_due(provider: str, now: datetime) -> bool:
    """Say whether messages wait that this provider is to be asked to send."""
    return any(get_channel(key).provider == provider for key in channels_due(now))


def send_due(channel_key: str, clock: Clock) -> int:
    """Send what this channel has due until nothing is left or the turn is over; return how many.

    At most `Channel.senders` of these run in one process, or fewer (outbox/senders.py), so that a
    slow provider does not take the threads that decide what is due.
    """
    channel = get_channel(channel_key)
    try:
        with senders.place(channel) as is_free:
            until = clock() + timedelta(seconds=TURN_SECONDS)
            return _send_in_turns(channel, clock, until) if is_free else 0
    finally:
        channel.close()


def _send_in_turns(channel: Channel, clock: Clock, until: datetime) -> int:
    sent, has_asked = 0, False
    while (now := clock()) < until and _may_send(channel, now):
        if not channel.wait_for_turn((until - now).total_seconds()):
            break
        # That may have taken its time. If somebody has stopped all sending, none will be begun.
        restored.look_now_and_then(clock())
        allowance = breaker.allowance(channel.key, clock())
        if allowance == 0:
            break
        batch_size = channel.batch_size()
        claimed = claim(channel, clock(), min(allowance, batch_size))
        if claimed.count == batch_size and not has_asked:
            # There is more than one sender can take: others may help, and ask in their turn.
            queue.send_soon(channel.key)
            has_asked = True
        if claimed.messages:
            sent += deliver(channel, claimed.messages, clock)
            continue
        # If this was to be the probe, nothing has been learnt: the next may go at once.
        breaker.take_note(channel.key, [], clock())
        if not claimed.count:
            break
    return sent


def _may_send(channel: Channel, now: datetime) -> bool:
    """Say whether there is anything to send and nothing has stopped it."""
    if not Message.objects.sendable(channel.key, now).exists():
        return False
    return not (is_paused() or channel.missing())


@dataclass(frozen=True)
class Claimed:
    """What was taken in hand for one call of a provider."""

    messages: list[Message]
    """Those to be sent; the others must not go after all and have been set aside."""

    count: int


def claim(channel: Channel, now: datetime, limit: int) -> Claimed:
    """Claim up to `limit` messages for one call.

    While their owners are asked they are in hand, and a cancellation still takes them back.
    """
    token = uuid.uuid4()
    mine = Message.objects.filter(claim=token, status=Status.CALLING)
    try:
        ids = _stamp(token, channel.key, now, limit)
        return _prepare(channel, mine.filter(pk__in=ids), now) if ids else Claimed([], 0)
    except Exception:
        # Nothing was handed over, whatever was noted: of what failed only the answer may be lost.
        _wait_again(partial(_put_back, mine))
        raise


def _put_back(mine: MessageQuerySet) -> int:
    return mine.update_in_one_order(
        status=Status.PLANNED, claim=None, lease_until=None, attempts=F("attempts") - 1
    )


def _wait_again(give_back: Callable[[], int]) -> None:
    """Let messages wait again at once; else they would for the end of the lease."""
    patiently(give_back, time.monotonic() + settings.MESSAGE_LEASE.total_seconds())


def _prepare(channel: Channel, mine: MessageQuerySet, now: datetime) -> Claimed:
    """Ask the owners again, and put in what is to be sent as it is now."""
    messages = list(
        mine.select_related("participant")
        .prefetch_related("user")  # of most there is none, and so no column to read either
        .order_by("expires_at", "pk")
    )
    set_aside = _ask_again(messages, now)
    wanted = [message for message in messages if message.pk not in set_aside]
    _take_present_addresses(wanted)
    if wanted and not channel.begins_in_shares:
        wanted = begin(wanted)
    return Claimed(wanted, len(messages))


@transaction.atomic
def _stamp(token: uuid.UUID, channel_key: str, now: datetime, limit: int) -> list[int]:
    """Take the next ones in hand, and nothing more: others wait for this where one may write."""
    candidates = restored.without_doubtful(Message.objects.sendable(channel_key, now))
    if connection.features.has_select_for_update_skip_locked:
        candidates = candidates.select_for_update(skip_locked=True)
    ids = list(candidates.values_list("pk", flat=True)[:limit])
    if ids:
        Claim.objects.create(pk=token, made_at=now)
        Message.objects.planned().filter(pk__in=ids).update(
            status=Status.CALLING,
            claim=token,
            lease_until=now + settings.MESSAGE_LEASE,
            no_answer_at=None,
            attempts=F("attempts") + 1,
        )
    return ids


def _ask_again(messages: Sequence[Message], now: datetime) -> set[int]:
    """Set aside what its owner no longer wants sent, or not now, and return the ids."""
    verdicts: dict[int, Verdict] = {}
    for _receiver, answer in claiming.send(Message, messages=messages, now=now):
        verdicts.update(cast("dict[int, Verdict]", answer))
    groups: dict[Verdict, list[int]] = {}
    for pk, verdict in verdicts.items():
        groups.setdefault(verdict, []).append(pk)
    for verdict, ids in groups.items():
        still_ours = Message.objects.filter(pk__in=ids, claim=messages[0].claim)
        still_ours.filter(status=Status.CALLING).update(
            status=verdict.status,
            reason=verdict.reason,
            detail=verdict.detail,
            not_before=verdict.not_before or F("not_before"),
            claim=None,
            lease_until=None,
            attempts=F("attempts") - 1,
        )
    return set(verdicts)


def _take_present_addresses(messages: Sequence[Message]) -> None:
    """Use the address a person has now, and keep it in the row as evidence."""
    changed = []
    for message in messages:
        if message.participant is not None:
            address = message.participant.address(message.medium)
        elif message.user is not None:
            address = message.user.email if message.medium == Medium.EMAIL else message.user.phone
        if address != message.address:
            message.address = address
            changed.append(message)
    if changed:
        _write_addresses(changed)


@transaction.atomic
def _write_addresses(messages: Sequence[Message]) -> None:
    """Hold the claim meanwhile: who takes back from a worker's hand passes over locked rows."""
    list(Claim.objects.select_for_update().filter(pk__in=[messages[0].claim]))
    Message.objects.bulk_update(messages, ["address"])


def deliver(channel: Channel, messages: Sequence[Message], clock: Clock) -> int:
    """Call the provider for claimed messages and record each outcome; return how many it took."""
    channel.clock = clock
    recorder = recording.Recorder(channel, clock, worker=WORKER)
    waiting = {message.pk: message for message in messages}
    begun, has_lost_database = time.monotonic(), False
    try:
        for message, outcome in channel.send(messages):
            waiting.pop(message.pk, None)
            recorder.add(message, outcome)
    except Exception as fault:
        # A fault of our own. What was already answered is recorded below; of the rest what was
        # begun may or may not have gone, so it stays `calling` and is looked up when the lease is
        # over.
        logger.exception("Channel %s failed with %s messages in hand", channel.key, len(waiting))
        has_lost_database = isinstance(fault, DatabaseError)
    finally:
        recorder.flush()
    if has_lost_database:
        # Nothing is wrong with the channel, nor with those it has not begun.
        here = Message.objects.filter(pk__in=list(waiting), claim=messages[0].claim)
        _wait_again(partial(take_back, here, status=Status.PLANNED))
    if recorder.handed_over == len(messages):
        pace.learn(channel, len(messages), time.monotonic() - begun)
    return recorder.handed_over


def expire(now: datetime) -> int:
    """Close what is past its use; return how many rows expired."""
    rows = Message.objects.past_use(now)
    if not rows.exists():
        return 0
    return rows.update_in_one_order(status=Status.EXPIRED, reason=Reason.TOO_LATE)
