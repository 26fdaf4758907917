"""What beat asks about the steps of the process."""

from celery import shared_task
from django.utils import timezone

from smmprocess import step_messages


@shared_task
def queue_step_messages() -> int:
    return step_messages.queue_due(timezone.now())
