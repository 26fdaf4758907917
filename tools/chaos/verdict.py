"""Who should have got what, against what the provider really sent."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Letter = tuple[str, str]
"""A medium and an address."""

Words = Mapping[str, Any]
"""A message as the sandbox tells of it: kind, address, subject and text."""


@dataclass
class Verdict:
    """What became of one run."""

    messages: int = 0
    doubled: int = 0
    missing: int = 0
    surplus: int = 0
    undecided: dict[str, int] = field(default_factory=dict)
    """Left to a person since SMTP cannot be asked, by how far they had come."""

    not_begun: int = 0
    """Left to a person although nothing had been begun."""

    stuck: dict[str, int] = field(default_factory=dict)
    """Rows of the ledger in a state in which nothing may be left, and what waits for a person."""

    lost: int = 0
    """Registrations that the page confirmed and the database does not have."""

    registered: int = 0
    is_cancelled: bool = False
    thawed: int = 0
    abandoned: int = 0
    """Messages whose lease ran out in the hands of a worker that was killed or stood still."""

    kills: dict[str, int] = field(default_factory=dict)
    ended_by_themselves: dict[str, int] = field(default_factory=dict)
    seconds: float = 0
    seconds_after_the_last_start: float = 0
    """From when everything was back until the last message was handed over."""

    @property
    def stuck_rows(self) -> int:
        return sum(self.stuck.values())

    @property
    def is_good(self) -> bool:
        wrong = self.doubled + self.missing + self.surplus + self.not_begun + self.lost
        return not (wrong or self.stuck)


def expected(
    registrations: Iterable[tuple[str, str, datetime, bool]], due_at: datetime
) -> Counter[Letter]:
    """Count what each person is to get, by our rules for open days.

    A registration is e-mail, phone, moment, and whether it is to be confirmed. Who registered
    before the reminder was due gets a confirmation and the reminder, who came later "join now".
    """
    letters: Counter[Letter] = Counter()
    for email, phone, registered_at, is_confirmed in registrations:
        letters["email", email] += 2 if is_confirmed and registered_at < due_at else 1
        letters["sms", phone] += 1
    return letters


def judge(
    wanted: Mapping[Letter, int], sent: Iterable[Words], undecided: Iterable[Words] = ()
) -> Verdict:
    """Compare what was to go with what went, by the provider's own record.

    Nobody is missed whose message did not go and visibly waits for a person.
    """
    messages = list(sent)
    texts = Counter(
        (each["kind"], each["address"], each["subject"], each["text"]) for each in messages
    )
    got: Counter[Letter] = Counter()
    for kind, address, _subject, _text in texts:
        got[kind, address] += 1
    waiting = Counter((each["kind"], each["address"]) for each in undecided)
    return Verdict(
        messages=len(messages),
        doubled=len(messages) - len(texts),
        missing=(Counter(wanted) - got - waiting).total(),
        surplus=(got - Counter(wanted)).total(),
    )


def judge_cancelled(
    people: Iterable[Letter], sent: Iterable[Words], undecided: Iterable[Words] = ()
) -> Verdict:
    """Compare for an event that was cancelled while its reminders went out.

    Everybody gets one notice by each medium, and the reminder once or, after the commit, no more.
    """
    messages, once = list(sent), Counter(people)
    notices = [each for each in messages if _is_notice(each)]
    told = judge(once, notices, [each for each in undecided if _is_notice(each)])
    reminded = judge(once, [each for each in messages if not _is_notice(each)])
    return Verdict(
        is_cancelled=True,
        messages=len(messages),
        doubled=told.doubled + reminded.doubled,
        missing=told.missing,
        surplus=told.surplus + reminded.surplus,
    )


def _is_notice(message: Words) -> bool:
    return "Atcelts:" in (message["subject"] or message["text"])
