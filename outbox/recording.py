"""Writing down what became of claimed messages, in groups, under their claim."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from django.conf import settings
from django.db import transaction

from integrations.storable import storable
from outbox import blocks, breaker, confirmation, look_up
from outbox.channels.base import (
    Channel,
    HandedOver,
    NotExecuted,
    Outcome,
    Refused,
    RefusedBecause,
    Unclear,
)
from outbox.models import NOT_GONE, Attempt, Message, Reason, Status
from outbox.patience import patiently
from people.rows import insert, write_fields

logger = logging.getLogger(__name__)

GROUP = 100
"""Outcomes written together; with a crash at most this many have to be looked up."""

HELD_BACK = timedelta(seconds=0.5)
"""Nor does one wait longer than this for others: a killed worker takes along what it has not
written, and where the provider cannot be asked a person has to decide on that."""

PROVIDER_ID, WORDS = 100, 500
"""How much of them the ledger has room for."""

REASON_OF_REFUSAL = {
    RefusedBecause.ADDRESS: Reason.BAD_ADDRESS,
    RefusedBecause.STOPPED: Reason.STOPPED_THERE,
    RefusedBecause.MESSAGE: Reason.REFUSED,
    RefusedBecause.ACCOUNT: Reason.ACCOUNT,
}


Group = Sequence[tuple[Message, Outcome, datetime]]

PATIENCE = timedelta(minutes=15)
"""So long it is tried to write down what is known: a hand-over counts also after the lease."""


class Recorder:
    """Collects outcomes of one batch and writes them group by group."""

    def __init__(self, channel: Channel, clock: Callable[[], datetime], *, worker: str) -> None:
        self.channel = channel
        self.clock = clock
        self.worker = worker
        self.handed_over = 0
        self._group: list[tuple[Message, Outcome, datetime]] = []
        self._patient_until = time.monotonic() + PATIENCE.total_seconds()

    def add(self, message: Message, outcome: Outcome) -> None:
        at = self.clock()
        self._group.append((message, _as_stored(outcome), at))
        if len(self._group) >= GROUP or at - self._group[0][2] >= HELD_BACK:
            self.flush()

    def flush(self) -> None:
        """Write the group: message states, attempts, blocked addresses, the channel's state."""
        group, self._group = self._group, []
        if not group:
            return
        before = {message.pk: message.detail for message, _outcome, _at in group}
        for message, outcome, at in group:
            _apply(message, outcome, at, self.channel)
        tries = count()

        def write() -> set[int]:
            return self._write(group, before, is_repeated=next(tries) > 0)

        written = patiently(write, self._patient_until)
        too_late = [
            message
            for message, outcome, _at in group
            if message.pk not in written and not _has_only_waited(outcome)
        ]
        if too_late:
            logger.warning(
                "%s of %s outcomes came after the lease; the look-up had settled them",
                len(too_late),
                len(group),
            )
        self.handed_over += sum(isinstance(outcome, HandedOver) for _, outcome, _ in group)

    @transaction.atomic
    def _write(self, group: Group, before: Mapping[int, str], *, is_repeated: bool) -> set[int]:
        if is_repeated and self._has_written(group):
            return {message.pk for message, _outcome, _at in group}
        written = _save(group)
        insert(
            [
                _attempt(message, outcome, at, self.channel, self.worker)
                for message, outcome, at in group
                if not _waits_for_the_same(message, outcome, before[message.pk])
            ]
        )
        _block_addresses(group, self.channel)
        breaker.take_note(self.channel.key, [outcome for _, outcome, _ in group], group[-1][2])
        return written

    def _has_written(self, group: Group) -> bool:
        """Say whether only the answer was lost: all of a group is written, or nothing."""
        attempts = Attempt.objects.filter(message__in=[message.pk for message, _, _ in group])
        moments = [at for _message, _outcome, at in group]
        return attempts.filter(worker=self.worker, ended_at__in=moments).exists()


