"""An evening in the words of a page: minute by minute what went to whom, and person by person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.models import ReminderRule
from events.rehearsal.cast import CROWD, Character
from events.rehearsal.play import Done, Step
from events.rehearsal.rows import Row
from events.rehearsal.script import Act
from events.texts import clock, day
from outbox.models import Reason, Status
from outbox.sms import Length
from people.models import Medium

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OF_A_PERSON: dict[Act, "StrOrPromise"] = {
    Act.REGISTER: _("%(who)s registers."),
    Act.JOIN: _("%(who)s joins."),
    Act.CANCEL: _("%(who)s cancels the registration."),
}
OF_THE_EVENT: dict[Act, "StrOrPromise"] = {
    Act.OPEN_ROOM: _("The moderator says that the room is open."),
    Act.RELEASE: _("The moderator releases what is held: whoever has not joined is missing."),
    Act.START_LATE: _("The moderator says that it starts late."),
    Act.CALL_OFF: _("The event is cancelled."),
}


@dataclass(frozen=True)
class Words:
    """A message as one of its recipients would read it; others get it with their own name."""

    language: str
    medium: Medium
    subject: str
    body: str
    to: str
    length: Length | None


@dataclass(frozen=True)
class Line:
    """Messages of one rule by one medium of which the same became."""

    rule: ReminderRule
    medium: Medium
    status: Status
    reason: Reason
    detail: str
    rows: list[Row]

    @property
    def count(self) -> int:
        return sum(row.who.count for row in self.rows)

    @property
    def has_calendar(self) -> bool:
        return self.rule.with_calendar and self.medium == Medium.EMAIL

    @property
    def names(self) -> list[str]:
        return [row.who.name for row in self.rows]

    @property
    def words(self) -> list[Words]:
        """Return each version of the words once: by language and by who came."""
        versions: dict[tuple[str, str], Row] = {}
        for row in self.rows:
            if row.body:
                language = row.registration.participant.language
                versions.setdefault((language, row.registration.attendance), row)
        texts = {row.body: _words(row) for row in versions.values()}
        return list(texts.values())


def _words(row: Row) -> Words:
    language = row.registration.participant.language
    name = f"{row.who.first_name} {row.who.last_name}"
    return Words(language, row.medium, row.subject, row.body, name, row.length)


@dataclass(frozen=True)
class Sent:
    """That a moment's messages were sent to a member of the team, and when."""

    to: str
    at: datetime


@dataclass(frozen=True)
class Moment:
    """Everything that happened at one pretended moment."""

    at: datetime
    sentences: list[str]
    refusals: list[str]
    lines: list[Line]
    newly_asked: bool
    sent: list[Sent]

    @property
    def key(self) -> str:
        """Name the moment in an address or a form."""
        return key_of(self.at)

    @property
    def words(self) -> list[Words]:
        """Return what could be sent to the team: the words of everything handed over or held."""
        return [words for line in self.lines for words in line.words]


def key_of(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def moment_of(step: Step, sent: Sequence[dict[str, str]]) -> Moment:
    """Put a step into words; `sent` is what the rehearsal keeps of messages to the team."""
    of_this = [each for each in sent if each["of"] == key_of(step.at)]
    return Moment(
        step.at,
        [_sentence(done) for done in step.done if not done.refusal],
        [f"{_sentence(done)} {done.refusal}" for done in step.done if done.refusal],
        lines_of(step.news),
        step.newly_asked,
        [Sent(each["to"], datetime.fromisoformat(each["at"])) for each in of_this],
    )


def lines_of(rows: Iterable[Row]) -> list[Line]:
    """Put together what is alike: what goes out first, then what does not, and why."""
    groups: dict[tuple[int, Medium, Status, Reason, str], list[Row]] = {}
    for row in rows:
        key = (row.rule.pk, row.medium, row.status, row.reason, row.detail)
        groups.setdefault(key, []).append(row)
    lines = [
        Line(found[0].rule, medium, status, reason, detail, found)
        for (_rule, medium, status, reason, detail), found in groups.items()
    ]
    return sorted(lines, key=lambda line: (line.status == Status.SKIPPED, line.rule.position))


def _sentence(done: Done) -> str:
    deed, who = done.deed, done.who
    if deed.act == Act.MOVE and deed.starts_at is not None:
        when = f"{day(deed.starts_at)} {clock(deed.starts_at)}"
        return gettext("The event is moved to %(when)s.") % {"when": when}
    if deed.act in OF_THE_EVENT or who is None:
        return str(OF_THE_EVENT[deed.act])
    if who.part == CROWD:
        return ngettext(
            "%(count)s person who is really registered has registered.",
            "%(count)s people who are really registered have registered.",
            who.count,
        ) % {"count": who.count}
    return str(OF_A_PERSON[deed.act]) % {"who": who.name}


@dataclass(frozen=True)
class Fate:
    """What became of one message to one person, and when."""

    at: datetime
    row: Row


@dataclass(frozen=True)
class Person:
    """Somebody of the cast, and everything that was decided about them so far."""

    who: Character
    is_registered: bool
    got: list[Fate]
    not_got: list[Fate]


def people_of(steps: Sequence[Step], cast: Sequence[Character]) -> list[Person]:
    """Say of everybody with a name what they got and what not; the last word counts."""
    fates: dict[tuple[str, int, Medium, int, datetime | None], Fate] = {}
    for step in steps:
        for row in step.news:
            key = (*(row.who.key, row.rule.pk, row.medium, row.repetition), row.occasion.moment)
            fates[key] = Fate(step.at, row)
    registered = steps[-1].stage.registrations if steps else {}
    return [
        _person(who, who.key in registered, [f for f in fates.values() if f.row.who.key == who.key])
        for who in cast
        if who.part != CROWD
    ]


def _person(who: Character, is_registered: bool, fates: Sequence[Fate]) -> Person:
    got = [fate for fate in fates if fate.row.status == Status.HANDED_OVER]
    return Person(who, is_registered, got, [fate for fate in fates if fate not in got])
