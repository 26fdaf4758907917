"""What the two Bitrix24 channels share: the client, the contact, and the meaning of outcomes."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext

from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.errors import Bitrix24Error
from integrations.bitrix24.outcomes import Done, Kind, Why
from integrations.bitrix24.outcomes import NotExecuted as CallNotExecuted
from integrations.bitrix24.outcomes import Outcome as CallOutcome
from integrations.bitrix24.outcomes import Refused as CallRefused
from integrations.bitrix24.outcomes import Unclear as CallUnclear
from integrations.bitrix24.owners import Owner, OwnerKind
from outbox.channels.base import (
    CannotTell,
    Channel,
    HandedOver,
    LookUp,
    NotExecuted,
    Outcome,
    Refused,
    RefusedBecause,
    Unclear,
)
from outbox.models import Message

ORIGINATOR = "smmprocess"
"""Marks in Bitrix24 what was made by us."""

CALL_SECONDS = 40
"""How long a claimed batch may wait its turn; with the read timeout it stays in the lease."""

WAITING = {Why.THROTTLED, Why.METHOD_PAUSED, Why.OUT_OF_TIME, Why.NOT_REACHED}
"""Not executed because it is not our turn: nothing is wrong with the portal."""


class Bitrix24Channel(Channel):
    """Sends by one writing command per message, many in one request."""

    can_look_up = True
    senders = 4
    method = ""

    def missing(self) -> str:
        if not settings.BITRIX24_WEBHOOK_URL:
            return gettext("Bitrix24 is not connected: BITRIX24_WEBHOOK_URL is empty.")
        return ""

    def batch_size(self) -> int:
        return Bitrix24.from_settings().batch_size(self.method)

    def command(self, message: Message, owner: Owner) -> Command:
        """Say how this message is sent."""
        raise NotImplementedError

    def problem_with(self, message: Message) -> str:
        """Say why this message must not be tried at all; empty when it may."""
        return ""

    def send(self, messages: Sequence[Message]) -> Iterator[tuple[Message, Outcome]]:
        commands: dict[str, Command] = {}
        by_key: dict[str, Message] = {}
        for message in messages:
            owner = contact_of(message)
            if problem := self.problem_with(message):
                yield message, Refused(problem)
            elif owner is None:
                yield message, no_contact(message)
            else:
                key = f"m_{message.pk}"
                by_key[key], commands[key] = message, self.command(message, owner)
        if not commands:
            return
        deadline = datetime.now(UTC) + timedelta(seconds=CALL_SECONDS)
        for key, outcome in Bitrix24.from_settings().batch(commands, deadline=deadline).items():
            yield by_key[key], self.meaning(outcome)

    def meaning(self, outcome: CallOutcome) -> Outcome:
        """Translate what became of a call into what it means for the message."""
        match outcome:
            case Done(result):
                return HandedOver(str(result))
            case CallRefused(kind=Kind.ACCOUNT):
                return Refused(refusal(outcome), RefusedBecause.ACCOUNT)
            case CallRefused():
                because = (
                    RefusedBecause.ADDRESS
                    if self.is_bad_address(outcome)
                    else RefusedBecause.MESSAGE
                )
                return Refused(refusal(outcome), because)
            case CallNotExecuted(reason, retry_after, detail):
                return NotExecuted(
                    f"{reason}: {detail}" if detail else str(reason),
                    retry_after=1 if retry_after is None else min(retry_after, 60),
                    is_failure=reason not in WAITING,
                )
            case CallUnclear(reason, detail):
                return Unclear(f"{reason}: {detail}" if detail else str(reason))

    def is_bad_address(self, refused: CallRefused) -> bool:
        """Say whether the portal means that the address itself is wrong."""
        return False

    def look_up(self, messages: Sequence[Message]) -> Iterator[tuple[Message, LookUp]]:
        try:
            found = self.find(Bitrix24.from_settings(), messages)
        except Bitrix24Error as error:
            found = {message.pk: CannotTell(str(error)) for message in messages}
        for message in messages:
            yield message, found[message.pk]

    def find(self, client: Bitrix24, messages: Sequence[Message]) -> dict[int, LookUp]:
        """Ask the portal which of these it has."""
        raise NotImplementedError


def contact_of(message: Message) -> Owner | None:
    """Return the contact a message hangs on; None while nobody has matched the person."""
    if message.participant is None or message.participant.bitrix24_contact_id is None:
        return None
    return Owner(OwnerKind.CONTACT, message.participant.bitrix24_contact_id)


def no_contact(message: Message) -> Outcome:
    """Wait a little for the contact; say what keeps it from being made, if that is known."""
    if message.participant is None:
        return Refused(gettext("Members of staff are not contacts in Bitrix24."))
    problem = message.participant.bitrix24_problem
    return NotExecuted(
        problem or gettext("Not yet matched to a Bitrix24 contact."),
        retry_after=3,
        is_failure=False,
    )


def refusal(refused: CallRefused) -> str:
    return refused.description or refused.code or gettext("Bitrix24 refused it without a reason.")
