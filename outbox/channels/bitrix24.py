"""What the two Bitrix24 channels share: their turns at the portal, sending, and looking up."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from integrations.bitrix24.client import CONNECT_TIMEOUT, HURRIED_PATIENCE, Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.errors import Bitrix24Error
from integrations.bitrix24.limiter import Place
from integrations.bitrix24.owners import Owner
from integrations.outcomes import Done, Why
from integrations.outcomes import NotExecuted as CallNotExecuted
from integrations.outcomes import Outcome as CallOutcome
from integrations.outcomes import Refused as CallRefused
from outbox.channels.base import (
    CannotTell,
    Channel,
    Found,
    HandedOver,
    LookUp,
    NotExecuted,
    Outcome,
    Refused,
)
from outbox.channels.bitrix24_contact import (
    contact_of,
    forget_contact,
    is_contact_gone,
    wait,
)
from outbox.channels.bitrix24_outcomes import is_waiting, meaning, sentence_of
from outbox.lazy_words import filled
from outbox.models import Message
from outbox.repeats import sent_again_by_a_person, taken_but_not_there

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

logger = logging.getLogger(__name__)

ORIGINATOR = "smmprocess"
"""Marks in Bitrix24 what was made by us."""

CALL_SECONDS = 40
"""How long what was taken in hand may wait its turn, where the lease allows it."""

AT_ONCE_SECONDS = 2
"""How long begun messages may: what is cancelled once they are begun still goes."""

RUSH_SECONDS = 5
"""After how long a repeat tries again for which there was no turn beside the others."""

RETRY_SECONDS = 30
"""When a repeat is tried again of which the portal could not say whether it is there."""

CLEAN_UP_SECONDS = 3
"""What was refused is written down only after the clean-up, so that must not take long."""


class Bitrix24Channel(Channel):
    """Sends by one writing command per message, many in one request."""

    only_to_contacts = True
    can_look_up = True
    provider = "bitrix24"
    senders = 4
    method = ""

    def __init__(self) -> None:
        super().__init__()
        self._place: Place | None = None

    def missing(self) -> str:
        return not_connected()

    def trouble(self) -> "StrOrPromise":
        """Ask for something small, with little patience."""
        soon = datetime.now(UTC) + timedelta(seconds=HURRIED_PATIENCE)
        outcome = Bitrix24.from_settings().hurried().call(Command("profile"), deadline=soon)
        if isinstance(outcome, Done):
            return ""
        if is_waiting(outcome):
            # It is busy with messages of ours, so it works.
            return ""
        if isinstance(outcome, CallRefused):
            text = gettext_lazy("Bitrix24 refuses our webhook: %(answer)s")
        else:
            text = gettext_lazy("Bitrix24 does not answer: %(answer)s")
        return filled(text, {"answer": sentence_of(outcome)})

    def longest_call(self) -> timedelta:
        return longest_call()

    def batch_size(self) -> int:
        return Bitrix24.from_settings().batch_size(self.method)

    def wait_for_turn(self, seconds: float) -> bool:
        """Claim nothing before it is our turn; never while the portal lets the method rest."""
        client = Bitrix24.from_settings()
        if client.resting(self.method):
            return False
        self.close()
        self._place = client.reserve(seconds)
        return self._place is not None

    def close(self) -> None:
        if self._place is not None:
            self._place.give_back()

    def command(self, message: Message, owner: Owner) -> Command:
        """Say how this message is sent."""
        raise NotImplementedError

    def problem_with(self, message: Message) -> str:
        """Say why this message must not be tried at all; empty when it may."""
        return ""

    def waits_for(self, message: Message) -> str:
        """Say what has to be mended at the contact before this message may go."""
        if message.participant is not None and message.participant.bitrix24_contact_id is None:
            problem = message.participant.bitrix24_problem
            return problem or gettext("Not yet matched to a Bitrix24 contact.")
        return ""

    def send(self, messages: Sequence[Message]) -> Iterator[tuple[Message, Outcome]]:
        client, deadline = Bitrix24.from_settings(), call_deadline()
        repeats = self.to_look_up_first(messages)
        others = [message for message in messages if message not in repeats]
        yield from self._hand_over(client.at_place(self._place), others, deadline)
        if repeats:
            yield from self._repeat(client, repeats, deadline)

    def _repeat(
        self, client: Bitrix24, messages: Sequence[Message], deadline: datetime
    ) -> Iterator[tuple[Message, Outcome]]:
        """Look up, then hand over: two turns, and the place waited for may be used already."""
        if self._place is not None and not self._place.is_free:
            self._place = client.reserve(AT_ONCE_SECONDS)
            if self._place is None:
                rush = meaning(CallNotExecuted(Why.THROTTLED, RUSH_SECONDS))
                yield from ((message, rush) for message in messages)
                return
        settled = self.before_repeats(client.at_place(self._place), messages, deadline)
        yield from ((each, settled[each.pk]) for each in messages if each.pk in settled)
        absent = [message for message in messages if message.pk not in settled]
        yield from self._hand_over(client, absent, deadline)

    def _hand_over(
        self, client: Bitrix24, messages: Sequence[Message], deadline: datetime
    ) -> Iterator[tuple[Message, Outcome]]:
        commands: dict[str, Command] = {}
        by_key: dict[str, Message] = {}
        for message in messages:
            owner = contact_of(message)
            if late := self.too_late(message):
                yield message, late
            elif problem := self.problem_with(message):
                yield message, Refused(problem)
            elif waits_for := self.waits_for(message):
                yield message, wait(message, waits_for)
            elif owner is None:
                yield message, Refused(gettext("Members of staff are not contacts in Bitrix24."))
            else:
                key = f"m_{message.pk}"
                by_key[key], commands[key] = message, self.command(message, owner)
        outcomes = self._call(client, commands, by_key.values(), deadline) if commands else {}
        for key, outcome in outcomes.items():
            yield by_key[key], self.consequence(by_key[key], outcome)
        left = [
            by_key[k] for k, o in outcomes.items() if isinstance(o, CallRefused) and o.left_record
        ]
        if left:
            self.clean_up(client, left, min(deadline, _soon(CLEAN_UP_SECONDS)))

    def _call(
        self,
        client: Bitrix24,
        commands: Mapping[str, Command],
        messages: Iterable[Message],
        deadline: datetime,
    ) -> Mapping[str, CallOutcome]:
        """Make the call at once or not at all: not when one of these is of no use any more."""
        at_once = _soon(AT_ONCE_SECONDS)
        if self.clock is not None:
            of_use = min(message.expires_at for message in messages) - self.clock()
            at_once = min(at_once, _soon(of_use.total_seconds()))
        return client.batch(commands, deadline=min(deadline, at_once))

    def to_look_up_first(self, messages: Sequence[Message]) -> list[Message]:
        """Return those of which an earlier attempt may have left something behind."""
        return [*sent_again_by_a_person(messages), *taken_but_not_there(messages)]

    def before_repeats(
        self, client: Bitrix24, messages: Sequence[Message], deadline: datetime
    ) -> dict[int, Outcome]:
        """See to what earlier attempts have left behind; answer for those not to be sent now.

        What is there after all stays unsent. Where the portal has no word, a person's counts who
        has found it not to have gone.
        """
        decided = {message.pk for message in sent_again_by_a_person(messages)}
        try:
            found = self.find(client, messages, deadline)
        except Bitrix24Error as error:
            logger.info("Earlier attempts could not be looked for: %s", error)
            is_failure = not is_waiting(error.outcome)
            later = NotExecuted(str(error), retry_after=RETRY_SECONDS, is_failure=is_failure)
            return {message.pk: later for message in messages if message.pk not in decided}
        settled: dict[int, Outcome] = {}
        for pk, look_up in found.items():
            if isinstance(look_up, Found):
                settled[pk] = HandedOver(look_up.provider_id)
            elif isinstance(look_up, CannotTell) and pk not in decided:
                settled[pk] = NotExecuted(look_up.sentence, retry_after=RETRY_SECONDS)
        return settled

    def clean_up(self, client: Bitrix24, messages: Sequence[Message], deadline: datetime) -> None:
        """Remove what refused messages have left in the portal."""

    def consequence(self, message: Message, outcome: CallOutcome) -> Outcome:
        """Say what an outcome means for this message."""
        if is_contact_gone(outcome):
            forget_contact(message)
            return wait(
                message, gettext("The contact is no longer in Bitrix24; a new one is made.")
            )
        return meaning(outcome, is_bad_address=self.is_bad_address(outcome))

    def is_bad_address(self, outcome: CallOutcome) -> bool:
        """Say whether the portal means that the address itself is wrong."""
        return False

    def look_up(self, messages: Sequence[Message]) -> Iterator[tuple[Message, LookUp]]:
        # Asking twice at once does no harm, so no lease limits it.
        deadline = datetime.now(UTC) + timedelta(seconds=CALL_SECONDS)
        try:
            found = self.find(Bitrix24.from_settings(), messages, deadline)
        except Bitrix24Error as error:
            found = {message.pk: CannotTell(str(error)) for message in messages}
        for message in messages:
            yield message, found[message.pk]

    def find(
        self, client: Bitrix24, messages: Sequence[Message], deadline: datetime
    ) -> dict[int, LookUp]:
        """Ask the portal which of these it has."""
        raise NotImplementedError


def call_deadline() -> datetime:
    """Say until when a claimed call may begin: however it ends, the lease is not over by then."""
    left = settings.MESSAGE_LEASE - longest_call()
    return min(_soon(CALL_SECONDS), datetime.now(UTC) + left)


def _soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def longest_call() -> timedelta:
    return timedelta(seconds=CONNECT_TIMEOUT + settings.BITRIX24_READ_TIMEOUT)


def not_connected() -> str:
    """Say why nothing can be asked of Bitrix24 at all; empty when it is connected."""
    if not settings.BITRIX24_WEBHOOK_URL:
        return gettext("Bitrix24 is not connected: BITRIX24_WEBHOOK_URL is empty.")
    try:
        Bitrix24.from_settings()
    except ValueError:
        return gettext("BITRIX24_WEBHOOK_URL does not hold the address of an inbound webhook.")
    return ""
