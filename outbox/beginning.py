"""The moment from which a claimed message may have gone.

A channel whose batch takes a while says of each share when it begins to hand it over. What a killed
worker had in hand but had not begun waits again afterwards; only the rest has to be looked up, or
decided by a person. What is cancelled or stopped meanwhile is taken out of its hand.
"""

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import F

from outbox.models import Message, MessageQuerySet, Pause, Status


def begin(messages: Sequence[Message]) -> list[Message]:
    """Note that these are handed over now; return those that still are in this claim's hand.

    Messages without a claim are tests, which are not in the ledger.
    """
    claim = messages[0].claim
    if claim is None:
        return list(messages)
    mine = Message.objects.filter(claim=claim, status=Status.CALLING)
    here = mine.filter(pk__in=[message.pk for message in messages])
    if Pause.objects.filter(resumed_at=None).exists():
        # Stopped while they were being claimed, when they could not be taken back yet.
        take_back(here, status=Status.PLANNED)
        return []
    if here.update(is_in_hand=False) == len(messages):
        return list(messages)
    there = set(here.values_list("pk", flat=True))
    return [message for message in messages if message.pk in there]


@transaction.atomic
def take_back(messages: MessageQuerySet, **state: object) -> int:
    """Give this state to those in a worker's hand that it has not begun; return how many.

    Which are locked is not waited for: they are being begun in this very moment.
    """
    in_hand = messages.filter(status=Status.CALLING, is_in_hand=True)
    if connection.features.has_select_for_update_skip_locked:
        in_hand = in_hand.select_for_update(skip_locked=True, of=("self",))
    there = list(in_hand.order_by("pk").values_list("pk", flat=True))
    return Message.objects.filter(pk__in=there).update(
        **state, claim=None, lease_until=None, is_in_hand=False, attempts=F("attempts") - 1
    )
