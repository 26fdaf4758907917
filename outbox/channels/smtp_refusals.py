"""What a mail server means when it refuses a recipient: that address, or us.

It says both in the same place: "550 5.1.1 no such user", "554 5.7.1 relay access denied". Whoever
takes the second for the first blocks the address of everybody; whoever takes one strict mailbox for
a bad account stops the channel for all others. The codes (RFC 5321, RFC 3463) decide where they
are clear, otherwise what became of the rest of the batch.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from outbox.channels.base import NotExecuted, Outcome, Refused, RefusedBecause
from outbox.models import Message

MANY = 5
"""So many addresses refused alike, and none accepted: it is not the addresses."""

ATTEMPTS = 5
"""So often a message is tried whose refusal may be meant for us, before it counts as its own."""

RETRY_SECONDS = 30

SIGN_IN = {530, 534, 535, 538}
PLAIN = {
    550: RefusedBecause.ADDRESS,
    551: RefusedBecause.ADDRESS,
    552: RefusedBecause.MESSAGE,
    553: RefusedBecause.ADDRESS,
}
ENHANCED = re.compile(r"5\.\d{1,3}\.\d{1,3}\b")
OF_ADDRESSES = re.compile(r"5\.1\.\d{1,3}\b")
PERHAPS_WE = re.compile(r"5\.(?:7\.\d{1,3}|1\.[78])\b")
"""Policy; or the sender's address, of which many servers say only now what is wrong with it."""


@dataclass(frozen=True)
class RecipientRefused:
    """A final answer to the recipient's address."""

    code: int
    words: str


Refusals = Sequence[tuple[Message, RecipientRefused]]


def judge(refusals: Refusals, *, others_accepted: bool) -> Iterator[tuple[Message, Outcome]]:
    """Say what refusals of one batch mean, knowing whether the server takes any letter."""
    different = {(message.address, _without_address(message, told)) for message, told in refusals}
    alike = Counter(words for _address, words in different)
    for message, told in refusals:
        words = _without_address(message, told)
        if others_accepted:
            yield message, Refused(_said(told), _whose_fault(told) or RefusedBecause.MESSAGE)
        elif alike[words] >= MANY and not _is_surely_the_address(told):
            yield message, Refused(words, RefusedBecause.ACCOUNT)
        else:
            yield message, _alone(message, told)


def depends_on_others(told: RecipientRefused) -> bool:
    """Say whether what a refusal means cannot be known from its codes alone."""
    return not _is_surely_the_address(told) and _whose_fault(told) is not RefusedBecause.ACCOUNT


def _alone(message: Message, told: RecipientRefused) -> Outcome:
    because = _whose_fault(told)
    words = _without_address(message, told)
    if because is RefusedBecause.ACCOUNT:
        return Refused(words, because)
    if because is None and message.attempts < ATTEMPTS:
        # Perhaps we are meant: it waits, the breaker counts it, and the lamp tells people.
        return NotExecuted(words, retry_after=RETRY_SECONDS * max(1, message.attempts))
    return Refused(_said(told), because or RefusedBecause.MESSAGE)


def _is_surely_the_address(told: RecipientRefused) -> bool:
    return bool(OF_ADDRESSES.match(told.words)) and not PERHAPS_WE.match(told.words)


def _whose_fault(told: RecipientRefused) -> RefusedBecause | None:
    """Read the codes; None where they do not tell."""
    if told.code in SIGN_IN:
        return RefusedBecause.ACCOUNT
    if PERHAPS_WE.match(told.words):
        return None
    if _is_surely_the_address(told):
        return RefusedBecause.ADDRESS
    return RefusedBecause.MESSAGE if ENHANCED.match(told.words) else PLAIN.get(told.code)


def _said(told: RecipientRefused) -> str:
    return f"{told.code} {told.words}"


def _without_address(message: Message, told: RecipientRefused) -> str:
    """Leave the address out: to compare the rest, and since it goes into the log."""
    return _said(told).replace(message.address, "…")
