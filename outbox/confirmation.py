"""Handed over is not always sent: ask the provider afterwards what came of it.

Bitrix24 answers with a workflow's number as soon as the workflow has started. Whether it sent an
SMS shows only in the activity that the SMS leaves. Found: the activity's number is kept. Not there
after five minutes: the message has failed, and a person sees it. It is never sent again by itself.

Where the provider can tell what became of a message, it is asked until there is a last word of it,
ever more rarely; what it says counts like a report that it sends (outbox/delivery_reports.py).
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from outbox import delivery_reports
from outbox.channels.base import Absent, CannotTell, Channel, Found, LookUp, get_channel
from outbox.models import Attempt, DeliveryReport, Message, MessageQuerySet, Reason, Status

logger = logging.getLogger(__name__)

BATCH = 50
FIRST = timedelta(seconds=60)
AGAIN = timedelta(seconds=60)
NOT_SENT_AFTER = timedelta(minutes=5)
GIVE_UP = timedelta(hours=2)
"""When the provider gives no answer for so long, the message stays handed over, unconfirmed."""


def first_asked_at(channel: Channel, handed_over_at: datetime) -> datetime | None:
    """Say when to ask first what came of a message; None where the hand-over is the last word."""
    return handed_over_at + FIRST if channel.confirms else None


def confirm_due(clock: Callable[[], datetime]) -> int:
    """Ask once about what was handed over a while ago; return how many were settled."""
    started = clock()
    settled = 0
    due = Message.objects.filter(status=Status.HANDED_OVER, look_up_at__lte=started)
    for key in sorted(set(due.order_by().values_list("channel", flat=True))):
        try:
            settled += _confirm_channel(key, started, clock)
        except Exception:
            # Its messages have been moved on, so the other channels get their turn.
            logger.exception("What channel %s handed over could not be confirmed", key)
    return settled


def _confirm_channel(key: str, started: datetime, clock: Callable[[], datetime]) -> int:
    if key not in settings.MESSAGE_CHANNELS:
        # Nobody can be asked any more: they stay handed over, unconfirmed.
        _due(key, started).update(look_up_at=None)
        return 0
    channel = get_channel(key)
    settled = 0
    while not channel.missing() and (messages := _claim(key, started, clock())):
        settled += _confirm(channel, messages, clock)
    return settled


def _due(channel: str, by: datetime) -> MessageQuerySet:
    return Message.objects.filter(status=Status.HANDED_OVER, channel=channel, look_up_at__lte=by)


@transaction.atomic
def _claim(channel: str, due_by: datetime, now: datetime) -> list[Message]:
    """Take the next ones, and move them on so that no other worker asks about them too."""
    due = _due(channel, due_by).order_by("look_up_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    messages = list(due.select_related("participant")[:BATCH])
    Message.objects.filter(pk__in=[m.pk for m in messages]).update(look_up_at=now + AGAIN)
    return messages


def _confirm(channel: Channel, messages: Sequence[Message], clock: Callable[[], datetime]) -> int:
    settled = 0
    answers = list(channel.look_up(messages))
    now = clock()
    with transaction.atomic():
        for message, found in answers:
            if isinstance(found, Found) and found.report is not None:
                key, uid = channel.key, message.uid
                delivery_reports.note(key, uid, message.attempts, found.report, now)
            changes = _consequence(channel, message, found, now)
            row = Message.objects.filter(pk=message.pk, status=Status.HANDED_OVER)
            if not changes or not row.update(**changes) or isinstance(found, CannotTell):
                continue
            is_found = isinstance(found, Found)
            if isinstance(found, Found) and found.provider_id == message.provider_id:
                # Asked for its state only: that is kept as a report.
                continue
            settled += 1
            Attempt.objects.create(
                message=message,
                number=message.attempts,
                channel=channel.key,
                ended_at=now,
                outcome=Attempt.Outcome.FOUND if is_found else Attempt.Outcome.ABSENT,
                detail=found.provider_id if isinstance(found, Found) else "",
            )
    return settled


def _consequence(
    channel: Channel, message: Message, found: LookUp, now: datetime
) -> dict[str, object]:
    since = now - (message.handed_over_at or now)
    if isinstance(found, Found):
        return {"provider_id": found.provider_id, "look_up_at": _ask_again(found, since, now)}
    if isinstance(found, Absent) and since >= NOT_SENT_AFTER:
        return {
            "status": Status.FAILED,
            "reason": Reason.REFUSED,
            "detail": channel.not_confirmed()[:500],
            "handed_over_at": None,
            "look_up_at": None,
        }
    return {"look_up_at": None} if since >= GIVE_UP else {}


def _ask_again(found: Found, since: timedelta, now: datetime) -> datetime | None:
    """Say when to ask for the last word on a message, if the provider tells such things."""
    is_open = found.report is not None and found.report.state == DeliveryReport.State.ON_ITS_WAY
    return now + max(AGAIN, since) if is_open and since < GIVE_UP else None
