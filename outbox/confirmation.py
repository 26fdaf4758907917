"""Handed over is not always sent: ask the provider afterwards what came of it.

Bitrix24 answers with a workflow's number as soon as the workflow has started. Whether it sent an
SMS shows only in the activity that the SMS leaves. Found: the activity's number is kept. Not there
after five minutes: the message has failed, and a person sees it. It is never sent again by itself,
and goes on being asked about: a workflow of a busy portal may send it later still. What a person
sends again before that is looked for once more (outbox/repeats.py).

Where the provider can tell what became of a message, it is asked until there is a last word of it,
ever more rarely; what it says counts like a report that it sends (outbox/delivery_reports.py).
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from outbox import delivery_reports
from outbox.channels.base import Absent, CannotTell, Channel, Found, LookUp, get_channel
from outbox.models import (
    NOT_GONE,
    Attempt,
    DeliveryReport,
    Message,
    MessageQuerySet,
    Reason,
    Status,
)

logger = logging.getLogger(__name__)

BATCH = 50
FIRST = timedelta(seconds=60)
AGAIN = timedelta(seconds=60)
NOT_SENT_AFTER = timedelta(minutes=5)
STATES = (Status.HANDED_OVER, Status.FAILED)
"""What is asked about: each by its own query, since almost all rows have the first for ever."""

GIVE_UP = timedelta(hours=2)
"""When the provider gives no answer for so long, the message stays handed over, unconfirmed."""


def first_asked_at(channel: Channel, handed_over_at: datetime) -> datetime | None:
    """Say when to ask first what came of a message; None where the hand-over is the last word."""
    return handed_over_at + FIRST if channel.confirms else None


def confirm_due(clock: Callable[[], datetime]) -> int:
    """Ask once about what was handed over a while ago; return how many were settled."""
    started = clock()
    settled = 0
    waiting = [
        (key, status)
        for status in STATES
        for key in sorted(set(_due(status, started).order_by().values_list("channel", flat=True)))
    ]
    for key, status in waiting:
        try:
            settled += _confirm_channel(key, status, clock, started)
        except Exception:
            # Its messages have been moved on, so the other channels get their turn.
            logger.exception("What channel %s handed over could not be confirmed", key)
    return settled


def _confirm_channel(
    key: str, status: Status, clock: Callable[[], datetime], started: datetime
) -> int:
    due = _due(status, started).filter(channel=key)
    if key not in settings.MESSAGE_CHANNELS:
        # Nobody can be asked any more: they stay as they are, unconfirmed.
        due.update(look_up_at=None)
        return 0
    channel = get_channel(key)
    settled = 0
    while not channel.missing() and (messages := _claim(due, clock())):
        settled += _confirm(channel, messages, clock)
    return settled


def _due(status: Status, by: datetime) -> MessageQuerySet:
    return Message.objects.filter(status=status, look_up_at__lte=by)


@transaction.atomic
def _claim(due: MessageQuerySet, now: datetime) -> list[Message]:
    """Take the next ones, and move them on so that no other worker asks about them too."""
    due = due.order_by("look_up_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    messages = list(due.select_related("participant")[:BATCH])
    Message.objects.filter(pk__in=[m.pk for m in messages]).update(look_up_at=now + AGAIN)
    return messages


def _confirm(channel: Channel, messages: Sequence[Message], clock: Callable[[], datetime]) -> int:
    answers = list(channel.look_up(messages))
    now = clock()
    with transaction.atomic():
        return sum(take_in(channel, message, found, now) for message, found in answers)


def take_in(channel: Channel, message: Message, found: LookUp, now: datetime) -> bool:
    """Write down an answer about a message; say whether that has settled something."""
    if isinstance(found, Found) and found.report is not None:
        delivery_reports.note(channel.key, message.uid, message.attempts, found.report, now)
    changes = _consequence(channel, message, found, now)
    # That it went counts also if a person has just decided to send it again.
    states = (message.status, *NOT_GONE) if isinstance(found, Found) else (message.status,)
    row = Message.objects.filter(pk=message.pk, status__in=states, attempts=message.attempts)
    if not changes or not row.update(**changes) or not _is_news(message, found, changes):
        return False
    Attempt.objects.create(
        message=message,
        number=message.attempts,
        channel=channel.key,
        ended_at=now,
        outcome=Attempt.Outcome.FOUND if isinstance(found, Found) else Attempt.Outcome.ABSENT,
        detail=found.provider_id if isinstance(found, Found) else "",
    )
    return True


def _is_news(message: Message, found: LookUp, changes: Mapping[str, object]) -> bool:
    """Leave out that it still is not there, and what was asked for its state only."""
    if isinstance(found, Found):
        return found.provider_id != message.provider_id
    return "status" in changes


def _consequence(
    channel: Channel, message: Message, found: LookUp, now: datetime
) -> dict[str, object]:
    since = now - (message.handed_over_at or message.not_before)
    has_failed = message.status == Status.FAILED
    if isinstance(found, Found):
        return {
            "status": Status.HANDED_OVER,
            "reason": Reason.NONE,
            "detail": "",
            "provider_id": found.provider_id,
            "handed_over_at": message.handed_over_at or found.at or now,
            # What came late has not been asked for its state yet.
            "look_up_at": now + AGAIN if has_failed else _ask_again(found, since, now),
        }
    if since >= GIVE_UP and (has_failed or isinstance(found, CannotTell)):
        return {"look_up_at": None}
    later: dict[str, object] = {"look_up_at": now + max(AGAIN, since / 2)}
    if has_failed:
        return later
    if isinstance(found, Absent) and since >= NOT_SENT_AFTER:
        return later | {
            "status": Status.FAILED,
            "reason": Reason.REFUSED,
            "detail": channel.not_confirmed()[:500],
            "handed_over_at": None,
        }
    return {}


def _ask_again(found: Found, since: timedelta, now: datetime) -> datetime | None:
    """Say when to ask for the last word on a message, if the provider tells such things."""
    is_open = found.report is not None and found.report.state == DeliveryReport.State.ON_ITS_WAY
    return now + max(AGAIN, since) if is_open and since < GIVE_UP else None
