"""Settling what is unclear: ask the provider by our own key, and only then decide."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext

from outbox import beginning, confirmation
from outbox.channels.base import (
    Absent,
    CannotTell,
    Channel,
    Found,
    LookUp,
    can_be_asked,
    get_channel,
)
from outbox.models import NOT_GONE, Attempt, Message, MessageQuerySet, Reason, Status
from people.rows import insert

logger = logging.getLogger(__name__)

BATCH = 50
SOON = timedelta(seconds=10)
"""When it is first asked whether an unclear call was carried out: mostly only the answer was lost.

That it is there counts at once; that it is not counts only after the provider's own time limit.
"""

AGAIN = timedelta(seconds=30)
"""When a look-up that gave no answer is tried again."""

GIVE_UP = timedelta(minutes=15)
"""After so long without an answer from the look-up a person decides."""

REPEATS = 3
"""How often a message surely not there is sent again; each time the provider said so."""


def abandon_expired_leases(now: datetime) -> int:
    """Turn rows whose worker has gone silent into `unknown`; return how many.

    They are looked up at once. That they are not there counts only after the provider's own time
    limit from now: a clock that was set forward takes a call for abandoned that still goes on. A
    channel that cannot be asked leaves them to a person. What had not been begun waits again.
    """
    abandoned = Message.objects.filter(status=Status.CALLING, lease_until__lte=now)
    if not abandoned.exists():
        return 0
    beginning.take_back(abandoned, status=Status.PLANNED, not_before=now)
    return _doubt(beginning.begun(abandoned), now)


@transaction.atomic
def _doubt(abandoned: MessageQuerySet, now: datetime) -> int:
    messages = list(abandoned.in_one_order())
    insert([_attempt_of_the_dead(message, now) for message in messages])
    for key in {message.channel for message in messages}:
        Message.objects.filter(pk__in=[m.pk for m in messages if m.channel == key]).update(
            status=Status.UNKNOWN,
            reason=Reason.WORKER_DIED,
            lease_until=None,
            look_up_at=now if can_be_asked(key) else None,
        )
    return len(messages)


def _attempt_of_the_dead(message: Message, now: datetime) -> Attempt:
    return Attempt(
        message=message,
        number=message.attempts,
        channel=message.channel,
        ended_at=now,
        outcome=Attempt.Outcome.UNCLEAR,
        detail=gettext("The worker stopped while it was handing this over."),
    )


def resolve_unclear(clock: Callable[[], datetime]) -> int:
    """Look up once what is unclear and due for it by now; return how many were settled."""
    started = clock()
    settled = 0
    due = Message.objects.filter(status=Status.UNKNOWN, look_up_at__lte=started)
    for key in sorted(set(due.order_by().values_list("channel", flat=True))):
        try:
            if can_be_asked(key):
                settled += _resolve_channel(get_channel(key), started, clock)
            else:
                # It could when they became unclear; now only a person can tell.
                due.filter(channel=key).update(look_up_at=None)
        except Exception:
            # Its messages have been moved on, so the other channels get their turn.
            logger.exception("What is unclear of channel %s could not be settled", key)
    return settled


def _resolve_channel(channel: Channel, started: datetime, clock: Callable[[], datetime]) -> int:
    settled = 0
    # While a provider is silent, the first ones are due again before the last have been asked for.
    while messages := _claim(channel.key, started, clock()):
        settled += _settle(channel, messages, clock)
    return settled


@transaction.atomic
def _claim(channel: str, due_by: datetime, now: datetime) -> list[Message]:
    """Take the next ones to look up, and move them on so that no other worker takes them too."""
    due = Message.objects.filter(
        status=Status.UNKNOWN, channel=channel, look_up_at__lte=due_by
    ).order_by("look_up_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    messages = list(due.select_related("participant")[:BATCH])
    Message.objects.filter(pk__in=[m.pk for m in messages]).update(
        look_up_at=now + settings.LOOK_UP_AFTER
    )
    return messages


def _settle(channel: Channel, messages: Sequence[Message], clock: Callable[[], datetime]) -> int:
    settled = 0
    trusted_from = _absence_trusted_from(messages)
    for message, found in _ask(channel, messages):
        now = clock()
        is_over = now >= trusted_from.get(message.pk, now)
        if isinstance(found, Absent) and not is_over:
            _ask_later(message, trusted_from[message.pk])
            continue
        with transaction.atomic():
            # Somebody may have decided meanwhile: that it went counts all the same.
            states = (Status.UNKNOWN, *NOT_GONE) if isinstance(found, Found) else (Status.UNKNOWN,)
            row = Message.objects.select_for_update().filter(
                pk=message.pk, status__in=states, claim=message.claim
            )
            if not row.exists():
                continue
            if isinstance(found, CannotTell):
                row.update(**_without_answer(message, found, now, is_over=is_over))
                continue
            row.update(**_consequence(channel, message, found, now))
            settled += 1
            Attempt.objects.create(
                message=message,
                number=message.attempts,
                channel=channel.key,
                ended_at=now,
                outcome=Attempt.Outcome.FOUND
                if isinstance(found, Found)
                else Attempt.Outcome.ABSENT,
                detail=found.provider_id if isinstance(found, Found) else "",
            )
    return settled


def _ask(channel: Channel, messages: Sequence[Message]) -> Iterator[tuple[Message, LookUp]]:
    """Ask the provider; where the channel is off, or at fault, nothing can be told."""
    waiting = {message.pk: message for message in messages}
    sentence = ""
    try:
        for message, found in channel.look_up(messages):
            waiting.pop(message.pk, None)
            yield message, found
    except Exception:
        sentence = channel.missing()
        if not sentence:
            logger.exception("The look-up by channel %s failed", channel.key)
            sentence = gettext("The look-up failed by a fault of this application.")
    for message in waiting.values():
        yield message, CannotTell(sentence)


def _absence_trusted_from(messages: Sequence[Message]) -> dict[int, datetime]:
    """Return from when on a call that was unclear cannot be carried out any more."""
    unclear = Attempt.objects.filter(message__in=messages, outcome=Attempt.Outcome.UNCLEAR)
    last = unclear.order_by().values_list("message").annotate(Max("ended_at"))
    return {pk: at + settings.LOOK_UP_AFTER for pk, at in last}


def _ask_later(message: Message, at: datetime) -> None:
    waiting = Message.objects.filter(pk=message.pk, status=Status.UNKNOWN, claim=message.claim)
    waiting.update(look_up_at=at)


def _consequence(
    channel: Channel, message: Message, found: Found | Absent, now: datetime
) -> dict[str, object]:
    if isinstance(found, Found):
        return {
            "status": Status.HANDED_OVER,
            "reason": Reason.NONE,
            "detail": "",
            "provider_id": found.provider_id,
            "handed_over_at": found.at or now,
            "look_up_at": confirmation.first_asked_at(channel, now),
        }
    if now >= message.expires_at:
        return {"status": Status.EXPIRED, "reason": Reason.TOO_LATE, "look_up_at": None}
    if message.repeats < REPEATS:
        return {
            "status": Status.PLANNED,
            "reason": Reason.NONE,
            "not_before": now,
            "repeats": message.repeats + 1,
            "look_up_at": None,
            "no_answer_at": None,
        }
    return {"look_up_at": None}


def _without_answer(
    message: Message, told: CannotTell, now: datetime, *, is_over: bool
) -> dict[str, object]:
    """Ask again; once the call cannot be carried out any more, a person may decide meanwhile."""
    patience_over = now - message.due_at > GIVE_UP and now >= message.expires_at
    return {
        "look_up_at": None if patience_over else now + AGAIN,
        "no_answer_at": message.no_answer_at or (now if is_over else None),
        "detail": told.sentence[:500],
    }
