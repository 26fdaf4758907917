"""SMS by Messente: one call per message, and reports of what became of it.

The gateway cannot be asked by our own key, so there is no look-up of an unclear message. Our key
stands in the address to which it reports (outbox/delivery_reports.py): a report settles an unknown
message as handed over, delivered or failed, within seconds where the gateway has it. What is still
unknown then waits in the outbox for a person, and a report that comes later settles it all the
same. What it took is asked about by its number where no last report has come.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.messente.answers import Fault
from integrations.messente.callbacks import Report as Told
from integrations.messente.callbacks import State as Stage
from integrations.messente.client import TIMEOUT, Messente, MessenteError, sentence_of
from integrations.outcomes import Done, Kind, Why
from integrations.outcomes import NotExecuted as CallNotExecuted
from integrations.outcomes import Outcome as CallOutcome
from integrations.outcomes import Refused as CallRefused
from integrations.outcomes import Unclear as CallUnclear
from outbox.beginning import begin
from outbox.channels.base import (
    CannotTell,
    Channel,
    Found,
    HandedOver,
    LookUp,
    NotExecuted,
    Outcome,
    Refused,
    RefusedBecause,
    Report,
    StopListError,
    Unclear,
)
from outbox.delivery_reports import address_for
from outbox.models import DeliveryReport, Message
from people.models import Medium

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SEND_SECONDS = 60
"""How long a claimed batch goes on; with the last call's time limit it stays in the lease."""

LONGEST_WAIT = 60

BECAUSE = {
    Fault.NUMBER: RefusedBecause.ADDRESS,
    Fault.STOPPED: RefusedBecause.STOPPED,
    Fault.ACCOUNT: RefusedBecause.ACCOUNT,
    Fault.OTHER: RefusedBecause.MESSAGE,
}
STATES = {
    Stage.ON_ITS_WAY: DeliveryReport.State.ON_ITS_WAY,
    Stage.DELIVERED: DeliveryReport.State.DELIVERED,
    Stage.FAILED: DeliveryReport.State.FAILED,
}


class MessenteSmsChannel(Channel):
    """Confirmed by delivery reports."""

    key = "messente_sms"
    name = _("SMS by Messente")
    medium = Medium.SMS
    provider = "messente"
    confirms = True
    keeps_stop_list = True
    senders = 6
    begins_in_shares = True
    unknown_seconds = 0.3

    def missing(self) -> str:
        needed = ("MESSENTE_USERNAME", "MESSENTE_PASSWORD", "MESSENTE_SENDER")
        for name in needed:
            if not getattr(settings, name):
                return gettext("Messente is not connected: %(variable)s is empty.") % {
                    "variable": name
                }
        return ""

    def trouble(self) -> "StrOrPromise":
        """Ask for something that needs our account."""
        try:
            Messente.from_settings().blacklist()
        except MessenteError as error:
            return str(error)
        return ""

    def longest_call(self) -> timedelta:
        return timedelta(seconds=SEND_SECONDS + sum(TIMEOUT))

    def batch_size(self) -> int:
        """Keep batches small: each message is a call of its own, made one after the other."""
        return 20

    def send(self, messages: Sequence[Message]) -> Iterator[tuple[Message, Outcome]]:
        client, until = Messente.from_settings(), time.monotonic() + SEND_SECONDS
        is_over = False
        for message in messages:
            if is_over or time.monotonic() > until or not begin([message]):
                waits = gettext("It waits for its turn.")
                yield message, NotExecuted(waits, is_failure=False)
                continue
            if late := self.too_late(message):
                yield message, late
                continue
            outcome = meaning(self._send_one(client, message))
            # What would meet the next ones too is not tried with each of them.
            is_over = isinstance(outcome, NotExecuted | Unclear) or (
                isinstance(outcome, Refused) and outcome.because is RefusedBecause.ACCOUNT
            )
            yield message, outcome

    def _send_one(self, client: Messente, message: Message) -> CallOutcome:
        seconds = (message.expires_at - datetime.now(UTC)).total_seconds()
        return client.send_sms(
            to=message.address,
            text=message.body,
            sender=settings.MESSENTE_SENDER,
            minutes=max(1, ceil(seconds / 60)),
            report_url=address_for(message),
        )

    def look_up(self, messages: Sequence[Message]) -> Iterator[tuple[Message, LookUp]]:
        """Ask by the gateway's own number what became of messages that it took."""
        client = Messente.from_settings()
        for message in messages:
            if not message.provider_id:
                yield message, CannotTell(gettext("Messente gave no number for it."))
                continue
            try:
                told = client.report(message.provider_id)
            except MessenteError as error:
                yield message, CannotTell(str(error))
                continue
            if told is None:
                yield message, CannotTell(gettext("Messente does not know its number any more."))
            else:
                yield message, Found(message.provider_id, report=report_from(told))

    def is_on_stop_list(self, address: str) -> bool:
        try:
            return Messente.from_settings().is_blacklisted(address)
        except MessenteError as error:
            raise StopListError(str(error)) from None

    def stop_list(self) -> frozenset[str]:
        try:
            return Messente.from_settings().blacklist()
        except MessenteError as error:
            raise StopListError(str(error)) from None


def meaning(outcome: CallOutcome) -> Outcome:
    """Translate what became of a call into what it means for a message."""
    match outcome:
        case Done(number):
            return HandedOver(str(number))
        case CallRefused(code, description, Kind.DATA) if code == Fault.STOPPED:
            text = gettext("The person has stopped SMS at Messente: %(answer)s")
            return Refused(text % {"answer": description}, RefusedBecause.STOPPED)
        case CallRefused(code):
            text = gettext("Messente refuses it: %(answer)s")
            return Refused(text % {"answer": sentence_of(outcome)}, BECAUSE[Fault(code)])
        case CallNotExecuted(reason, retry_after):
            return NotExecuted(
                sentence_of(outcome),
                retry_after=1 if retry_after is None else min(retry_after, LONGEST_WAIT),
                is_failure=reason is not Why.THROTTLED,
            )
        case CallUnclear():
            return Unclear(sentence_of(outcome))


def report_from(told: Told) -> Report:
    """Translate what the gateway tells into what every provider may tell."""
    return Report(
        state=STATES[told.state],
        code=told.code,
        words=told.words,
        because=BECAUSE[told.fault] if told.fault else None,
        provider_id=told.number,
        at=told.at,
    )
