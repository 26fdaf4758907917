"""What importing a list means for each of its rows, decided in memory; nothing is saved here.

The preview shows this plan, and the import saves it, so that both follow the same rules: those of
`events.registration` and `people.consent`, for many people at a time. A list speaks for people who
are not there, so it may do less than they: it neither takes back their "no" to offers nor, unless
somebody says so, their cancellation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from events.list_matching import KnownPeople, chunks
from events.list_rows import Kind, ListRow
from events.models import Event, Registration
from events.participant_list import ParticipantList
from events.registration import CONSENT_SOURCE, Origin, add_unknown
from people import consent
from people.models import Consent, Medium, Participant
from ui.choices import ShownChoices


class Fate(ShownChoices):
    """What becomes of a row."""

    ADDED = "added", "is-ok", "check", pgettext_lazy("one person", "Registered")
    ALREADY = "already", "is-quiet", "user-check", pgettext_lazy("one person", "Already registered")
    MERGED = "merged", "is-info", "users", pgettext_lazy("one person", "Merged")
    SKIPPED = "skipped", "is-bad", "circle-x", pgettext_lazy("one person", "Skipped")
    WARNING = "warning", "is-warning", "alert-triangle", gettext_lazy("Warning")


FATE_OF_PROBLEM = {
    Kind.MERGED: Fate.MERGED,
    Kind.SKIPPED: Fate.SKIPPED,
    Kind.WARNING: Fate.WARNING,
}


@dataclass(frozen=True)
class Line:
    """One thing to tell about one row."""

    row: int
    fate: Fate
    person: str
    column: str
    reason: str


@dataclass(frozen=True)
class Wishes:
    """What the person who imports has chosen."""

    confirm: bool = False
    take_up_cancelled: bool = False
    language: str = "lv"


@dataclass
class Entry:
    """One participant of the list, with what is to be saved of it."""

    row: ListRow
    participant: Participant
    registration: Registration | None
    changed: set[str] = field(default_factory=set)
    wanted: dict[Medium, bool] = field(default_factory=dict)
    """Consents the list speaks of; a "no" in any of the person's rows outweighs a "yes"."""

    consents: list[Consent] = field(default_factory=list)
    is_new_person: bool = False
    is_taken_up: bool = False
    new_registration: Registration | None = None

    @property
    def gained(self) -> Registration | None:
        """The registration this person has only through the import, new or taken up again."""
        return self.registration if self.is_taken_up else self.new_registration

    @property
    def refuses_offers(self) -> bool:
        """Whether the list takes back a consent that was given."""
        return not all(each.is_given for each in self.consents)


@dataclass
class ImportPlan:
    """What importing a list does."""

    found: ParticipantList
    entries: list[Entry] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    left_cancelled: int = 0

    def registered(self) -> list[Registration]:
        """List the registrations that the import adds or takes up again."""
        return [entry.gained for entry in self.entries if entry.gained is not None]

    def counts(self) -> dict[str, int]:
        """Count rows by what becomes of them, and the people behind them."""
        counts = dict.fromkeys(Fate, 0)
        for line in self.lines:
            counts[line.fate] += 1
        added = [entry for entry in self.entries if entry.gained is not None]
        given = [each for entry in self.entries for each in entry.consents]
        return {str(fate): count for fate, count in counts.items()} | {
            "new_people": sum(entry.is_new_person for entry in added),
            "known_people": sum(not entry.is_new_person for entry in added),
            "taken_up": sum(entry.is_taken_up for entry in added),
            "left_cancelled": self.left_cancelled,
            "empty": self.found.empty_rows,
            **{
                f"{medium}_{word}": sum(
                    each.medium == medium and each.is_given == is_given for each in given
                )
                for medium in Medium
                for word, is_given in (("given", True), ("withdrawn", False))
            },
        }


def make(
    event: Event, found: ParticipantList, origin: Origin, wishes: Wishes, now: datetime
) -> ImportPlan:
    """Decide about every row; a handful of queries for each thousand of them."""
    return _Planner(event, found, origin, wishes, now).decide()


