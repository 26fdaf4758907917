"""Events that are over, as they would have gone: the real engine with a moved clock.

The plan, the ledger and the attendance are the real ones; only the hand-over is written down
instead of made, because nobody is to be written to about last week.
"""

import random
from datetime import datetime, time, timedelta

from events import attendance, reminders
from events.models import Event
from outbox.models import Message, MessageQuerySet, Status
from plans.local_time import local_day, local_moment

DAY = timedelta(days=1)
CAME = 0.62
OPENED_THE_OFFER = 0.35


def live_through(event: Event) -> None:
    """Let an event's people be reminded, come or stay away, and be written to afterwards."""
    chance = random.Random(event.pk)  # noqa: S311 - nothing here is secret
    _look(event, local_moment(local_day(event.starts_at) - DAY, time(10)))
    _look(event, event.starts_at - timedelta(minutes=15))
    for registered in event.registrations.order_by("pk"):
        if chance.random() < CAME:
            joined_at = event.starts_at + timedelta(seconds=chance.randrange(-300, 500))
            attendance.press_join(registered, joined_at)
    _look(event, event.starts_at + timedelta(minutes=10))
    _look(event, event.ends_at + timedelta(minutes=30))
    _open_the_offer(event, chance)


def _look(event: Event, moment: datetime) -> None:
    fresh = Event.objects.select_related("offer").get(pk=event.pk)
    reminders.look(fresh, moment)
    write_down(Message.objects.filter(dispatch__reminder__event=event))


def write_down(messages: MessageQuerySet) -> None:
    """Say of what is planned that it has been handed over, in time."""
    planned = list(messages.planned())
    for number, message in enumerate(planned):
        late = timedelta(seconds=1.2 + number // 50 * 0.5, milliseconds=number * 331 % 700)
        message.status, message.handed_over_at = Status.HANDED_OVER, message.due_at + late
        message.attempts, message.provider_id = 1, f"demo-{message.pk}"
    Message.objects.bulk_update(planned, ["status", "handed_over_at", "attempts", "provider_id"])


def _open_the_offer(event: Event, chance: random.Random) -> None:
    """Have some of those who were sent the offer follow its button."""
    if event.offer is None:
        return
    reached = event.registrations.filter(participant__offers_by_email_at__isnull=False)
    opened = [each.pk for each in reached.order_by("pk") if chance.random() < OPENED_THE_OFFER]
    event.registrations.filter(pk__in=opened).update(
        offer_opened_at=event.ends_at + timedelta(minutes=50)
    )
