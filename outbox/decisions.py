"""What people decide about single messages; each decision is kept with who and when."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext

from outbox.models import Attempt, Message, Reason, Status


class DecisionRefusedError(Exception):
    """The message is not in a state to be decided on; the sentence says why."""


def can_retry(message: Message, now: datetime) -> bool:
    return message.status == Status.FAILED and now < message.expires_at and bool(message.body)


def can_settle(message: Message) -> bool:
    """Say whether its outcome is unknown and no look-up has been able to settle it."""
    nobody_tells = message.look_up_at is None or message.no_answer_at is not None
    return message.status == Status.UNKNOWN and nobody_tells


def can_send_again(message: Message, now: datetime) -> bool:
    return can_settle(message) and now < message.expires_at


def retry(message: Message, *, by_id: int, at: datetime) -> None:
    """Send a failed message again, while it is of use; the plan is asked again at the claim."""
    if at >= message.expires_at:
        raise DecisionRefusedError(gettext("It is of no use any more, so it is not sent again."))
    if not message.body:
        raise DecisionRefusedError(
            gettext(
                "It has no text. Once what it says as the reason is mended, it is planned again by "
                "itself."
            )
        )
    _change(
        message,
        [Status.FAILED],
        {"status": Status.PLANNED, "reason": Reason.NONE, "not_before": at},
        note=gettext("Sent again."),
        by_id=by_id,
        at=at,
    )


def settle_as_sent(message: Message, *, by_id: int, at: datetime) -> None:
    """A person has made sure that it was handed over."""
    _change(
        message,
        [Status.UNKNOWN],
        {
            "status": Status.HANDED_OVER,
            "reason": Reason.NONE,
            "handed_over_at": message.handed_over_at or at,
            "look_up_at": None,
        },
        note=gettext("It was handed over."),
        by_id=by_id,
        at=at,
    )


def settle_by_sending_again(message: Message, *, by_id: int, at: datetime) -> None:
    """A person has made sure that it was not handed over, and wants it sent."""
    if at >= message.expires_at:
        raise DecisionRefusedError(gettext("It is of no use any more, so it is not sent again."))
    _change(
        message,
        [Status.UNKNOWN],
        {
            "status": Status.PLANNED,
            "reason": Reason.NONE,
            "not_before": at,
            "look_up_at": None,
            "no_answer_at": None,
            "claim": None,
            # Looked up, by a person: after a restore it is not doubted once more.
            "repeats": F("repeats") + 1,
        },
        note=gettext("It was not handed over: sent again."),
        by_id=by_id,
        at=at,
    )


def settle_as_not_needed(message: Message, *, by_id: int, at: datetime) -> None:
    """Leave it: nobody needs it any more, whether or not it went."""
    _change(
        message,
        [Status.UNKNOWN, Status.FAILED, Status.HELD, Status.PLANNED],
        {"status": Status.SKIPPED, "reason": Reason.NOT_NEEDED, "look_up_at": None},
        note=gettext("It is not needed."),
        by_id=by_id,
        at=at,
    )


@transaction.atomic
def _change(
    message: Message,
    allowed: list[Status],
    changes: dict[str, object],
    *,
    note: str,
    by_id: int,
    at: datetime,
) -> None:
    """Change it if it still is in one of the allowed states, and keep who decided."""
    # Not while a look-up may still settle it, unless it has been asked in vain.
    in_work = Q(status=Status.UNKNOWN, look_up_at__isnull=False, no_answer_at=None)
    rows = Message.objects.filter(pk=message.pk, status__in=allowed).exclude(in_work)
    if not rows.update(**changes):
        raise DecisionRefusedError(
            gettext("Its state has changed meanwhile. Look at it again before you decide.")
        )
    Attempt.objects.create(
        message=message,
        number=message.attempts,
        channel=message.channel,
        ended_at=at,
        outcome=Attempt.Outcome.DECIDED,
        detail=note,
        by_id=by_id,
    )
