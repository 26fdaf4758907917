"""Importing a list of participants: upload, preview, then all of it in one transaction, or none.

The list is read again when it is confirmed, and decided about again inside the transaction: what
has changed since the preview counts. Reading takes most of the time and happens before it.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import BinaryIO, cast

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy, override

from events import import_plan, participant_list, reminders
from events.import_outlook import outlook
from events.import_plan import ImportPlan, Wishes
from events.list_headers import Field
from events.models import Event, ParticipantImport, Registration
from events.participant_list import ParticipantList
from events.registration import Origin, RegistrationRefusedError, refuse_unless_open
from files.list_files import ListError, uploaded
from outbox import queue
from people.lock import lock_matching
from people.models import Consent
from people.saving import create_all, update_all

BATCH = 500
AT_ONCE_BYTES = 64 * 1024
"""A file up to this size, about a thousand rows, is read while its sender waits."""

PROGRESS_STEP = 5

FIELD_NAMES = {
    Field.FIRST_NAME: gettext_lazy("first name"),
    Field.LAST_NAME: gettext_lazy("last name"),
    Field.FULL_NAME: gettext_lazy("name and surname"),
    Field.FULL_NAME_REVERSED: gettext_lazy("last name, first name"),
    Field.EMAIL: gettext_lazy("e-mail"),
    Field.PHONE: gettext_lazy("phone"),
    Field.CONSENT: gettext_lazy("consent to offers"),
    Field.EMAIL_CONSENT: gettext_lazy("consent to offers by e-mail"),
    Field.SMS_CONSENT: gettext_lazy("consent to offers by SMS"),
    Field.LANGUAGE: gettext_lazy("language"),
}

State = ParticipantImport.State
Clock = Callable[[], datetime]


# Without a page


def plan_import(
    event: Event, found: ParticipantList, origin: Origin, wishes: Wishes, now: datetime
) -> ImportPlan:
    """Say what importing a list would do; raises RegistrationRefusedError for a past event."""
    refuse_unless_open(event, now)
    return import_plan.make(event, found, origin, wishes, now)


@transaction.atomic
def import_list(
    event: Event, found: ParticipantList, origin: Origin, wishes: Wishes, now: datetime
) -> ImportPlan:
    """Register the people of a list, all of them or none; return what was done."""
    lock_matching()
    event.refresh_from_db(fields=["cancelled_at", "ends_at"])
    plan = plan_import(event, found, origin, wishes, now)
    _save(plan, now)
    reminders.wake(event.pk, now)
    refused = [each.participant for each in plan.entries if each.refuses_offers]
    if refused:
        queue.ask_anew_of(refused)
    return plan


def _save(plan: ImportPlan, now: datetime) -> None:
    known = [entry for entry in plan.entries if not entry.is_new_person and entry.changed]
    added = [entry.participant for entry in plan.entries if entry.is_new_person]
    create_all(added, BATCH)
    for fields in {frozenset(entry.changed) for entry in known}:
        changed = [entry.participant for entry in known if entry.changed == fields]
        update_all(changed, fields, BATCH)
    Consent.objects.bulk_create(
        (each for entry in plan.entries for each in entry.consents), batch_size=BATCH
    )
    Registration.objects.bulk_create(
        (each.new_registration for each in plan.entries if each.new_registration),
        batch_size=BATCH,
    )
    for entry in plan.entries:
        if entry.is_taken_up and entry.registration is not None:
            entry.registration.register_again(now)


# With a page


def receive(
    event: Event,
    file: File,
    *,
    by_id: int,
    people_language: str,
    reader_language: str,
    now: datetime,
) -> ParticipantImport:
    """Store a list privately after a first look at it; raises ListError if it is none."""
    refuse_unless_open(event, now)
    participant_list.check(cast("BinaryIO", file.file))
    return ParticipantImport.objects.create(
        event=event,
        file=file,
        original_name=(file.name or "")[-200:],
        uploaded_at=now,
        uploaded_by_id=by_id,
        people_language=people_language,
        reader_language=reader_language,
        moved_at=now,
    )


def is_small(record: ParticipantImport) -> bool:
    return record.file.size <= AT_ONCE_BYTES


def prepare(record: ParticipantImport, clock: Clock) -> None:
    """Read a list and note what importing it would do; a list that cannot be read is refused."""
    with override(record.reader_language):
        try:
            found = _read(record, clock)
            now = clock()
            plan = plan_import(record.event, found, _origin(record), _wishes(record), now)
        except (ListError, RegistrationRefusedError) as refusal:
            record.refuse(str(refusal), clock())
            return
        _note(record, plan, now)
        with transaction.atomic():
            if record.step(State.READY, clock(), progress=100):
                record.save(update_fields=["summary", "lines"])


def confirm(
    record: ParticipantImport, *, send_confirmations: bool, take_up_cancelled: bool, now: datetime
) -> bool:
    """Let a list that waits be imported; return whether it was this call that did so."""
    waiting = ParticipantImport.objects.filter(pk=record.pk, state=State.READY)
    is_first = waiting.update(
        state=State.IMPORTING,
        progress=0,
        moved_at=now,
        taken_up_at=None,
        confirm_registrations=send_confirmations,
        take_up_cancelled=take_up_cancelled,
    )
    record.refresh_from_db()
    return bool(is_first)


def carry_out(record: ParticipantImport, clock: Clock) -> None:
    """Import a confirmed list; if it cannot be, nothing is saved and the record says why."""
    with override(record.reader_language):
        try:
            found = _read(record, clock)
            with transaction.atomic():
                _import_once(record, found, clock())
        except (ListError, RegistrationRefusedError) as refusal:
            record.refuse(str(refusal), clock())
            return
    record.delete_file()


def _import_once(record: ParticipantImport, found: ParticipantList, now: datetime) -> None:
    """Import, unless somebody else has done so while this one was reading."""
    lock_matching()
    record.refresh_from_db(fields=["state"])
    if record.state != State.IMPORTING:
        return
    plan = import_list(record.event, found, _origin(record), _wishes(record), now)
    _note(record, plan, now)
    record.finished_at = now
    record.save(update_fields=["summary", "lines", "finished_at"])
    record.step(State.DONE, now, progress=100)


def take_up_stuck(now: datetime) -> list[ParticipantImport]:
    """Return lists whose worker shows no sign any more, each once; then a person is asked."""
    stuck = ParticipantImport.objects.stuck(now).filter(taken_up_at=None).without_lines()
    return [record for record in stuck if record.take_up(now)]


def discard(record: ParticipantImport) -> bool:
    """Forget a list with its file, unless it has gone a step further meanwhile."""
    same = ParticipantImport.objects.filter(pk=record.pk, state=record.state)
    deleted, _per_model = same.delete()
    if deleted and record.file:
        record.file.delete(save=False)
    return bool(deleted)


def discard_forgotten(now: datetime) -> int:
    """Discard lists that nobody confirmed within a day; return how many."""
    return sum(
        discard(record) for record in ParticipantImport.objects.forgotten(now).without_lines()
    )


def _read(record: ParticipantImport, clock: Clock) -> ParticipantList:
    def note_progress(done: int, total: int) -> None:
        percent = 100 * done // max(total, 1)
        if percent - record.progress >= PROGRESS_STEP:
            record.step(State(record.state), clock(), progress=percent)

    with uploaded(record.file) as file:
        return participant_list.read(file, filename=record.original_name, progress=note_progress)


def _origin(record: ParticipantImport) -> Origin:
    return list_origin(record.original_name, record.uploaded_by_id)


def list_origin(filename: str, by_id: int | None = None) -> Origin:
    """Say of registrations and consents that they come from a list of this name."""
    return Origin(Registration.Source.LIST, place=filename, by_id=by_id)


def _wishes(record: ParticipantImport) -> Wishes:
    return Wishes(
        confirm=record.confirm_registrations,
        take_up_cancelled=record.take_up_cancelled,
        language=record.people_language,
    )


def _note(record: ParticipantImport, plan: ImportPlan, now: datetime) -> None:
    """Keep what is to be shown of a plan, in words."""
    found = plan.found
    people = [registration.participant for registration in plan.registered()]
    record.lines = [asdict(line) for line in plan.lines]
    record.summary = {
        "counts": plan.counts(),
        "sheet": found.sheet,
        "header_row": found.header.row,
        "columns": [[title, str(FIELD_NAMES[field])] for field, title in found.columns.items()],
        "ignored": list(found.ignored_columns),
        "notices": found.notices,
        "has_consents": found.has_consent_column,
        "sendings": [
            {"sentence": each.sentence(now), "is_confirmation": each.is_confirmation}
            for each in outlook(record.event, people, now)
        ],
    }
