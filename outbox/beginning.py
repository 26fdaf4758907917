"""The moment from which a claimed message may have gone.

A worker says of each share of what it claimed when it begins to hand it over. What a killed worker
had in hand but had not begun waits again afterwards; only the rest has to be looked up, or decided
by a person. What is cancelled or stopped meanwhile is taken out of its hand.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q

from outbox.models import Claim, Message, MessageQuerySet, Pause, Status

KEPT = timedelta(days=1)
"""How long it is known what a worker had in hand: far longer than any lease."""


def begin(messages: Sequence[Message]) -> list[Message]:
    """Note that these are handed over now; return those that still are in this claim's hand.

    They are the next ones of their claim, in its order. Messages without a claim are tests, which
    are not in the ledger.
    """
    token = messages[0].claim
    if token is None:
        return list(messages)
    mine = Message.objects.filter(claim=token, status=Status.CALLING)
    here = mine.filter(pk__in=[message.pk for message in messages])
    if Pause.objects.filter(resumed_at=None).exists():
        # Stopped while they were being claimed, when they could not be taken back yet.
        take_back(here, status=Status.PLANNED)
        return []
    last = messages[-1]
    come_to = {"last_expires_at": last.expires_at, "last_number": last.pk}
    claim = Claim.objects.filter(pk=token)
    if claim.filter(is_taken_from=False).update(**come_to):
        return list(messages)
    claim.update(**come_to)
    there = set(here.values_list("pk", flat=True))
    return [message for message in messages if message.pk in there]


def in_hand(messages: MessageQuerySet) -> MessageQuerySet:
    """Keep those that a worker has claimed and not begun."""
    return messages.filter(_claim_not_come_to_it(), status=Status.CALLING)


def begun(messages: MessageQuerySet) -> MessageQuerySet:
    """Keep those that a worker may have handed over; where nothing is known of a claim, all."""
    return messages.filter(~_claim_not_come_to_it(), status=Status.CALLING)


def _claim_not_come_to_it() -> Exists:
    is_behind = (
        Q(last_expires_at=None)
        | Q(last_expires_at__lt=OuterRef("expires_at"))
        | Q(last_expires_at=OuterRef("expires_at"), last_number__lt=OuterRef("pk"))
    )
    return Exists(Claim.objects.filter(is_behind, pk=OuterRef("claim")))


@transaction.atomic
def take_back(messages: MessageQuerySet, **state: object) -> int:
    """Give this state to those in a worker's hand that it has not begun; return how many.

    Until the transaction is over no worker begins anything of the claims they belong to.
    """
    tokens = {
        claim for claim in in_hand(messages).order_by().values_list("claim", flat=True) if claim
    }
    if not tokens:
        return 0
    claims = Claim.objects.filter(pk__in=tokens)
    if connection.features.has_select_for_update:
        list(claims.select_for_update().order_by("pk"))
    claims.update(is_taken_from=True)
    rows = in_hand(messages).filter(claim__in=tokens)
    if connection.features.has_select_for_update_skip_locked:
        # Not waited for: what is written down of them in this very moment is that they did not go.
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    there = list(rows.order_by("pk").values_list("pk", flat=True))
    return Message.objects.filter(pk__in=there).update(
        **state, claim=None, lease_until=None, attempts=F("attempts") - 1
    )


def forget_old(now: datetime) -> int:
    """Delete the claims that were done with long ago; return how many."""
    return Claim.objects.filter(made_at__lt=now - KEPT).delete()[0]
