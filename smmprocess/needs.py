"""What needs a person: lists for the home page, by role, a few lines each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from accounts.models import Role, User
from documents.models import Document
from events.advertising import missing_channels
from events.models import Event, Material
from kpi.aims import Told
from kpi.pace import Light
from plans.local_time import local_day
from plans.models import Activity, ActivityComment, Channel
from results.models import Evaluation
from smmprocess import papers
from smmprocess.known import Control
from smmprocess.links import address
from smmprocess.overview import Box
from smmprocess.step_facts import goals_without_target
from smmprocess.step_states import State
from webinars import gates, promotion
from webinars.models import Webinar
from work.models import Task

SHOWN = 5
"""A list shows so many lines; what it leaves out stands on the page it leads to."""

SOON = timedelta(days=14)
GATES_SOON = timedelta(days=45)
"""So long before a webinar its advertising must be ready to go out: two weeks before its day."""

LATELY = timedelta(days=14)


@dataclass(frozen=True)
class Line:
    """One thing, with the page where it is dealt with and what is to be known of it."""

    words: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Need:
    """A list of things of one kind."""

    heading: str
    symbol: str
    lines: Sequence[Line]
    has_more: bool = False
    url: str = ""


@dataclass(frozen=True)
class Circumstances:
    """For whom the lists are, and what is known already."""

    user: User
    now: datetime
    year: int
    boxes: Sequence[Box]
    control: Control

    @property
    def today(self) -> date:
        return local_day(self.now)


def needs_of(about: Circumstances) -> list[Need]:
    """Give the lists that have something in them."""
    return [need for read in READERS[Role(about.user.role)] if (need := read(about)).lines]


def waiting_papers(_about: Circumstances) -> Need:
    found = papers.papers(Document.objects.waiting().order_by("submitted_at", "pk"))
    note = gettext("submitted by %(person)s on %(day)s")
    lines = [
        Line(
            paper.name,
            paper.url,
            note
            % {"person": paper.document.submitted_by, "day": _day(paper.document.submitted_at)},
        )
        for paper in found
    ]
    return Need(gettext("Waiting for your approval"), "hand-click", lines)


def returned_papers(_about: Circumstances) -> Need:
    found = papers.papers(
        Document.objects.filter(status=Document.Status.RETURNED).order_by("decided_at", "pk")
    )
    lines = [Line(paper.name, paper.url, paper.document.decision) for paper in found]
    return Need(gettext("Returned for changes"), "arrow-left", lines)


def late_boxes(about: Circumstances) -> Need:
    every = [box for whole in about.boxes for box in (whole, *whole.parts)]
    lines = [
        Line(
            f"{box.step.number}. {box.step.name}",
            box.action.url if box.action else "",
            " ".join(box.stand.evidence),
        )
        for box in every
        if box.stand.state == State.LATE
    ]
    return Need(gettext("Late steps"), "alert-triangle", lines)


def bare_goals(about: Circumstances) -> Need:
    goals = goals_without_target(about.year).order_by("position", "pk")
    language = get_language() or ""
    lines = [Line(goal.label(language), address("goals:goal_detail", goal.pk)) for goal in goals]
    return _need(
        gettext("Goals without a target"), "target", lines, address("goals:year_detail", about.year)
    )


def late_targets(about: Circumstances) -> Need:
    """List the targets of the year that are behind, the worst first."""
    late = [each for each in about.control.told if each.pace.light.is_late]
    late.sort(key=lambda each: each.pace.light == Light.BEHIND)
    return _need(
        gettext("Behind their target"),
        "trending-down",
        map(_target, late),
        address("kpi:dashboard"),
    )


def own_late_targets(about: Circumstances) -> Need:
    """List what of one's own indicators is behind, or has no data."""
    own = [
        each
        for each in about.control.told
        if each.indicator.owner_id == about.user.pk
        and (each.pace.light.is_late or each.pace.light == Light.NO_VALUE)
    ]
    heading = gettext("Your indicators: behind or without data")
    return _need(heading, "trending-down", map(_target, own), address("kpi:dashboard"))


def _target(told: Told) -> Line:
    series = told.indicator.series
    return Line(
        told.indicator.label(get_language() or ""),
        address("kpi:series_detail", series.key) if series else "",
        str(told.pace.light.label),
    )


def channels(about: Circumstances) -> Need:
    found = (
        Channel.objects.losing_access(about.today)
        .filter(intake__ends_on__gte=about.today)
        .select_related("intake")
        .order_by("access_expires_on")
    )
    lines = [
        Line(
            f"{channel.name} · {channel.intake}",
            address("plans:intake_channels", channel.intake_id),
            gettext("access expires on %(day)s") % {"day": _date(channel.access_expires_on)},
        )
        for channel in found
    ]
    return _need(gettext("Channels whose access expires"), "key", lines)


def proposals(_about: Circumstances) -> Need:
    found = Activity.objects.proposed().select_related("unit", "intake").order_by("starts_at")
    lines = [_activity(activity) for activity in found[: SHOWN + 1]]
    return _need(gettext("Proposals of units"), "building-community", lines)


def closed_gates(about: Circumstances) -> Need:
    """List the webinars soon to be advertised that may not be yet."""
    coming = list(
        Event.objects.going_ahead()
        .filter(kind="webinar", starts_at__gt=about.now, starts_at__lte=about.now + GATES_SOON)
        .select_related("webinar", "activity")
        .prefetch_related("materials__versions")
        .order_by("starts_at", "pk")
    )
    missing = missing_channels(coming, promotion.CHANNELS)
    lines = [
        Line(_title(event), address("webinars:board", event.pk), gates.sentence(closed))
        for event in coming
        if missing[event.pk] and (closed := gates.closed(_webinar(event), event.materials.all()))
    ]
    return _need(gettext("Webinars that may not be advertised yet"), "lock", lines)


