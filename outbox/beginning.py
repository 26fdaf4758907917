"""The moment from which a claimed message may have gone.

A channel whose batch takes a while says of each share when it begins to hand it over. What a killed
worker had in hand but had not begun waits again afterwards; only the rest has to be looked up, or
decided by a person.
"""

from collections.abc import Sequence

from outbox.models import Message, Status


def begin(messages: Sequence[Message]) -> list[Message]:
    """Note that these are handed over now; return those that still are in this claim's hand.

    Messages without a claim are tests, which are not in the ledger.
    """
    claim = messages[0].claim
    if claim is None:
        return list(messages)
    mine = Message.objects.filter(claim=claim, status=Status.CALLING)
    here = mine.filter(pk__in=[message.pk for message in messages])
    if here.update(is_in_hand=False) == len(messages):
        return list(messages)
    there = set(here.values_list("pk", flat=True))
    return [message for message in messages if message.pk in there]
