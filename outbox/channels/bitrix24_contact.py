"""The contact in Bitrix24 that a message hangs on."""

from integrations.bitrix24.owners import Owner, OwnerKind
from integrations.outcomes import Outcome as CallOutcome
from integrations.outcomes import Refused as CallRefused
from outbox.channels.base import NotExecuted
from outbox.channels.bitrix24_outcomes import LONGEST_WAIT
from outbox.models import Message
from people.models import Participant

CONTACT_GONE = "could not find 'contact'"


def contact_of(message: Message) -> Owner | None:
    """Return the contact a message hangs on; None while nobody has matched the person."""
    if message.participant is None or message.participant.bitrix24_contact_id is None:
        return None
    return Owner(OwnerKind.CONTACT, message.participant.bitrix24_contact_id)


def wait(message: Message, sentence: str) -> NotExecuted:
    """Wait for the contact: a moment at first, then ever longer."""
    seconds = min(3 * max(1, message.attempts), LONGEST_WAIT)
    return NotExecuted(sentence, retry_after=seconds, is_failure=False)


def is_contact_gone(outcome: CallOutcome) -> bool:
    return isinstance(outcome, CallRefused) and outcome.description.casefold().startswith(
        CONTACT_GONE
    )


def forget_contact(message: Message) -> None:
    """Have the person matched anew: the contact was deleted, or merged into another."""
    if message.participant is None:
        return
    Participant.objects.filter(
        pk=message.participant.pk, bitrix24_contact_id=message.participant.bitrix24_contact_id
    ).update(bitrix24_contact_id=None, bitrix24_phone="", bitrix24_email="", bitrix24_retry_at=None)
