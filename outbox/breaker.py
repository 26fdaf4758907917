"""The circuit breaker: five temporary failures in a row stop a channel, a probe reopens it."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from outbox.channels.base import HandedOver, NotExecuted, Outcome, Refused, RefusedBecause, Unclear
from outbox.models import ChannelState

logger = logging.getLogger(__name__)

FAILURES = 5
REST = timedelta(seconds=30)
"""How long an open breaker rests before one message is tried."""

UNLIMITED = 10_000
MOST_COUNTED = 1_000


def allowance(channel: str, now: datetime) -> int:
    """Return how many messages may be sent now: none, a single probe, or as many as there are."""
    state = ChannelState.objects.filter(pk=channel).first()
    if state is None:
        return UNLIMITED
    if state.needs_a_person:
        return 0
    if state.closed_until is None:
        return UNLIMITED
    if now < state.closed_until:
        return 0
    # Whoever moves the end of the rest forward is the one that may try.
    won = ChannelState.objects.filter(pk=channel, closed_until=state.closed_until).update(
        closed_until=now + REST
    )
    return 1 if won else 0


def take_note(channel: str, outcomes: Sequence[Outcome], at: datetime) -> None:
    """Count failures in a row over one answer of the provider, and open or close the breaker."""
    account = next((o for o in outcomes if _is_account(o)), None)
    if isinstance(account, Refused):
        stop(channel, account.sentence)
    elif any(isinstance(o, HandedOver | Refused) for o in outcomes):
        # It answered for at least one message, so it works; the rest is their own fault.
        cleared = ChannelState.objects.filter(pk=channel, needs_a_person=False)
        cleared.exclude(failures=0, closed_until=None).update(
            failures=0, closed_until=None, problem=""
        )
    elif (failure := _failure(outcomes)) is not None:
        _count(channel, failure, at)
    else:
        # Not our turn, or not theirs: a probe has learnt nothing, so another may go at once.
        resting = ChannelState.objects.filter(pk=channel, closed_until__gt=at)
        resting.update(closed_until=at)


def stop(channel: str, sentence: str) -> None:
    """Send nothing more by this channel until a person has mended our account."""
    logger.error("Channel %s is stopped until a person acts: %s", channel, sentence)
    ChannelState.objects.update_or_create(
        pk=channel, defaults={"problem": sentence[:500], "needs_a_person": True}
    )


def reopen(channel: str) -> None:
    """Let a channel send again: a person says that what stopped it is mended."""
    ChannelState.objects.filter(pk=channel).update(
        failures=0, closed_until=None, problem="", needs_a_person=False
    )


def _is_account(outcome: Outcome) -> bool:
    return isinstance(outcome, Refused) and outcome.because is RefusedBecause.ACCOUNT


def _failure(outcomes: Sequence[Outcome]) -> str | None:
    for outcome in outcomes:
        if isinstance(outcome, Unclear) or (
            isinstance(outcome, NotExecuted) and outcome.is_failure
        ):
            return outcome.sentence
    return None


@transaction.atomic
def _count(channel: str, sentence: str, at: datetime) -> None:
    ChannelState.objects.get_or_create(pk=channel)
    state = ChannelState.objects.select_for_update().get(pk=channel)
    state.failures = min(state.failures + 1, MOST_COUNTED)
    state.problem = sentence[:500]
    if state.failures >= FAILURES:
        state.closed_until = at + REST
        logger.error("Channel %s rests after %s failures: %s", channel, state.failures, sentence)
    state.save(update_fields=["failures", "problem", "closed_until"])