def _as_stored(outcome: Outcome) -> Outcome:
    """Take a provider's words as they can be kept: for one character nothing else is lost."""
    if isinstance(outcome, HandedOver):
        return HandedOver(storable(outcome.provider_id)[:PROVIDER_ID])
    return replace(outcome, sentence=storable(outcome.sentence)[:WORDS])


def _apply(message: Message, outcome: Outcome, at: datetime, channel: Channel) -> None:
    message.lease_until = None
    match outcome:
        case HandedOver(provider_id):
            message.status, message.reason, message.detail = Status.HANDED_OVER, Reason.NONE, ""
            message.handed_over_at, message.provider_id = at, provider_id
            message.look_up_at = confirmation.first_asked_at(channel, at)
        case Refused(sentence, RefusedBecause.ACCOUNT):
            # Everything on this channel waits for a person, and this message with it.
            _wait(message, at + timedelta(seconds=5), sentence)
        case Refused(sentence, because):
            message.status = Status.FAILED
            message.reason, message.detail = REASON_OF_REFUSAL[because], sentence
        case NotExecuted(sentence, retry_after):
            _wait(message, at + timedelta(seconds=retry_after), sentence)
        case Unclear(sentence):
            message.status, message.reason = Status.UNKNOWN, Reason.UNCLEAR
            message.detail = sentence
            soon = min(look_up.SOON, settings.LOOK_UP_AFTER)
            message.look_up_at = at + soon if channel.can_look_up else None


def _wait(message: Message, until: datetime, sentence: str) -> None:
    message.status, message.reason, message.detail = Status.PLANNED, Reason.NONE, sentence
    message.not_before = until


FIELDS = [
    "status",
    "reason",
    "detail",
    "lease_until",
    "handed_over_at",
    "provider_id",
    "not_before",
    "look_up_at",
]


def _save(group: Group) -> set[int]:
    """Write the states of rows whose claim is still ours; return which ones that were.

    Where the lease ran out and the row has been settled since, only the news that the provider
    took it counts: as long as nobody has claimed the row again, that saves a second sending.
    """
    ours = {"pk__in": [message.pk for message, _, _ in group], "claim": group[0][0].claim}
    there = Message.objects.filter(**ours).in_one_order()
    states = dict(there.values_list("pk", "status"))
    mine = [
        message
        for message, outcome, _at in group
        if states.get(message.pk) in (Status.CALLING, Status.UNKNOWN)
        or (isinstance(outcome, HandedOver) and states.get(message.pk) in NOT_GONE)
    ]
    write_fields(mine, FIELDS)
    return {message.pk for message in mine}


def _has_only_waited(outcome: Outcome) -> bool:
    """Say whether nothing was done: such a message may be taken back while it is in hand."""
    return isinstance(outcome, NotExecuted) and not outcome.is_failure


def _waits_for_the_same(message: Message, outcome: Outcome, detail: str) -> bool:
    """Say whether it waits for the same as at the last attempt: nothing new to keep."""
    return _has_only_waited(outcome) and message.attempts > 1 and message.detail == detail


def _attempt(
    message: Message, outcome: Outcome, at: datetime, channel: Channel, worker: str
) -> Attempt:
    kind, detail = {
        HandedOver: (Attempt.Outcome.HANDED_OVER, message.provider_id),
        Refused: (Attempt.Outcome.REFUSED, message.detail),
        NotExecuted: (Attempt.Outcome.NOT_EXECUTED, message.detail),
        Unclear: (Attempt.Outcome.UNCLEAR, message.detail),
    }[type(outcome)]
    return Attempt(
        message_id=message.pk,
        number=message.attempts,
        channel=channel.key,
        worker=worker,
        ended_at=at,
        outcome=kind,
        detail=detail,
    )


def _block_addresses(group: Group, channel: Channel) -> None:
    for message, outcome, at in group:
        if isinstance(outcome, Refused):
            blocks.block(message, channel.key, outcome.because, outcome.sentence, at)