class _Planner:
    """Goes through a list twice: who each row is, then what becomes of each person."""

    def __init__(
        self, event: Event, found: ParticipantList, origin: Origin, wishes: Wishes, now: datetime
    ) -> None:
        self.event, self.origin, self.wishes, self.now = event, origin, wishes, now
        self.plan = ImportPlan(found)
        self.by_participant: dict[int, Entry] = {}
        self.registrations = {
            each.participant_id: each for each in event.registrations.order_by("pk")
        }

    def decide(self) -> ImportPlan:
        people = KnownPeople.of(self.plan.found.rows)
        for row in self.plan.found.rows:
            self._take(row, people)
        refused = _withdrawn_before(self.plan.entries)
        for entry in self.plan.entries:
            self._settle_consents(entry, refused)
            self._settle_registration(entry)
        self._tell_problems()
        self.plan.lines.sort(key=lambda line: line.row)
        return self.plan

    def _take(self, row: ListRow, people: KnownPeople) -> None:
        participant = people.find(row)
        is_known = participant is not None
        if participant is None:
            participant = Participant(language=row.language or self.wishes.language)
        entry = self.by_participant.get(id(participant))
        if entry is None:
            registration = self.registrations.get(participant.pk)
            entry = Entry(row, participant, registration, is_new_person=not is_known)
            self.by_participant[id(participant)] = entry
            self.plan.entries.append(entry)
        else:
            reason = _("The same person as in row %(row)s (%(person)s); they are taken as one.")
            values = {"row": entry.row.number, "person": str(entry.participant)}
            self._tell(row, Fate.MERGED, reason % values)
        if is_known:
            self._tell_differences(row, participant)
        entry.changed.update(add_unknown(participant, row))
        people.add(participant)
        for medium, is_given in _consents(row):
            entry.wanted[medium] = is_given and entry.wanted.get(medium, True)

    def _settle_consents(self, entry: Entry, refused: set[tuple[int, str]]) -> None:
        proof = consent.Proof(
            source=CONSENT_SOURCE[self.origin.source],
            place=self.origin.place,
            by_id=self.origin.by_id,
        )
        for medium, is_given in entry.wanted.items():
            participant = entry.participant
            if (
                is_given
                and not participant.accepts_offers(medium)
                and (participant.pk, medium) in refused
            ):
                self._tell(entry.row, Fate.WARNING, _refusal_stands(medium))
                continue
            change = consent.draft(participant, medium, is_given=is_given, at=self.now, proof=proof)
            if change is not None:
                entry.consents.append(change)
                entry.changed.add(consent.STATE_FIELD[medium])

    def _settle_registration(self, entry: Entry) -> None:
        registration = entry.registration
        if registration is None:
            entry.new_registration = Registration(
                event=self.event,
                participant=entry.participant,
                source=self.origin.source,
                registered_at=self.now,
                is_confirmed=self.wishes.confirm,
                registered_by_id=self.origin.by_id,
            )
            reason = "" if entry.is_new_person else _("Known already from before.")
            self._tell(entry.row, Fate.ADDED, reason)
        elif registration.is_active:
            self._tell(entry.row, Fate.ALREADY, _("Already registered for this event."))
        elif self.wishes.take_up_cancelled:
            entry.is_taken_up = True
            self._tell(entry.row, Fate.ADDED, _("Had cancelled; is registered again."))
        else:
            self.plan.left_cancelled += 1
            reason = _("Cancelled the registration on %(day)s; the list does not register again.")
            day = date_format(timezone.localtime(registration.cancelled_at), "SHORT_DATE_FORMAT")
            self._tell(entry.row, Fate.SKIPPED, reason % {"day": day})

    def _tell(self, row: ListRow, fate: Fate, reason: str) -> None:
        self.plan.lines.append(Line(row.number, fate, _called(row), "", reason))

    def _tell_differences(self, row: ListRow, participant: Participant) -> None:
        for value, kept in (
            (row.email, participant.email),
            (row.phone, participant.phone),
        ):
            if value and kept and value != kept:
                reason = _(
                    "We know %(kept)s for this person; that is kept and %(value)s is not."
                    " Correct the participant's page if the list is right."
                )
                self._tell(row, Fate.WARNING, reason % {"kept": kept, "value": value})

    def _tell_problems(self) -> None:
        names = {row.number: _called(row) for row in self.plan.found.rows}
        for problem in self.plan.found.all_problems():
            fate = FATE_OF_PROBLEM[problem.kind]
            person = names.get(problem.row, "")
            self.plan.lines.append(Line(problem.row, fate, person, problem.column, problem.reason))


def _withdrawn_before(entries: Sequence[Entry]) -> set[tuple[int, str]]:
    """Return participant and medium of those who have ever said "no" to offers."""
    asked = [
        entry.participant.pk
        for entry in entries
        if entry.participant.pk and any(entry.wanted.values())
    ]
    withdrawn: set[tuple[int, str]] = set()
    for chunk in chunks(asked):
        rows = Consent.objects.filter(participant__in=chunk, is_given=False).order_by()
        withdrawn.update(rows.values_list("participant_id", "medium"))
    return withdrawn


def _consents(row: ListRow) -> Iterator[tuple[Medium, bool]]:
    """Give what the list says of offers; nothing where it says neither yes nor no."""
    for medium, is_given in (
        (Medium.EMAIL, row.accepts_offers_by_email),
        (Medium.SMS, row.accepts_offers_by_sms),
    ):
        if is_given is not None:
            yield medium, is_given


def _refusal_stands(medium: Medium) -> str:
    if medium == Medium.EMAIL:
        return _("Has refused offers by e-mail before; a list does not change that.")
    return _("Has refused offers by SMS before; a list does not change that.")


def _called(row: ListRow) -> str:
    return row.full_name or row.email or row.phone
