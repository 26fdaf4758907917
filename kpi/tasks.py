"""What the background does for step 6; each task names one function."""

from celery import shared_task
from django.utils import timezone

from kpi import alerts, reading, weekly
from kpi.lists import importing
from kpi.models import ListImport


@shared_task
def go_on_with_list(import_id: int) -> None:
    record = ListImport.objects.select_related("file", "by").filter(pk=import_id).first()
    if record is not None and record.is_at_work:
        importing.go_on(record, timezone.now)


@shared_task
def take_up_stuck_lists() -> None:
    """Fan out: each is a list as long as the first time."""
    for import_id in importing.take_up_stuck(timezone.now()):
        go_on_with_list.delay(import_id)


@shared_task
def discard_forgotten_lists() -> int:
    return importing.discard_forgotten(timezone.now())


@shared_task
def look_for_alerts() -> int:
    return alerts.look(timezone.now())


@shared_task
def queue_weekly_reports() -> int:
    return weekly.queue_due(timezone.now())


@shared_task
def read_due_sources() -> None:
    """Fan out: one task for each source, so that a slow one does not hold up the others."""
    for reading_id in reading.start_due(timezone.now()):
        read_source.delay(reading_id)


@shared_task
def read_source(reading_id: int) -> None:
    if reading.carry_on(reading_id, timezone.now):
        read_source.delay(reading_id)
