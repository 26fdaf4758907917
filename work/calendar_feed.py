"""Somebody's open tasks as a calendar that other programs subscribe to."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override
from icalendar import Calendar, Event

from accounts.models import User
from plans.local_time import local_day
from work.models import Task

BACK = timedelta(days=60)
AHEAD = timedelta(days=370)
LONGEST = 500
REFRESHED = timedelta(hours=1)


def of(user: User, now: datetime) -> str:
    """Return the calendar's text: one entry, of a whole day, per open task of the year."""
    today = local_day(now)
    tasks = (
        Task.objects.of(user)
        .open()
        .filter(due_on__range=(today - BACK, today + AHEAD))
        .select_related("event")
        .order_by("due_on", "pk")[:LONGEST]
    )
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//smmprocess tasks//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    with override(user.language):
        calendar.add("x-wr-calname", gettext("Tasks: %(name)s") % {"name": user.full_name})
        calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
        for task in tasks:
            calendar.add_component(_entry(task, user.language, now))
    return calendar.to_ical().decode()


def _entry(task: Task, language: str, now: datetime) -> Event:
    link = settings.SITE_URL + reverse("work:task_detail", args=[task.pk])
    lines = [task.event.name(language)] if task.event else []
    entry = Event()
    entry.add("uid", f"task-{task.pk}@{settings.SITE_URL.partition('://')[2]}")
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("dtstart", task.due_on)
    entry.add("dtend", task.due_on + timedelta(days=1))
    entry.add("summary", task.name(language))
    entry.add("description", "\n".join([*lines, link]))
    entry.add("url", link)
    entry.add("transp", "TRANSPARENT")
    return entry
