"""Writing down what became of claimed messages, in groups, under their claim."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from outbox import breaker
from outbox.channels.base import (
    Channel,
    HandedOver,
    NotExecuted,
    Outcome,
    Refused,
    RefusedBecause,
    Unclear,
)
from outbox.models import Attempt, Message, Reason, Status
from people.models import AddressBlock

logger = logging.getLogger(__name__)

GROUP = 50
"""Outcomes written together; with a crash at most this many have to be looked up."""

CONFIRM_AFTER = timedelta(seconds=60)
"""How long after a hand-over a channel that confirms is asked what came of it."""

REASON_OF_REFUSAL = {
    RefusedBecause.ADDRESS: Reason.BAD_ADDRESS,
    RefusedBecause.MESSAGE: Reason.REFUSED,
    RefusedBecause.ACCOUNT: Reason.ACCOUNT,
}


class Recorder:
    """Collects outcomes of one batch and writes them group by group."""

    def __init__(self, channel: Channel, clock: Callable[[], datetime], *, worker: str) -> None:
        self.channel = channel
        self.clock = clock
        self.worker = worker
        self.handed_over = 0
        self._group: list[tuple[Message, Outcome, datetime]] = []

    def add(self, message: Message, outcome: Outcome) -> None:
        self._group.append((message, outcome, self.clock()))
        if len(self._group) >= GROUP:
            self.flush()

    def flush(self) -> None:
        """Write the group: message states, attempts, blocked addresses, the channel's state."""
        group, self._group = self._group, []
        if not group:
            return
        with transaction.atomic():
            for message, outcome, at in group:
                _apply(message, outcome, at, self.channel)
            written = _save([message for message, _outcome, _at in group])
            Attempt.objects.bulk_create(
                _attempt(message, outcome, at, self.channel, self.worker)
                for message, outcome, at in group
            )
            _block_addresses(group)
            breaker.take_note(self.channel.key, [outcome for _, outcome, _ in group], group[-1][2])
        if written < len(group):
            logger.warning(
                "%s of %s outcomes came after the lease; the look-up had settled them",
                len(group) - written,
                len(group),
            )
        self.handed_over += sum(isinstance(outcome, HandedOver) for _, outcome, _ in group)


def _apply(message: Message, outcome: Outcome, at: datetime, channel: Channel) -> None:
    message.lease_until = None
    match outcome:
        case HandedOver(provider_id):
            message.status, message.reason, message.detail = Status.HANDED_OVER, Reason.NONE, ""
            message.handed_over_at, message.provider_id = at, provider_id
            message.look_up_at = at + CONFIRM_AFTER if channel.confirms else None
        case Refused(sentence, RefusedBecause.ACCOUNT):
            # Everything on this channel waits for a person, and this message with it.
            _wait(message, at + timedelta(seconds=5), sentence)
        case Refused(sentence, because):
            message.status = Status.FAILED
            message.reason, message.detail = REASON_OF_REFUSAL[because], sentence[:500]
        case NotExecuted(sentence, retry_after):
            _wait(message, at + timedelta(seconds=retry_after), sentence)
        case Unclear(sentence):
            message.status, message.reason = Status.UNKNOWN, Reason.UNCLEAR
            message.detail = sentence[:500]
            message.look_up_at = at + settings.LOOK_UP_AFTER if channel.can_look_up else None


def _wait(message: Message, until: datetime, sentence: str) -> None:
    message.status, message.reason, message.detail = Status.PLANNED, Reason.NONE, sentence[:500]
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


def _save(messages: Sequence[Message]) -> int:
    """Write the states of rows whose claim is still ours; return how many that were.

    Rows whose lease ran out are left to the look-up, unless it has not touched them yet.
    """
    ours = set(
        Message.objects.select_for_update()
        .filter(
            pk__in=[message.pk for message in messages],
            claim=messages[0].claim,
            status__in=[Status.CALLING, Status.UNKNOWN],
        )
        .values_list("pk", flat=True)
    )
    mine = [message for message in messages if message.pk in ours]
    Message.objects.bulk_update(mine, FIELDS)
    return len(mine)


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
        message=message,
        number=message.attempts,
        channel=channel.key,
        worker=worker,
        ended_at=at,
        outcome=kind,
        detail=detail,
    )


def _block_addresses(group: Sequence[tuple[Message, Outcome, datetime]]) -> None:
    AddressBlock.objects.bulk_create(
        [
            AddressBlock(
                medium=message.medium,
                address=message.address,
                reason=outcome.sentence[:300],
                blocked_at=at,
            )
            for message, outcome, at in group
            if isinstance(outcome, Refused) and outcome.because is RefusedBecause.ADDRESS
        ],
        ignore_conflicts=True,
    )


def worker_died() -> str:
    return gettext("The worker stopped while it was handing this over.")
