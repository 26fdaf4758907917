"""What is left to a person as undecided, against what the mail server has heard of it.

The server cannot be asked by SMTP, so that this is allowed, but only for what had been begun.
"""

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db.models import Max

from outbox.channels.smtp import AHEAD
from outbox.channels.smtp_sending import message_id
from outbox.models import Attempt, Message, MessageQuerySet, Reason
from tools.chaos.mail_server import Envelope, MailedLetter
from tools.chaos.verdict import Words

NEVER = datetime.min.replace(tzinfo=UTC)


TAKEN, ON_THE_WIRE, BEGUN = "taken", "on the wire", "begun"
"""How far a message had come, by the mail server's own record; of what was merely begun in the
ledger it has not heard yet."""


@dataclass
class Undecided:
    """Messages that wait for a person's word."""

    not_taken: list[Words] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """By how far they had come."""

    not_begun: int = 0
    """They should have waited again by themselves."""


def rows() -> MessageQuerySet:
    return Message.objects.for_a_person().filter(channel="smtp")


def look(
    taken: Iterable[MailedLetter], envelopes: Iterable[Envelope], connections: int
) -> Undecided:
    """Compare; each worker had so many connections."""
    ids = {letter.message_id for letter in taken}
    heard_of: dict[str, list[Envelope]] = {}
    for envelope in envelopes:
        heard_of.setdefault(envelope.address, []).append(envelope)
    found = Undecided()
    merely_begun = Counter[tuple[object, str]]()
    tried_until = _tried_until()
    for message in rows():
        since = tried_until.get(message.pk, NEVER)
        how_far = _how_far(message, ids, heard_of.get(message.address, []), since)
        found.counts[how_far] += 1
        if how_far != TAKEN:
            found.not_taken.append(_words(message))
        if how_far == BEGUN:
            merely_begun[message.claim, message.reason] += 1
    for (_claim, reason), count in merely_begun.items():
        # An answer can be unclear only once the text may go; a killed worker has begun a few ahead.
        rightly = 0 if reason == Reason.UNCLEAR else connections * AHEAD * 3 // 2
        found.not_begun += max(0, count - rightly)
    return found


def _how_far(
    message: Message, taken: Set[str], envelopes: Iterable[Envelope], since: datetime
) -> str:
    if message_id(message) in taken:
        return TAKEN
    is_heard_of = any(
        envelope.at > since
        and envelope.message_id in ("", message_id(message))
        and (envelope.text_is_asked_for or message.reason != Reason.UNCLEAR)
        for envelope in envelopes
    )
    return ON_THE_WIRE if is_heard_of else BEGUN


def _words(message: Message) -> Words:
    return {
        "kind": message.medium,
        "address": message.address,
        "subject": message.subject,
        "text": message.body,
    }


def _tried_until() -> dict[int, datetime]:
    """Return until when it was tried before and had surely not gone."""
    earlier = Attempt.objects.filter(message__in=rows(), outcome=Attempt.Outcome.NOT_EXECUTED)
    return dict(earlier.order_by().values_list("message").annotate(Max("ended_at")))
