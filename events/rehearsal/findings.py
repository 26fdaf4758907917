"""What would go wrong on the evening, as far as its rehearsal shows it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.utils.translation import get_language, gettext, ngettext

from events.models import Event, ReminderRule
from events.rehearsal.play import Step
from events.rehearsal.rows import Row
from outbox.models import Reason, Status

MOST_PARTS = 2
"""An SMS of more parts than this is dear, and some phones show it in pieces."""


def findings(event: Event, steps: Sequence[Step]) -> list[str]:
    """Return a sentence for each thing that would not go as it should."""
    by_rule: dict[ReminderRule, dict[int, Row]] = defaultdict(dict)
    for step in steps:
        for row in step.news:
            by_rule[row.rule][_number(row)] = row
    found = list(_about_the_moderator(event, steps))
    for rule, rows in by_rule.items():
        found += _about_a_rule(rule, list(rows.values()))
    return found


def _number(row: Row) -> int:
    """Tell one message from another; `news` holds copies of it as it was then."""
    return hash((row.who.key, row.medium, row.repetition, id(row.occasion)))


def _about_the_moderator(event: Event, steps: Sequence[Step]) -> Iterator[str]:
    if any(step.newly_asked for step in steps) and event.moderator is None:
        yield gettext(
            "The message to those who have not joined is held, and there is no moderator to "
            "decide: the marketing heads are asked."
        )


def _about_a_rule(rule: ReminderRule, rows: Sequence[Row]) -> Iterator[str]:
    values: dict[str, object] = {"rule": rule.label(get_language() or "")}
    if failed := [row for row in rows if row.status == Status.FAILED]:
        sentence = gettext("“%(rule)s” cannot be filled in: %(problem)s")
        yield sentence % {**values, "problem": failed[0].detail}
    if expired := sum(row.who.count for row in rows if row.status == Status.EXPIRED):
        sentence = ngettext(
            "“%(rule)s” is not sent to %(count)s person: when it could go it was of no use any "
            "more.",
            "“%(rule)s” is not sent to %(count)s people: when it could go it was of no use any "
            "more.",
            expired,
        )
        yield sentence % {**values, "count": expired}
    parts = max((row.length.parts for row in rows if row.length), default=0)
    if parts > MOST_PARTS:
        sentence = ngettext(
            "The SMS of “%(rule)s” has %(count)s part: shorten it.",
            "The SMS of “%(rule)s” has %(count)s parts: shorten it.",
            parts,
        )
        yield sentence % {**values, "count": parts}
    is_newer = any(row.reason == Reason.RULE_NEWER for row in rows)
    if is_newer and all(row.status == Status.SKIPPED for row in rows):
        sentence = gettext("“%(rule)s” goes to nobody: %(reason)s.")
        yield sentence % {**values, "reason": Reason.RULE_NEWER.label}
