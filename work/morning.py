"""The list of one's day, to each member of staff at eight on working days."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from accounts.models import User
from outbox import queue
from outbox.models import Message, Purpose
from outbox.staff_letters import letter
from plans.holidays import is_working_day, shift_working_days
from plans.local_time import local_day, local_moment
from work import my_day
from work.models import MorningList, Task

DUE = time(8)
UNTIL = time(12)
"""Later on it is no morning any more: who starts beat after noon gets no list that day."""

OF_USE = timedelta(hours=6)


def queue_due(now: datetime) -> int:
    """Queue this morning's lists if it is time and they are not there; return how many letters."""
    today = local_day(now)
    is_time = local_moment(today, DUE) <= now < local_moment(today, UNTIL)
    if not is_time or not is_working_day(today) or MorningList.objects.filter(day=today).exists():
        return 0
    return _queue(today, now)


@transaction.atomic
def _queue(today: date, now: datetime) -> int:
    """Write the letters and that they are written, both or neither."""
    morning, is_new = MorningList.objects.get_or_create(day=today, defaults={"made_at": now})
    if not is_new:
        return 0
    readers = User.objects.active().filter(morning_list=True)
    letters = [each for user in readers if (each := _letter(user, today))]
    if letters:
        title = _title(today)
        morning.dispatch = queue.queue_to_users(title, letters, purpose=Purpose.SERVICE)
        morning.save(update_fields=["dispatch"])
    return len(letters)


def _title(day: date) -> str:
    return gettext("Lists of the day %(day)s") % {"day": date_format(day, "SHORT_DATE_FORMAT")}


def names(dispatches: Collection[int], **_signal: Any) -> dict[int, str]:
    """Name the lists where the outbox shows them."""
    mornings = MorningList.objects.filter(dispatch__in=dispatches)
    return {each.dispatch_id: _title(each.day) for each in mornings if each.dispatch_id}


def _letter(user: User, today: date) -> Message | None:
    """Write to somebody who has something to do; None for who has not."""
    day = my_day.day_of(user, today)
    if day.is_free:
        return None
    due_at = local_moment(today, DUE)
    return letter(user, partial(_words, day, today), due_at=due_at, expires_at=due_at + OF_USE)


def _words(day: my_day.Day, today: date) -> tuple[str, str]:
    count, overdue = len(day.today.tasks), len(day.overdue.tasks)
    subject = ngettext("Today: %(count)s task", "Today: %(count)s tasks", count)
    if overdue:
        subject = ngettext(
            "Today: %(count)s task, overdue: %(overdue)s",
            "Today: %(count)s tasks, overdue: %(overdue)s",
            count,
        )
    subject %= {"count": count, "overdue": overdue}
    since = _working_day_before(today)
    fresh = [task for task in day.overdue.tasks if task.due_on >= since]
    older = [task for task in day.overdue.tasks if task.due_on < since]
    parts = [
        _part(gettext("Today:"), day.today.tasks, is_more=day.today.has_more),
        _part(gettext("Overdue since yesterday:"), fresh),
        _part(gettext("Overdue for longer:"), older, is_more=day.overdue.has_more),
        settings.SITE_URL + reverse("work:my_day"),
        gettext(
            "This list comes on each working day on which you have something to do. You can switch "
            "it off in your profile:\n%(link)s"
        )
        % {"link": settings.SITE_URL + reverse("accounts:profile")},
    ]
    return subject, "\n\n".join(part for part in parts if part)


def _working_day_before(today: date) -> date:
    """Return the day of the last list: what was due since then has become overdue since."""
    return shift_working_days(today, -1)


def _part(heading: str, tasks: list[Task], *, is_more: bool = False) -> str:
    if not tasks:
        return ""
    lines = [heading, *(f"– {_line(task)}" for task in tasks)]
    return "\n".join([*lines, *([gettext("… and more.")] if is_more else [])])


def _line(task: Task) -> str:
    language = get_language() or ""
    about = f" ({task.event.name(language)})" if task.event else ""
    due = f", {date_format(task.due_on, 'SHORT_DATE_FORMAT')}"
    return f"{task.name(language)}{about}{due}"