def _webinar(event: Event) -> Webinar:
    return getattr(event, "webinar", None) or Webinar(event=event)


def own_tasks(about: Circumstances) -> Need:
    """List what of one's own is overdue or due today, the oldest first."""
    due = Task.objects.of(about.user).open().filter(due_on__lte=about.today)
    language = get_language() or ""
    lines = [
        Line(
            task.name(language),
            address("work:task_detail", task.pk),
            _when(task.due_on, about.today),
        )
        for task in due.order_by("due_on", "pk")[: SHOWN + 1]
    ]
    heading = gettext("Your tasks: overdue and due today")
    return _need(heading, "checklist", lines, address("work:my_day"))


def waiting_forms(about: Circumstances) -> Need:
    """List the evaluation forms in which the next step is one's own, the longest waiting first."""
    found = (
        Evaluation.objects.waiting_for(about.user, about.today)
        .select_related("intake", "employee")
        .order_by("changed_at", "pk")
    )
    lines = [
        Line(
            str(evaluation),
            address("results:evaluation_detail", evaluation.pk),
            evaluation.get_state_display(),
        )
        for evaluation in found[: SHOWN + 1]
    ]
    heading = gettext("Evaluation forms that wait for you")
    return _need(heading, "user-check", lines, address("results:evaluation_list"))


def unready_events(about: Circumstances) -> Need:
    """List the events of the next two weeks without a room, a moderator or materials."""
    coming = (
        Event.objects.going_ahead()
        .filter(starts_at__gt=about.now, starts_at__lte=about.now + SOON)
        .annotate(has_materials=Exists(_materials()))
        .order_by("starts_at", "pk")
    )
    lines = [
        Line(
            _title(event),
            address("events:event_detail", event.pk),
            f"{_day(event.starts_at)} · {', '.join(missing)}",
        )
        for event in coming
        if (missing := _missing(event, has_materials=event.has_materials))
    ]
    return _need(gettext("Events that lack something"), "calendar-event", lines)


def _materials() -> QuerySet[Material]:
    """Look for the materials of an event; those of a series serve each of its open days."""
    of_series = Q(event__occurrence__series=OuterRef("occurrence__series"))
    return Material.objects.filter(Q(event=OuterRef("pk")) | of_series)


def _missing(event: Event, *, has_materials: bool) -> list[str]:
    found = [
        (bool(event.room_url), gettext("no room")),
        (event.moderator_id is not None, gettext("no moderator")),
        (has_materials, gettext("no materials")),
    ]
    return [words for is_there, words in found if not is_there]


def activities_of_unit(about: Circumstances) -> Need:
    found = (
        Activity.objects.filter(unit=about.user.unit_id, ends_at__gt=about.now)
        .exclude(state__in=[Activity.State.DECLINED, Activity.State.CANCELLED])
        .select_related("unit", "intake")
        .order_by("starts_at")
    )
    lines = [_activity(activity) for activity in found[: SHOWN + 1]]
    return _need(gettext("Activities of your unit"), "calendar", lines)


def comments_of_unit(about: Circumstances) -> Need:
    """List what others have said lately about the activities of the unit."""
    found: QuerySet[ActivityComment] = (
        ActivityComment.objects.filter(activity__unit=about.user.unit_id, at__gt=about.now - LATELY)
        .exclude(by=about.user)
        .select_related("activity", "by")
        .order_by("-at", "-pk")
    )
    language = get_language() or ""
    lines = [
        Line(
            comment.activity.name(language),
            address("plans:activity_detail", comment.activity_id),
            f"{comment.by}: {comment}",
        )
        for comment in found[: SHOWN + 1]
    ]
    return _need(gettext("Comments on activities of your unit"), "mail", lines)


def _activity(activity: Activity) -> Line:
    state = activity.get_state_display()
    note = f"{_day(activity.starts_at)} · {state}"
    return Line(
        activity.name(get_language() or ""),
        address("plans:activity_detail", activity.pk),
        f"{note} · {activity.unit}" if activity.unit else note,
    )


def _need(heading: str, symbol: str, lines: Iterable[Line], url: str = "") -> Need:
    """Keep the first few lines."""
    every = list(lines)
    return Need(heading, symbol, every[:SHOWN], len(every) > SHOWN, url)


def _title(event: Event) -> str:
    return event.name(get_language() or "")


def _day(moment: datetime | None) -> str:
    return _date(local_day(moment)) if moment else ""


def _date(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _when(due_on: date, today: date) -> str:
    if due_on == today:
        return gettext("due today")
    return gettext("was due on %(day)s") % {"day": _date(due_on)}


WORKERS = (own_tasks, waiting_forms, unready_events, own_late_targets)
READERS: dict[Role, Sequence[Callable[[Circumstances], Need]]] = {
    Role.DIRECTOR: (waiting_papers, waiting_forms, late_boxes, late_targets),
    Role.MARKETING_HEAD: (
        late_boxes,
        late_targets,
        returned_papers,
        bare_goals,
        proposals,
        closed_gates,
        channels,
        own_tasks,
        waiting_forms,
        unready_events,
    ),
    Role.PROJECT_MANAGER: WORKERS,
    Role.SPECIALIST: WORKERS,
    Role.UNIT_HEAD: (own_tasks, waiting_forms, activities_of_unit, comments_of_unit),
}
