"""How far the preparation of an event is: one box for each activity the process names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy

from events import going_out, outcome
from events.advertising import has_publications, placed_on
from events.going_out import Line, State
from events.message_counts import by_status
from events.models import Event, Material, ReminderRule
from events.outcome import Outcome
from outbox.models import Status
from plans.local_time import local_day
from plans.models import Channel, Publication
from ui.choices import ShownChoices

PROBLEMS = (Status.FAILED, Status.UNKNOWN, Status.HELD, Status.EXPIRED)


class Progress(ShownChoices):
    """How far one activity is; each word has a sign, so that the colour says nothing new."""

    DONE = "done", "is-ok", "check", pgettext_lazy("activity", "done")
    IN_WORK = "in_work", "is-info", "player-play", pgettext_lazy("activity", "in work")
    NOT_BEGUN = "not_begun", "is-quiet", "clock", pgettext_lazy("activity", "not begun")
    LATE = "late", "is-bad", "alert-triangle", pgettext_lazy("activity", "late")
    DROPPED = "dropped", "is-quiet", "ban", pgettext_lazy("activity", "not needed")


@dataclass(frozen=True)
class Due:
    """By when an activity is to be done, and by whom."""

    on: date | None = None
    owner: str = ""


@dataclass(frozen=True)
class Box:
    """One activity: how far it is, what shows that, by when, whose it is, and what comes next."""

    key: str
    name: str | Promise
    progress: Progress
    evidence: tuple[str, ...]
    due: Due
    next_step: str = ""
    """The one thing to do next; empty where nothing is."""


@dataclass(frozen=True)
class Stand:
    """What the facts alone say of an activity, whatever day it is."""

    is_done: bool
    is_begun: bool
    evidence: tuple[str, ...]
    next_step: str
    is_overdue: bool = False
    """Late without regard to the due day, such as when the event is over."""


def boxes(
    event: Event,
    names: Mapping[str, str | Promise],
    stands: Mapping[str, Stand | None],
    dues: Mapping[str, Due],
    today: date,
) -> list[Box]:
    """Judge an event's activities; None is one that the reader may not see."""
    return [
        _box(key, names[key], stand, dues[key], today, is_dropped=event.is_cancelled)
        for key, stand in stands.items()
        if stand is not None
    ]


def _box(
    key: str, name: str | Promise, stand: Stand, due: Due, today: date, *, is_dropped: bool
) -> Box:
    """Judge an activity by its facts, its due day and the day it is."""
    if stand.is_done:
        return Box(key, name, Progress.DONE, stand.evidence, due)
    if is_dropped:
        return Box(key, name, Progress.DROPPED, stand.evidence, due)
    if stand.is_overdue or (due.on is not None and due.on < today):
        progress = Progress.LATE
    else:
        progress = Progress.IN_WORK if stand.is_begun else Progress.NOT_BEGUN
    return Box(key, name, progress, stand.evidence, due, stand.next_step)


def materials_stand(materials: Sequence[Material], *, add: str) -> Stand:
    """Say how far some materials are: there is one, and the newest version of each is approved."""
    approved = sum(material.is_approved for material in materials)
    evidence = [
        ngettext(
            "%(count)s of %(all)s is approved.", "%(count)s of %(all)s are approved.", approved
        )
        % {"count": approved, "all": len(materials)}
    ]
    sent_back = [each for each in materials if each.latest and each.latest.decision == "sent_back"]
    if not materials:
        evidence, next_step = [gettext("There are none yet.")], add
    elif sent_back:
        next_step = gettext("Make a new version of “%(title)s”.") % {"title": sent_back[0].title}
    else:
        next_step = gettext("Approve what waits for it.")
    return Stand(
        is_done=bool(materials) and approved == len(materials),
        is_begun=bool(materials),
        evidence=tuple(evidence),
        next_step=next_step,
    )


def publication_stand(
    event: Event,
    publications: Sequence[Publication],
    kinds: Sequence[Channel.Kind],
    *,
    before: str = "",
) -> Stand:
    """Say on which of the channels an event is advertised; `before` has to happen first."""
    found = {kind: placed_on(publications, kind) for kind in kinds}
    evidence = [
        gettext("%(channel)s: placed on %(day)s.")
        % {"channel": kind.label, "day": on_day(local_day(each.published_at))}
        if each and each.published_at
        else gettext("%(channel)s: nothing is placed.") % {"channel": kind.label}
        for kind, each in found.items()
    ]
    missing = [str(kind.label) for kind, each in found.items() if each is None]
    next_step = before or gettext("Place it on %(channels)s.") % {"channels": ", ".join(missing)}
    if event.activity is None:
        next_step = gettext("Link the event to its activity in the plan.")
    return Stand(
        is_done=not missing,
        is_begun=has_publications(publications),
        evidence=tuple(evidence),
        next_step=next_step,
    )


@dataclass(frozen=True)
class Messages:
    """An event's messages as the plan and the ledger have them, added up."""

    planned: int = 0
    handed_over: int = 0
    problems: int = 0
    still_to_come: int = 0
    """Reminders whose moment has not come."""


def messages_of(lines: Iterable[Line], outcomes: Iterable[Outcome]) -> Messages:
    """Add up what the page of the event shows, without a reckoning of its own."""
    foreseen = [by_status(line.counts) for line in lines if line.is_forecast]
    found = [outcome.by_status for outcome in outcomes]
    waiting = (Status.PLANNED, Status.CALLING)
    return Messages(
        planned=_total([*foreseen, *found], waiting),
        handed_over=_total(found, (Status.HANDED_OVER, Status.DELIVERED)),
        problems=_total(found, PROBLEMS),
        still_to_come=sum(line.state in (State.PLANNED, State.HELD) for line in lines),
    )


def read_messages(event: Event, now: datetime) -> Messages:
    rules = list(ReminderRule.objects.for_kind(event.kind))
    outcomes = outcome.outcomes(event)
    return messages_of(going_out.lines(event, rules, outcomes, now), outcomes)


def _total(counted: Iterable[dict[str, int]], statuses: Iterable[Status]) -> int:
    return sum(counts.get(status, 0) for counts in counted for status in statuses)


def messages_stand(event: Event, messages: Messages, *, is_over: bool) -> Stand:
    """Say how far the messages to participants are; only the outbox knows."""
    evidence = [
        ngettext("%(count)s message is planned.", "%(count)s messages are planned.", count)
        % {"count": count}
        for count in [messages.planned]
    ]
    evidence += [
        ngettext("%(count)s was handed over.", "%(count)s were handed over.", count)
        % {"count": count}
        for count in [messages.handed_over]
    ]
    if messages.problems:
        evidence.append(
            ngettext("%(count)s has a problem.", "%(count)s have a problem.", messages.problems)
            % {"count": messages.problems}
        )
    next_step = gettext("Wait: they go by themselves.")
    if event.reminders_stopped_at:
        evidence.insert(0, gettext("The reminders are switched off."))
        next_step = gettext("Switch the reminders on.")
    elif messages.problems:
        next_step = gettext("Look at the problems.")
    return Stand(
        is_done=is_over and not messages.problems and not event.reminders_stopped_at,
        is_begun=not event.reminders_stopped_at and (messages.planned + messages.handed_over) > 0,
        evidence=tuple(evidence),
        next_step=next_step,
        is_overdue=is_over,
    )


def on_day(day: date) -> str:
    """Write a day so that a sentence can end with it: a Latvian date brings its own full stop."""
    return date_format(day, "SHORT_DATE_FORMAT").removesuffix(".")
