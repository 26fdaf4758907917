"""Messages that go once more although nobody knows what became of them before."""

from collections.abc import Sequence

from outbox.models import Attempt, Message


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
