"""Open days of the weeks before, as they would have gone: the real engine with a moved clock.

The plan, the ledger and the attendance are the real ones; only the hand-over is written down
instead of made, because nobody is to be written to about last week.
"""

import random
from datetime import datetime, timedelta

from accounts.models import Role, User
from events import attendance, reminders
from events.models import Event, ReminderRule
from outbox.models import Message, Status
from plans.local_time import local_day, local_moment
from smmprocess.demo.calendar import OPENS, make_open_day

WEEKS = 3


def make_history(staff: dict[Role, User], now: datetime) -> None:
    """Make the open days of the last Wednesdays, unless there are past events already."""
    if Event.objects.past(now).exists():
        return
    # A new installation's rules hold from its first day; this college has had them for months.
    ReminderRule.objects.update(armed_from=now - timedelta(days=90))
    wednesday = local_day(now) - timedelta(days=(local_day(now).weekday() - 2) % 7 or 7)
    for week in range(WEEKS, 0, -1):
        starts_at = local_moment(wednesday - timedelta(weeks=week - 1), OPENS)
        event = make_open_day(staff, starts_at, starts_at, registered=30 + 6 * week)
        _live_through(event)


def _live_through(event: Event) -> None:
    chance = random.Random(event.pk)  # noqa: S311 - nothing here is secret
    _hand_over(event, event.starts_at - timedelta(minutes=15), chance)
    for registered in event.registrations.order_by("pk"):
        if chance.random() < 0.62:
            joined_at = event.starts_at + timedelta(seconds=chance.randrange(-300, 500))
            attendance.press_join(registered, joined_at)
    _hand_over(event, event.starts_at + timedelta(minutes=10), chance)
    _hand_over(event, event.ends_at + timedelta(minutes=30), chance)


def _hand_over(event: Event, moment: datetime, chance: random.Random) -> None:
    fresh = Event.objects.select_related("offer").get(pk=event.pk)
    reminders.look(fresh, moment)
    rows = Message.objects.planned().filter(dispatch__reminder__event=event)
    for number, message in enumerate(rows):
        late = timedelta(seconds=1.2 + number // 50 * 0.5, milliseconds=chance.randrange(700))
        message.status, message.handed_over_at = Status.HANDED_OVER, message.due_at + late
        message.attempts, message.provider_id = 1, f"demo-{message.pk}"
        message.save(update_fields=["status", "handed_over_at", "attempts", "provider_id"])
