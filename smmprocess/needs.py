"""What needs a person: lists for the home page, by role, a few lines each."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language, gettext

from accounts.models import Role
from events.advertising import missing_channels
from events.models import Event, Material
from kpi.aims import Told
from kpi.pace import Light
from plans.models import Activity, ActivityComment, Channel
from results.models import Evaluation
from smmprocess.links import address
from smmprocess.need import SHOWN, Circumstances, Line, Need, line_of, need_of, on_date, on_day
from smmprocess.needs_to_decide import (
    late_pay,
    proposals,
    results_to_confirm,
    returned_materials,
    returned_papers,
    waiting_materials,
    waiting_papers,
)
from smmprocess.step_facts import goals_without_target
from smmprocess.step_states import State
from webinars import gates, promotion
from webinars.models import Webinar
from work.models import Task

SOON = timedelta(days=14)
GATES_SOON = timedelta(days=45)
"""So long before a webinar its advertising must be ready to go out: two weeks before its day."""

LATELY = timedelta(days=14)


def needs_of(about: Circumstances) -> list[Need]:
    """Give the lists that have something in them."""
    return [need for read in READERS[Role(about.user.role)] if (need := read(about)).lines]


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
    return need_of(
        gettext("Goals without a target"), "target", lines, address("goals:year_detail", about.year)
    )


def late_targets(about: Circumstances) -> Need:
    """List the targets of the year that are behind, the worst first."""
    late = [each for each in about.control.told if each.pace.light.is_late]
    late.sort(key=lambda each: each.pace.light == Light.BEHIND)
    return need_of(
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
    return need_of(heading, "trending-down", map(_target, own), address("kpi:dashboard"))


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
            gettext("access expires on %(day)s") % {"day": on_date(channel.access_expires_on)},
        )
        for channel in found
    ]
    return need_of(gettext("Channels whose access expires"), "key", lines)


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
    return need_of(gettext("Webinars that may not be advertised yet"), "lock", lines)


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
    return need_of(heading, "checklist", lines, address("work:my_day"))


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
    return need_of(heading, "user-check", lines, address("results:evaluation_list"))


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
            f"{on_day(event.starts_at)} · {', '.join(missing)}",
        )
        for event in coming
        if (missing := _missing(event, has_materials=event.has_materials))
    ]
    return need_of(gettext("Events that lack something"), "calendar-event", lines)


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
        Activity.objects.of_unit(about.user, declined_since=about.now - LATELY)
        .filter(ends_at__gt=about.now)
        .select_related("unit", "intake")
        .order_by("starts_at")
    )
    lines = [line_of(activity) for activity in found[: SHOWN + 1]]
    return need_of(gettext("Activities of your unit"), "calendar", lines)


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
    return need_of(gettext("Comments on activities of your unit"), "mail", lines)


def _title(event: Event) -> str:
    return event.name(get_language() or "")


def _when(due_on: date, today: date) -> str:
    if due_on == today:
        return gettext("due today")
    return gettext("was due on %(day)s") % {"day": on_date(due_on)}


WORKERS = (own_tasks, waiting_forms, returned_materials, unready_events, own_late_targets)
READERS: dict[Role, Sequence[Callable[[Circumstances], Need]]] = {
    Role.DIRECTOR: (
        waiting_papers,
        results_to_confirm,
        waiting_forms,
        late_boxes,
        late_targets,
    ),
    Role.MARKETING_HEAD: (
        late_boxes,
        late_targets,
        returned_papers,
        results_to_confirm,
        bare_goals,
        proposals,
        waiting_materials,
        closed_gates,
        late_pay,
        channels,
        own_tasks,
        waiting_forms,
        returned_materials,
        unready_events,
    ),
    Role.PROJECT_MANAGER: (late_pay, *WORKERS),
    Role.SPECIALIST: WORKERS,
    Role.UNIT_HEAD: (own_tasks, waiting_forms, activities_of_unit, comments_of_unit),
}
