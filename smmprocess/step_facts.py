"""The facts by which the steps are judged; however much there is, as many queries."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from documents.models import Document
from events.advertising import missing_channels
from events.models import Event
from goals.models import Goal, Indicator, Year
from kpi import aims
from kpi.pace import Light
from opendays import board as opendays_board
from plans.local_time import local_day
from plans.models import Activity, Audience, Channel, Intake, KeyMessage
from plans.year_and_intake import Period
from results.models import Review
from smmprocess.known import (
    Announcements,
    Control,
    Facts,
    IntakeDays,
    Paper,
    ReviewOfIntake,
    Tasks,
    Unpublished,
)
from smmprocess.process import OPEN_DAYS, WEBINARS, Step
from webinars import promotion
from work.models import Task

CHANNELS_OF: dict[str, Sequence[Channel.Kind]] = {
    "webinar": promotion.CHANNELS,
    "open_day": opendays_board.CHANNELS,
}
"""Where the process has the events of a kind published."""


def read(period: Period, now: datetime) -> Facts:
    today = local_day(now)
    year = Year.objects.select_related("document").filter(year=period.year).first()
    goals = _goals(year)
    if period.intake is None:
        return Facts(
            today=today,
            year=period.year,
            goals=_year_paper(year),
            control=_control(period.year, today),
            **goals,
        )
    intake = _with_counts(period.intake)
    return Facts(
        today=today,
        year=period.year,
        intake=IntakeDays(intake.pk, intake.begins_on, intake.ends_on),
        goals=_year_paper(year),
        communication=_paper(intake.communication_plan.document),
        activity_plan=_paper(intake.activity_plan.document),
        tasks=_tasks(intake, today),
        webinars=_announcements(WEBINARS, intake, now),
        open_days=_announcements(OPEN_DAYS, intake, now),
        control=_control(period.year, today),
        review=_review(intake),
        **goals,
        **_counts(intake),
    )


def goals_without_target(year: int) -> QuerySet[Goal]:
    """Give the goals none of whose indicators has a target."""
    with_target = Indicator.objects.filter(goal=OuterRef("pk"), target__isnull=False)
    return Goal.objects.filter(~Exists(with_target), year__year=year)


def _goals(year: Year | None) -> dict[str, Any]:
    if year is None:
        return {}
    count = Goal.objects.filter(year=year).count()
    return {"goal_count": count, "without_target": goals_without_target(year.year).count()}


def _year_paper(year: Year | None) -> Paper | None:
    return None if year is None else _paper(year.document)


def _paper(document: Document) -> Paper:
    approved = document.approved_version if document.reason else None
    return Paper(
        status=document.status,
        submitted_on=_day(document.submitted_at),
        decided_on=_day(document.decided_at),
        reason=document.reason,
        approved_version=approved.number if approved else 0,
        approved_on=_day(approved.decided_at) if approved else None,
    )


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else local_day(moment)


def _with_counts(intake: Intake) -> Intake:
    return Intake.objects.select_related(
        "communication_plan__document", "activity_plan__document"
    ).get(pk=intake.pk)


def _counts(intake: Intake) -> dict[str, Any]:
    return {
        "key_messages": KeyMessage.objects.filter(plan__intake=intake).count(),
        "audiences": Audience.objects.filter(intake=intake).count(),
        "channels": Channel.objects.filter(intake=intake).count(),
        "activities": Activity.objects.in_plan().filter(intake=intake).count(),
    }


def _tasks(intake: Intake, today: date) -> Tasks:
    """Count what is open up to the end of the intake; what is left over from earlier counts too."""
    open_ones = Task.objects.open().filter(due_on__lte=intake.ends_on)
    if intake.begins_on > today:
        open_ones = open_ones.filter(due_on__gte=intake.begins_on)
    counts = open_ones.aggregate(
        overdue=Count("pk", filter=Q(due_on__lt=today)),
        today=Count("pk", filter=Q(due_on=today)),
        later=Count("pk", filter=Q(due_on__gt=today)),
        first_due_on=Min("due_on"),
    )
    done = Task.objects.filter(
        done_at__isnull=False, due_on__range=(intake.begins_on, intake.ends_on)
    )
    return Tasks(has_done=done.exists(), **counts)


def _review(intake: Intake) -> ReviewOfIntake:
    review = Review.objects.filter(intake=intake).first()
    if review is None:
        return ReviewOfIntake()
    snapshot = review.snapshot
    if snapshot is None:
        return ReviewOfIntake(is_begun=True)
    return ReviewOfIntake(
        is_begun=True,
        frozen_on=local_day(snapshot.taken_at),
        confirmed_by=tuple(str(each.get_role_display()) for each in review.confirmations.values()),
        closed_on=_day(review.closed_at),
        reached=snapshot.reached,
        judged=snapshot.judged,
    )


def _announcements(step: Step, intake: Intake, now: datetime) -> Announcements:
    """Read which events of the intake are to come, and which are published where they should."""
    of_kind = Event.objects.going_ahead().filter(kind=step.event_kind)
    events = of_kind.on_days(intake.begins_on, intake.ends_on)
    coming = list(
        events.filter(starts_at__gt=now).select_related("activity").order_by("starts_at", "pk")
    )
    missing = missing_channels(coming, CHANNELS_OF[step.event_kind])
    unpublished = [
        Unpublished(event.pk, event.title, event.title_en, _due_on(step, event))
        for event in coming
        if missing[event.pk]
    ]
    return Announcements(
        published=len(coming) - len(unpublished),
        unpublished=tuple(sorted(unpublished, key=lambda each: each.due_on)),
        past=events.filter(starts_at__lte=now).count(),
    )


def _control(year: int, today: date) -> Control:
    """Count how the targets of the year do."""
    told = aims.told_of(year, today)
    lights = Counter(each.pace.light for each in told)
    return Control(
        on_pace=lights[Light.ON_PACE] + lights[Light.REACHED],
        behind=sum(each.pace.light.is_late for each in told),
        without_data=lights[Light.NO_VALUE] + lights[Light.NO_START] + lights[Light.INCOMPLETE],
        last_day=max((each.on for each in told if each.on), default=None),
        told=tuple(told),
    )


def _due_on(step: Step, event: Event) -> date:
    return step.due.on(local_day(event.starts_at))
