"""What the outcome of a call to Bitrix24 means for a message, and how it is told to people."""

from django.utils.translation import gettext

from integrations.outcomes import Done, Kind, Why
from integrations.outcomes import NotExecuted as CallNotExecuted
from integrations.outcomes import Outcome as CallOutcome
from integrations.outcomes import Refused as CallRefused
from integrations.outcomes import Unclear as CallUnclear
from outbox.channels.base import (
    HandedOver,
    NotExecuted,
    Outcome,
    Refused,
    RefusedBecause,
    Unclear,
)

WAITING = {Why.THROTTLED, Why.METHOD_PAUSED, Why.OUT_OF_TIME, Why.NOT_REACHED}
LONGEST_WAIT = 60


def meaning(outcome: CallOutcome, *, is_bad_address: bool = False) -> Outcome:
    """Translate what became of a call into what it means for a message."""
    match outcome:
        case Done(result):
            return HandedOver(str(result))
        case CallRefused(kind=Kind.ACCOUNT):
            return Refused(sentence_of(outcome), RefusedBecause.ACCOUNT)
        case CallRefused():
            because = RefusedBecause.ADDRESS if is_bad_address else RefusedBecause.MESSAGE
            return Refused(sentence_of(outcome), because)
        case CallNotExecuted(retry_after=retry_after):
            return NotExecuted(
                sentence_of(outcome),
                retry_after=1 if retry_after is None else min(retry_after, LONGEST_WAIT),
                is_failure=not is_waiting(outcome),
            )
        case CallUnclear():
            return Unclear(sentence_of(outcome))


def sentence_of(outcome: CallRefused | CallNotExecuted | CallUnclear) -> str:
    """Say for people why a call was not carried out, or what makes it doubtful."""
    if isinstance(outcome, CallRefused):
        said = outcome.description or outcome.code
        return said or gettext("Bitrix24 refused it without a reason.")
    return f"{outcome.reason}: {outcome.detail}" if outcome.detail else str(outcome.reason)


def is_waiting(outcome: CallOutcome) -> bool:
    """Tell whether it is merely not our turn: nothing is wrong with the portal."""
    return isinstance(outcome, CallNotExecuted) and outcome.reason in WAITING
