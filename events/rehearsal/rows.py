"""The pretended ledger: what became of each message, in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from events.models import Registration, ReminderRule
from events.models.move import SMALL_SHIFT
from events.plan import ToldNearly
from events.rehearsal.cast import Character
from outbox.models import UNWRITTEN, Reason, Status
from outbox.sms import Length, measure
from outbox.verdicts import Verdict
from people.models import Medium

Anchor = ReminderRule.Anchor
WAITING = (Status.PLANNED, Status.HELD)
LAST = datetime.max.replace(tzinfo=UTC)
TAKEN = (Status.HANDED_OVER, Status.CALLING)


@dataclass(eq=False)
class Occasion:
    """One rule at one moment of the event, as `ReminderDispatch` is."""

    rule: ReminderRule
    moment: datetime | None
    decided_at: datetime | None = None


@dataclass(eq=False)
class Row:
    """One message to one person of the cast, or why there is none."""

    occasion: Occasion
    who: Character
    registration: Registration
    medium: Medium
    repetition: int
    due_at: datetime = field(init=False)
    expires_at: datetime = field(init=False)
    not_before: datetime = field(init=False)
    about_at: datetime = field(init=False)
    status: Status = Status.PLANNED
    reason: Reason = Reason.NONE
    detail: str = ""
    subject: str = ""
    body: str = ""
    handed_over_at: datetime | None = None

    @property
    def rule(self) -> ReminderRule:
        return self.occasion.rule

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    @property
    def may_change(self) -> bool:
        """Say whether the plan may be asked about it again."""
        unwritten = self.status == Status.FAILED and self.reason in UNWRITTEN
        return self.is_waiting or self.status == Status.SKIPPED or unwritten

    def is_its_own(self) -> bool:
        """Say whether it is this registration's, not that of an earlier one, cancelled since."""
        is_counted = self.rule.counts_from_registration()
        return not is_counted or self.repetition == self.registration.repetition

    @property
    def length(self) -> Length | None:
        return measure(self.body) if self.medium == Medium.SMS and self.body else None

    def take(self, verdict: Verdict) -> None:
        self.status, self.reason, self.detail = verdict.status, verdict.reason, verdict.detail
        self.not_before = verdict.not_before or self.not_before


def last_told(rows: Iterable[Row], starts_at: datetime, moved_at: datetime) -> dict[int, datetime]:
    """Return the start each person was last told, apart from what tells the present one."""
    taken = [row for row in rows if row.status in TAKEN]
    # What is on its way now counts as the last.
    in_order = sorted(taken, key=lambda row: row.handed_over_at or LAST)
    return {
        row.registration.participant_id: row.about_at
        for row in in_order
        if not _tells_the_present(row, starts_at, moved_at)
    }


def told_nearly(rows: Iterable[Row], starts_at: datetime, moved_at: datetime) -> ToldNearly:
    """Return what told nearly the present start, apart from what is of the present one."""
    return {
        (
            row.registration.participant_id,
            row.medium,
            None if row.rule.anchor == Anchor.MOVED else row.rule.pk,
        ): row.handed_over_at or row.due_at
        for row in rows
        if row.status in TAKEN
        and abs(row.about_at - starts_at) < SMALL_SHIFT
        and not _tells_the_present(row, starts_at, moved_at)
    }


def _tells_the_present(row: Row, starts_at: datetime, moved_at: datetime) -> bool:
    moment = row.occasion.moment
    if row.rule.anchor == Anchor.MOVED and moment == moved_at:
        return True
    return moment == starts_at and row.about_at == starts_at
