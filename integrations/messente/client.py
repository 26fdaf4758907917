"""The gateway's HTTP interface: only the calls we make.

All calls are JSON under one address, with HTTP basic authentication by the user name and password
of an API key. What the documentation leaves open is read in the way that cannot send twice: of an
answer that is neither "created" nor clearly a refusal nobody can tell whether the SMS has gone.

The gateway knows no reference of ours by which a message could be found again. Our key stands in
the address to which it reports (`report_url`); its state can be asked for by the gateway's number.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import requests
from django.conf import settings

from integrations.connections import failure_of, session
from integrations.messente.answers import Answer, outcome_of
from integrations.messente.callbacks import NotACallbackError, Report, report_of
from integrations.outcomes import Done, NotExecuted, Outcome, Refused, Unclear, Why

TIMEOUT = (5, 30)
"""Seconds to connect, and to wait for an answer; far within the lease of a message."""


class MessenteError(Exception):
    """A reading call got no answer; the sentence says why and never holds the password."""


@dataclass(frozen=True)
class Messente:
    """One API key of the gateway."""

    username: str
    password: str = field(repr=False)
    api_url: str = "https://api.messente.com/v1"

    @classmethod
    def from_settings(cls) -> Messente:
        return cls(
            settings.MESSENTE_USERNAME, settings.MESSENTE_PASSWORD, settings.MESSENTE_API_URL
        )

    def send_sms(
        self, *, to: str, text: str, sender: str, minutes: int, report_url: str
    ) -> Outcome:
        """Send one SMS; `Done` holds the gateway's number for it.

        After `minutes` the gateway gives up. The text goes as it is: replacing letters
        (`autoconvert`) is switched off, since what was counted and shown is what is sent.
        """
        sms = {
            "channel": "sms",
            "sender": sender,
            "text": text,
            "validity": minutes,
            "autoconvert": "off",
        }
        answer = self._call(
            "POST", "/omnimessage", {"to": to, "messages": [sms], "dlr_url": report_url}
        )
        if not isinstance(answer, Answer):
            return answer
        outcome = outcome_of(answer)
        if not isinstance(outcome, Done):
            return outcome
        number = answer.field("omnimessage_id")
        return Done(number) if number else Unclear(Why.UNREADABLE)

    def report(self, number: str) -> Report | None:
        """Ask what became of a message; None if the gateway does not know it."""
        answer = self._read(f"/omnimessage/{quote(number, safe='')}/status", absent=404)
        statuses = answer.field("statuses") if answer else None
        if not isinstance(statuses, list) or not statuses:
            return None
        try:
            # One per channel the message was tried on, in that order; ours has one.
            return report_of({"omnimessage_id": number, **statuses[-1]})
        except (NotACallbackError, TypeError):
            raise MessenteError("Messente answered without the state of the message.") from None

    def blacklist(self) -> frozenset[str]:
        """Return the numbers to which the gateway sends nothing for us."""
        answer = self._read("/phonebook/blacklist")
        numbers = answer.field("phoneNumbers") if answer else None
        if not isinstance(numbers, list):
            raise MessenteError("Messente answered without a list of numbers.")
        return frozenset(str(number) for number in numbers)

    def is_blacklisted(self, number: str) -> bool:
        """Ask about one number; any answer but "no such number in the list" is a yes."""
        return self._read(f"/phonebook/blacklist/{quote(number, safe='')}", absent=404) is not None

    def _read(self, path: str, absent: int | None = None) -> Answer | None:
        """Read once; None where the gateway answers with the status that means "not there"."""
        answer = self._call("GET", path)
        if isinstance(answer, Answer):
            if answer.status == absent:
                return None
            outcome = outcome_of(answer)
            if isinstance(outcome, Done):
                return answer
        else:
            outcome = answer
        raise MessenteError(f"Messente did not answer: {sentence_of(outcome)}")

    def _signed_in(self) -> str:
        """Return the header of basic authentication, in UTF-8, which requests would not use."""
        return f"Basic {b64encode(f'{self.username}:{self.password}'.encode()).decode()}"

    def _call(
        self, verb: str, path: str, payload: dict[str, Any] | None = None
    ) -> Answer | NotExecuted | Unclear:
        """Call once; whatever goes wrong on the way is an outcome and not an exception."""
        try:
            response = session().request(
                verb,
                f"{self.api_url}{path}",
                json=payload,
                headers={
                    "Accept": "application/json",
                    "User-Agent": "smmprocess/1",
                    "Authorization": self._signed_in(),
                },
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return failure_of(error)
        return Answer.of(response)


def sentence_of(outcome: Outcome) -> str:
    """Say for people why a call was not carried out, or what makes it doubtful."""
    match outcome:
        case Refused(code, description):
            return description or code
        case NotExecuted(reason, detail=detail) | Unclear(reason, detail):
            return f"{reason} ({detail})" if detail else str(reason)
    return ""
