"""What beat asks of the events; each task names one function."""

from celery import shared_task
from django.utils import timezone

from events import attendance, contacts, reminders


@shared_task
def queue_due_reminders() -> int:
    return reminders.queue_due(timezone.now())


@shared_task
def reconcile_plans() -> int:
    return reminders.reconcile(timezone.now())


@shared_task
def check_attendance_feeds() -> int:
    return len(attendance.check_feeds(timezone.now()))


@shared_task
def match_contacts() -> int:
    return contacts.match_due(timezone.now())
