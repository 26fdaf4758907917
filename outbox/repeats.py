"""Messages that go once more although nobody knows what became of them before."""

from collections import defaultdict
from collections.abc import Sequence

from outbox.models import Attempt, Message

LOOKED_UP = (Attempt.Outcome.FOUND, Attempt.Outcome.ABSENT)


def sent_again_by_a_person(messages: Sequence[Message]) -> list[Message]:
    """Keep those of unknown outcome that a person has decided to send again: some may have gone.

    What a provider is known to have taken, and could not deliver, is to go once more.
    """
    repeated = [message.pk for message in messages if message.repeats]
    if not repeated:
        return []
    history = Attempt.objects.filter(message__in=repeated)
    decided = set(history.filter(outcome=Attempt.Outcome.DECIDED).values_list("message", flat=True))
    went = (Attempt.Outcome.HANDED_OVER, Attempt.Outcome.FOUND)
    decided -= set(history.filter(outcome__in=went).values_list("message", flat=True))
    return [message for message in messages if message.pk in decided]


def taken_but_not_there(messages: Sequence[Message]) -> list[Message]:
    """Keep those that a provider took and did not have when it was asked: it may be late with them.

    They have failed for that (outbox/confirmation.py), and a person has sent them again.
    """
    words = Attempt.objects.filter(
        message__in=[message.pk for message in messages if message.attempts > 1],
        outcome__in=(Attempt.Outcome.HANDED_OVER, *LOOKED_UP),
    )
    told: dict[tuple[int, int], list[str]] = defaultdict(list)
    for message, number, outcome in words.order_by("pk").values_list(
        "message", "number", "outcome"
    ):
        told[message, number].append(outcome)
    not_there = [Attempt.Outcome.HANDED_OVER, Attempt.Outcome.ABSENT]
    late = {message for (message, _number), outcomes in told.items() if outcomes == not_there}
    return [message for message in messages if message.pk in late]
