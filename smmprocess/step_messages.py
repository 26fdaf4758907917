"""Telling those responsible that a step's date nears, and that it passed with the step undone."""

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext

from accounts.models import Role, User
from events.event_type import get_type
from outbox import queue
from outbox.models import Purpose
from outbox.staff_letters import letters
from plans.holidays import is_working_day
from plans.local_time import local_day, local_moment
from plans.year_and_intake import Period, all_periods, with_key
from smmprocess import step_facts
from smmprocess.known import Facts
from smmprocess.models import StepNotice
from smmprocess.process import EVERY_STEP, OPEN_DAYS, WEBINARS, Anchor, Step
from smmprocess.step_states import State, stand_of

FROM, UNTIL = time(9), time(17)
"""By the clock in Riga, on working days."""

NEARS_BEFORE = timedelta(days=7)
TOLD_WITHIN = timedelta(days=14)
"""What passed longer ago is no news: it was told, or it is older than this installation."""

OF_USE = timedelta(days=3)
AROUND = timedelta(days=75)
"""So long before and after its days an intake has steps with dates to tell of."""

Occasion = StepNotice.Occasion

TOLD_ELSEWHERE = {("5.1", Occasion.PASSED)}
"""That a webinar is not published is told by webinars.warnings on three days before it."""


@dataclass(frozen=True)
class Occurrence:
    """An occasion to tell of a step."""

    step: Step
    period: Period
    facts: Facts
    occasion: StepNotice.Occasion
    due_on: date

    @property
    def key(self) -> tuple[str, str, str, date]:
        return self.step.number, _period_key(self.step, self.period), self.occasion, self.due_on


def queue_due(now: datetime) -> int:
    """Tell of each step whose time it is, once; return of how many."""
    today = local_day(now)
    is_time = local_moment(today, FROM) <= now < local_moment(today, UNTIL)
    if not is_time or not is_working_day(today):
        return 0
    told = set(
        StepNotice.objects.filter(due_on__gte=today - TOLD_WITHIN).values_list(
            "step", "period", "occasion", "due_on"
        )
    )
    count = 0
    for occurrence in _due(today, now):
        if occurrence.key not in told:
            told.add(occurrence.key)
            count += _tell(occurrence, now)
    return count


def _due(today: date, now: datetime) -> Iterator[Occurrence]:
    for period in _periods(today):
        facts = step_facts.read(period, now)
        for step in EVERY_STEP:
            for due_on in stand_of(step, facts).open_dates:
                if occasion := _occasion(due_on, today):
                    yield Occurrence(step, period, facts, occasion, due_on)


def _periods(today: date) -> list[Period]:
    """Give what has dates around today, and the years that begin: next year's goals come first."""
    near = [
        each
        for each in all_periods(today)
        if each.intake is not None
        and each.intake.begins_on - AROUND <= today <= each.intake.ends_on + AROUND
    ]
    years = {today.year, (today + NEARS_BEFORE).year} - {each.year for each in near}
    return [*near, *(Period(year) for year in sorted(years))]


def _occasion(due_on: date, today: date) -> StepNotice.Occasion | None:
    if due_on - NEARS_BEFORE <= today <= due_on:
        return Occasion.NEARS
    if due_on < today <= due_on + TOLD_WITHIN:
        return Occasion.PASSED
    return None


def _period_key(step: Step, period: Period) -> str:
    """Name what the step belongs to: the goals are the year's, whatever the intake."""
    return str(period.year) if step.due.anchor == Anchor.YEAR_BEGINS else period.key


def _tell(occurrence: Occurrence, now: datetime) -> int:
    """Write to those responsible; return 0 if somebody else has, or if there is nobody yet."""
    step = occurrence.step
    if (step.number, occurrence.occasion) in TOLD_ELSEWHERE:
        return 0
    readers = list(User.objects.active().filter(role__in=_roles(occurrence)).order_by("pk"))
    if not readers:
        return 0
    number, period, occasion, due_on = occurrence.key
    drafts = letters(readers, partial(_text, occurrence), due_at=now, expires_at=now + OF_USE)
    # Two workers may be telling at once: the unique key lets one of them, with all its letters.
    with contextlib.suppress(IntegrityError), transaction.atomic():
        notice = StepNotice(
            step=number, period=period, occasion=occasion, due_on=due_on, made_at=now
        )
        notice.dispatch = queue.queue_to_users(_title(notice), drafts, purpose=Purpose.SERVICE)
        notice.save()
        return 1
    return 0


def _title(notice: StepNotice) -> str:
    return f"{notice.step} · {with_key(notice.period)} · {notice.get_occasion_display()}"


def names(dispatches: Collection[int], **_signal: Any) -> dict[int, str]:
    """Name what was told where the outbox shows it."""
    notices = StepNotice.objects.filter(dispatch__in=dispatches)
    return {each.dispatch_id: _title(each) for each in notices}


def _roles(occurrence: Occurrence) -> tuple[Role, ...]:
    """Say who holds the step up: what waits for approval is the director's."""
    state = stand_of(occurrence.step, occurrence.facts).state
    return (Role.DIRECTOR,) if state == State.WAITING else occurrence.step.owners


def _text(occurrence: Occurrence) -> tuple[str, str]:
    step = occurrence.step
    values = {
        "number": step.number,
        "step": step.name,
        "period": occurrence.period,
        "day": date_format(occurrence.due_on, "SHORT_DATE_FORMAT"),
    }
    if occurrence.occasion == Occasion.NEARS:
        subject = gettext("By %(day)s: step %(number)s, %(period)s")
        sentence = gettext("Step %(number)s, “%(step)s” (%(period)s), is to be done by %(day)s.")
    else:
        subject = gettext("The date has passed: step %(number)s, %(period)s")
        sentence = gettext("Step %(number)s, “%(step)s” (%(period)s), was to be done by %(day)s.")
    evidence = _events_said(occurrence) or _stand_said(occurrence)
    link = f"{settings.SITE_URL}{reverse('home')}?period={occurrence.period.key}"
    return subject % values, "\n\n".join([sentence % values, evidence, link])


def _stand_said(occurrence: Occurrence) -> str:
    stand = stand_of(occurrence.step, occurrence.facts)
    where = gettext("Now: %(state)s.") % {"state": stand.state.label}
    return "\n".join([where, *stand.evidence])


def _events_said(occurrence: Occurrence) -> str:
    """Name the events whose day of publication this is, each with its page."""
    kind = occurrence.step.event_kind
    told = {
        WEBINARS.event_kind: occurrence.facts.webinars,
        OPEN_DAYS.event_kind: occurrence.facts.open_days,
    }
    events = [
        f"– {each.name}: {settings.SITE_URL}{reverse(get_type(kind).board, args=[each.event])}"
        for each in (told[kind].unpublished if kind else ())
        if each.due_on == occurrence.due_on
    ]
    return "\n".join([gettext("Not published everywhere yet:"), *events]) if events else ""
