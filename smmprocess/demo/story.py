"""The college's story through the steps of the process, told once."""

from datetime import datetime, timedelta

from django.db import transaction

from events.models import Event, ReminderRule
from goals.models import Year
from outbox.models import Message
from smmprocess.demo import (
    activity_words,
    goals,
    intakes,
    kpi,
    open_days,
    results,
    season,
    tasks,
    webinars,
)
from smmprocess.demo.history import write_down
from smmprocess.demo.staff import Staff

RULES_SINCE = timedelta(days=200)


@transaction.atomic
def tell(staff: Staff, now: datetime) -> None:
    """Tell the whole story into an empty database; where there is something, it stays as it is."""
    if Year.objects.exists() or Event.objects.exists():
        return
    # A new installation's rules hold from its first day; this college has had them for long.
    ReminderRule.objects.update(armed_from=now - RULES_SINCE)
    span = season.running(now)
    goals.make_years(staff, span, now)
    intakes.make_earlier(staff, span.preceding().preceding(), now)
    intakes.make_earlier(staff, span.preceding(), now)
    planned = intakes.make_running(staff, span, now)
    weekly = planned[activity_words.OPEN_DAYS.title]
    series = open_days.make_series(staff, weekly, now)
    events = webinars.make_webinars(staff, planned, now)
    intakes.prepare_next(staff, weekly.intake, span.following(), now)
    of_series = Event.objects.filter(occurrence__series=series)
    tasks.make_tasks(staff, [*events, *of_series], now)
    kpi.measure_networks(staff, now)
    results.close(staff, span.preceding(), now)
    results.begin_forms(staff, span)
    # What was decided long ago is no news: its letters to the staff count as handed over.
    write_down(Message.objects.filter(user__isnull=False))
