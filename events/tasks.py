"""What beat asks of the events; each task names one function."""

from celery import shared_task
from django.utils import timezone

from events import (
    alerts,
    attendance,
    attendance_import,
    bitrix24_lists,
    contacts,
    leftover_lists,
    participant_import,
    preflight,
    reminders,
    zoom_attendance,
)
from events.models import Bitrix24Source, ParticipantImport, Rehearsal
from outbox import delivery
from outbox.own_clock import by_a_right_clock

State = ParticipantImport.State


@shared_task
@by_a_right_clock
def queue_due_reminders() -> int:
    return reminders.queue_on_time(timezone.now)


@shared_task
@by_a_right_clock
def reconcile_plans() -> int:
    return reminders.reconcile(timezone.now())


@shared_task
@by_a_right_clock
def check_attendance_feeds() -> int:
    now = timezone.now()
    return alerts.report_held(attendance.check_feeds(now), now)


@shared_task
@by_a_right_clock
def close_expired() -> int:
    now = timezone.now()
    delivery.expire(now)
    return alerts.report_expired(now)


@shared_task
@by_a_right_clock
def make_preflights() -> int:
    return preflight.make_due(timezone.now())


@shared_task
def match_contacts() -> int:
    return contacts.match_due(timezone.now())


@shared_task
def poll_bitrix24() -> None:
    """Fan out: one task per source, so that a long one does not hold up the others."""
    for source_id in bitrix24_lists.to_poll(timezone.now()):
        read_bitrix24_source.apply_async((source_id,), expires=240)


@shared_task
def read_bitrix24_source(source_id: int) -> int:
    source = Bitrix24Source.objects.to_read(timezone.now()).filter(pk=source_id).first()
    return bitrix24_lists.read(source, timezone.now()) if source else 0


@shared_task
def take_bitrix24_events() -> int:
    return bitrix24_lists.take_events(timezone.now())


@shared_task
def read_participant_import(import_id: int) -> None:
    record = ParticipantImport.objects.filter(pk=import_id, state=State.READING).first()
    if record is not None:
        participant_import.prepare(record, timezone.now)


@shared_task
def carry_out_participant_import(import_id: int) -> None:
    record = ParticipantImport.objects.filter(pk=import_id, state=State.IMPORTING).first()
    if record is not None:
        participant_import.carry_out(record, timezone.now)


@shared_task
def take_up_stuck_imports() -> None:
    """Fan out: each is a list as long as the first time."""
    for record in participant_import.take_up_stuck(timezone.now()):
        is_reading = record.state == State.READING
        step = read_participant_import if is_reading else carry_out_participant_import
        step.delay(record.pk)


@shared_task
def take_zoom_signs() -> int:
    return zoom_attendance.take(timezone.now())


@shared_task
def discard_forgotten_imports() -> int:
    now = timezone.now()
    zoom_attendance.forget_old(now)
    Rehearsal.objects.old(now).delete()
    count = participant_import.discard_forgotten(now) + attendance_import.discard_forgotten(now)
    leftover_lists.clear(now)
    return count
