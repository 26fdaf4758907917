"""What the background does for step 7; each task names one function."""

from celery import shared_task
from django.utils import timezone

from results import evaluation_letters


@shared_task
def queue_evaluation_letters() -> int:
    return evaluation_letters.queue_due(timezone.now())
