"""What people decide about messages; each decision is kept with who and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from outbox.models import Attempt, Message, MessageQuerySet, Reason, Status
from people.rows import insert

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DecisionRefusedError(Exception):
    """The message is not in a state to be decided on; the sentence says why."""


@dataclass(frozen=True)
class Decision:
    """What a person says of a message, and what follows from it."""

    allowed: tuple[Status, ...]
    changes: Callable[[datetime], dict[str, object]]
    note: "StrOrPromise"
    sends: bool = False
    """It goes out by this, so only while it is of use."""


def _planned_again(at: datetime) -> dict[str, object]:
    return {
        "status": Status.PLANNED,
        "reason": Reason.NONE,
        "not_before": at,
        "look_up_at": None,
    }


RETRY = Decision((Status.FAILED,), _planned_again, _("Sent again."), sends=True)

WENT = Decision(
    (Status.UNKNOWN,),
    lambda at: {
        "status": Status.HANDED_OVER,
        "reason": Reason.NONE,
        "handed_over_at": Coalesce(F("handed_over_at"), at),
        "look_up_at": None,
    },
    _("It was handed over."),
)

DID_NOT_GO = Decision(
    (Status.UNKNOWN,),
    # The claim stays: should its worker wake and say that it went after all, that still counts.
    lambda at: {
        **_planned_again(at),
        "no_answer_at": None,
        # Looked up, by a person: after a restore it is not doubted once more.
        "repeats": F("repeats") + 1,
    },
    _("It was not handed over: sent again."),
    sends=True,
)

NOT_NEEDED = Decision(
    (Status.UNKNOWN, Status.FAILED, Status.HELD, Status.PLANNED),
    lambda _at: {
        "status": Status.SKIPPED,
        # Who may have got it is told of a move as if they had.
        "reason": Case(
            When(status=Status.UNKNOWN, then=Value(Reason.LEFT_UNCLEAR)),
            default=Value(Reason.NOT_NEEDED),
        ),
        "look_up_at": None,
    },
    _("It is not needed."),
)


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
    if at < message.expires_at and not message.body:
        raise DecisionRefusedError(
            gettext(
                "It has no text. Once what it says as the reason is mended, it is planned again by "
                "itself."
            )
        )
    _decide(message, RETRY, by_id=by_id, at=at)


def settle_as_sent(message: Message, *, by_id: int, at: datetime) -> None:
    """A person has made sure that it was handed over."""
    _decide(message, WENT, by_id=by_id, at=at)


def settle_by_sending_again(message: Message, *, by_id: int, at: datetime) -> None:
    """A person has made sure that it was not handed over, and wants it sent."""
    _decide(message, DID_NOT_GO, by_id=by_id, at=at)


def settle_as_not_needed(message: Message, *, by_id: int, at: datetime) -> None:
    """Leave it: nobody needs it any more, whether or not it went."""
    _decide(message, NOT_NEEDED, by_id=by_id, at=at)


def _decide(message: Message, decision: Decision, *, by_id: int, at: datetime) -> None:
    if decision.sends and at >= message.expires_at:
        raise DecisionRefusedError(gettext("It is of no use any more, so it is not sent again."))
    if not carry_out(decision, Message.objects.filter(pk=message.pk), by_id=by_id, at=at):
        raise DecisionRefusedError(
            gettext("Its state has changed meanwhile. Look at it again before you decide.")
        )


@transaction.atomic
def carry_out(decision: Decision, rows: MessageQuerySet, *, by_id: int, at: datetime) -> int:
    """Change those that still are in a state for it, and keep who decided; return how many."""
    # Not while a look-up may still settle it, unless it has been asked in vain.
    in_work = Q(status=Status.UNKNOWN, look_up_at__isnull=False, no_answer_at=None)
    open_ones = rows.filter(status__in=decision.allowed).exclude(in_work)
    if decision.sends:
        open_ones = open_ones.filter(expires_at__gt=at)
    # Locked in the order in which others lock them.
    locked = list(open_ones.in_one_order())
    Message.objects.filter(pk__in=[each.pk for each in locked]).update(**decision.changes(at))
    insert([_kept(message, decision, by_id, at) for message in locked])
    return len(locked)


def _kept(message: Message, decision: Decision, by_id: int, at: datetime) -> Attempt:
    return Attempt(
        message=message,
        number=message.attempts,
        channel=message.channel,
        ended_at=at,
        outcome=Attempt.Outcome.DECIDED,
        detail=str(decision.note),
        by_id=by_id,
    )
