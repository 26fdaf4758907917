"""What beat asks of the files."""

from celery import shared_task
from django.utils import timezone

from files import clearing


@shared_task
def clear_unused() -> int:
    return clearing.clear(timezone.now())
