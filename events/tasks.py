"""What beat asks of the events; each task names one function."""

from celery import shared_task
from django.utils import timezone

from events import alerts, attendance, contacts, reminders
from outbox import delivery


@shared_task
def queue_due_reminders() -> int:
    return reminders.queue_due(timezone.now())


@shared_task
def reconcile_plans() -> int:
    return reminders.reconcile(timezone.now())


@shared_task
def check_attendance_feeds() -> int:
    now = timezone.now()
    return alerts.report_held(attendance.check_feeds(now), now)


@shared_task
def close_expired() -> int:
    now = timezone.now()
    delivery.expire(now)
    return alerts.report_expired(now)


@shared_task
def match_contacts() -> int:
    return contacts.match_due(timezone.now())
