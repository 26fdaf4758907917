"""Calendars that other programs subscribe to: somebody's open tasks, and the activity plan."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override
from icalendar import Calendar, Event

from accounts.models import User
from plans.calendar_days import bounds
from plans.linked import Turn, between, carried_out, turns
from plans.local_time import local_day
from plans.models import Activity
from work.models import Task

BACK = timedelta(days=60)
AHEAD = timedelta(days=370)
LONGEST = 500
"""More entries than this no calendar gets: the nearest are those of use."""

REFRESHED = timedelta(hours=1)


def of_tasks(user: User, now: datetime) -> str:
    """Return the text of a calendar with one entry, of a whole day, per open task of the year."""
    first, last = _around(now)
    tasks = (
        Task.objects.of(user)
        .open()
        .filter(due_on__range=(first, last))
        .select_related("event")
        .order_by("due_on", "pk")[:LONGEST]
    )
    with override(user.language):
        name = gettext("Tasks: %(name)s") % {"name": user.full_name}
        return _calendar(name, (_of_task(task, user.language, now) for task in tasks))


def of_plan(user: User, now: datetime) -> str:
    """Return the text of a calendar with all that is planned around now, each week of a series."""
    moments = bounds(*_around(now))
    plan = between(Activity.objects.in_plan(), *moments)
    events = carried_out(plan)
    activities = plan.select_related("intake", "owner")
    found = sorted(
        (
            (turn, activity)
            for activity in activities
            for turn in turns(activity, events.get(activity.pk, ()))
            if turn.ends_at > moments[0] and turn.starts_at < moments[1]
        ),
        key=lambda each: abs(each[0].starts_at - now),
    )[:LONGEST]
    with override(user.language):
        entries = (_of_activity(*each, user.language, now) for each in found)
        return _calendar(gettext("Activity plan"), entries)


def _around(now: datetime) -> tuple[date, date]:
    today = local_day(now)
    return today - BACK, today + AHEAD


def _calendar(name: str, entries: Iterable[Event]) -> str:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//smmprocess//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(entry)
    return calendar.to_ical().decode()


def _of_task(task: Task, language: str, now: datetime) -> Event:
    link = settings.SITE_URL + reverse("work:task_detail", args=[task.pk])
    lines = [task.event.name(language)] if task.event else []
    entry = _entry(f"task-{task.pk}", task.name(language), [*lines, link], now)
    entry.add("dtstart", task.due_on)
    entry.add("dtend", task.due_on + timedelta(days=1))
    entry.add("url", link)
    entry.add("transp", "TRANSPARENT")
    return entry


def _of_activity(turn: Turn, activity: Activity, language: str, now: datetime) -> Event:
    link = settings.SITE_URL + reverse("plans:activity_detail", args=[activity.pk])
    # By the day that was planned: what is moved is the same entry, and two on a day are two.
    uid = f"activity-{activity.pk}-{local_day(turn.planned_at):%Y%m%d}"
    entry = _entry(uid, activity.name(language), [*_about(activity), link], now)
    entry.add("dtstart", turn.starts_at.astimezone(UTC))
    entry.add("dtend", turn.ends_at.astimezone(UTC))
    entry.add("url", link)
    return entry


def _about(activity: Activity) -> Iterator[str]:
    yield f"{activity.get_kind_display()} · {activity.intake}"
    if activity.presenter:
        yield activity.presenter
    if activity.owner:
        yield gettext("Owner: %(name)s") % {"name": activity.owner}


def _entry(uid: str, summary: str, lines: Iterable[str], now: datetime) -> Event:
    entry = Event()
    entry.add("uid", f"{uid}@{settings.SITE_URL.partition('://')[2]}")
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("summary", summary)
    entry.add("description", "\n".join(lines))
    return entry
