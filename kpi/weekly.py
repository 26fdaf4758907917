"""The week in figures on one page: by e-mail each Monday at eight, to who wants it."""

from datetime import date, datetime, time, timedelta
from functools import partial

from django.db import transaction

from accounts.models import Role, User
from kpi import letter_names, week_report
from kpi.models import WeeklyReport
from kpi.weekly_words import words
from outbox import queue
from outbox.models import Purpose
from outbox.staff_letters import letters
from plans.local_time import local_day, local_moment

DUE = time(8)
UNTIL = time(12)
"""Who starts beat after noon gets no report that week."""

OF_USE = timedelta(hours=10)
READERS = (Role.DIRECTOR, Role.MARKETING_HEAD, Role.PROJECT_MANAGER, Role.SPECIALIST)


def queue_due(now: datetime) -> int:
    """Queue the report of last week if it is time and it is not there; return how many letters."""
    today = local_day(now)
    is_time = local_moment(today, DUE) <= now < local_moment(today, UNTIL)
    if today.weekday() or not is_time or WeeklyReport.objects.filter(monday=today).exists():
        return 0
    return _queue(today, now)


@transaction.atomic
def _queue(monday: date, now: datetime) -> int:
    """Write the letters and that they are written, both or neither."""
    record, is_new = WeeklyReport.objects.get_or_create(monday=monday, defaults={"made_at": now})
    if not is_new:
        return 0
    readers = list(User.objects.active().filter(weekly_report=True, role__in=READERS))
    report = week_report.read(monday)
    if not readers or not report.lines:
        return 0
    due_at = local_moment(monday, DUE)
    written = letters(readers, partial(words, report), due_at=due_at, expires_at=due_at + OF_USE)
    title = letter_names.of_week(monday)
    record.dispatch = queue.queue_to_users(title, written, purpose=Purpose.SERVICE)
    record.save(update_fields=["dispatch"])
    return len(written)
