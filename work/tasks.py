"""What beat asks of the tasks."""

from celery import shared_task
from django.utils import timezone

from plans.local_time import local_day
from work import hand_over, morning, recurring


@shared_task
def keep_up_with_the_day() -> int:
    """Recurring tasks first: those of somebody who is away then go to who stands in."""
    now = timezone.now()
    today = local_day(now)
    return recurring.keep_up(today, now) + hand_over.keep_up(today, now)


@shared_task
def queue_morning_lists() -> int:
    return morning.queue_due(timezone.now())
