"""Importing a list of figures: upload, mapping, preview, then all of it in one transaction.

The list is read again at each step, and decided about again inside the transaction: what has
changed since the preview counts.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override

from accounts.models import User
from files import list_files, uploads
from files.kinds import CSV, XLSX, Kind
from files.models import StoredFile
from files.tables import ListError
from kpi.lists import deciding, mapping, reading, taking_back
from kpi.lists.dates import Order
from kpi.lists.deciding import Plan
from kpi.lists.found import Found
from kpi.lists.hints import Hints
from kpi.lists.mapping import Choices
from kpi.lists.pages import note_plan
from kpi.models import ListImport, Reading
from kpi.store import Counts, write

AT_ONCE_BYTES = 64 * 1024
"""A file up to this size, a year of days, is read while its sender waits."""

PROGRESS_STEP = 5

State = ListImport.State


class OvertakenError(Exception):
    """The list is not at the step any more that was being done."""


Clock = Callable[[], datetime]


def receive(upload: UploadedFile, *, by: User, language: str, now: datetime) -> ListImport:
    """Keep a list privately after a first look at it; raises ListError if it is none."""
    kind = kind_of(cast("BinaryIO", upload.file))
    discard_forgotten(now)
    return ListImport.objects.create(
        file=uploads.keep(upload, kind, by=by, at=now),
        by=by,
        at=now,
        reader_language=language,
        moved_at=now,
    )


def kind_of(content: BinaryIO) -> Kind:
    """Tell a workbook from a text; raises ListError for what is neither."""
    kind = XLSX if list_files.check(content) else CSV
    if kind is XLSX and not XLSX.fits(content):
        raise ListError(
            gettext("The workbook holds macros. Save it in Excel as .xlsx, which has none.")
        )
    content.seek(0)
    return kind


def is_small(record: ListImport) -> bool:
    return record.file.size <= AT_ONCE_BYTES


def go_on(record: ListImport, clock: Clock) -> None:
    """Do the step the import stands at."""
    step = {
        State.READING: scan,
        State.DECIDING: prepare,
        State.WRITING: carry_out,
        State.TAKING_BACK: taking_back.take_back,
    }
    with override(record.reader_language):
        try:
            step[State(record.state)](record, clock)
        except ListError as refusal:
            record.refuse(str(refusal), clock())
        except OvertakenError:
            # Another worker has done the step, or somebody has discarded the list.
            return


def scan(record: ListImport, clock: Clock) -> None:
    """Read a list for the first time, and suggest what its titles mean."""
    found = _read(record, clock)
    suggested = mapping.suggest(found, mapping.vocabulary()).to_json()
    with transaction.atomic():
        _come_to(record, State.MAPPING, clock())
        record.found = _described(found)
        record.choices = record.choices | suggested
        record.save(update_fields=["found", "choices"])


def _come_to(record: ListImport, state: ListImport.State, now: datetime) -> None:
    if not record.step(state, now, progress=100):
        raise OvertakenError


def answer(
    record: ListImport,
    choices: Choices,
    *,
    year: int | None,
    order: Order | None,
    left_out: list[str],
    now: datetime,
) -> None:
    """Take the answers about a list; what changes how it is read has it read again first."""
    hints = {"year": year, "order": order, "left_out": left_out}
    is_read_otherwise = any(
        record.choices.get(name) != value for name, value in hints.items()
    ) and (any(hints.values()) or any(record.choices.get(name) for name in hints))
    with transaction.atomic():
        if record.step(State.READING if is_read_otherwise else State.DECIDING, now):
            record.choices = choices.to_json() | hints
            record.save(update_fields=["choices"])


def prepare(record: ListImport, clock: Clock) -> None:
    """Note what importing a list would do."""
    found = _read(record, clock)
    plan = deciding.decide(found, _choices(record), timezone.localdate(clock()))
    with transaction.atomic():
        _come_to(record, State.READY, clock())
        note_plan(record, plan)


def change_answers(record: ListImport, now: datetime) -> bool:
    """Go back from the preview to the mapping."""
    return record.state == State.READY and record.step(State.MAPPING, now, progress=100)


def confirm(record: ListImport, now: datetime) -> bool:
    """Let a list that waits be imported; return whether it was this call that did so."""
    waiting = ListImport.objects.filter(pk=record.pk, state=State.READY)
    is_first = waiting.update(state=State.WRITING, progress=0, moved_at=now, taken_up_at=None)
    record.refresh_from_db()
    return bool(is_first)


def carry_out(record: ListImport, clock: Clock) -> None:
    """Import a confirmed list, all of it or nothing."""
    found = _read(record, clock)
    with transaction.atomic():
        if record.take_in_hand(State.WRITING) is None:
            return
        now = clock()
        plan, counts = import_found(
            found, _choices(record), file=record.file, by=record.by, now=now
        )
        note_plan(record, plan)
        record.summary["written"] = {"new": counts.new, "changed": counts.changed}
        record.finished_at = now
        record.state, record.progress, record.moved_at = State.DONE, 100, now
        record.save(update_fields=["summary", "finished_at", "state", "progress", "moved_at"])


@transaction.atomic
def import_found(
    found: Found, choices: Choices, *, file: StoredFile, by: User, now: datetime
) -> tuple[Plan, Counts]:
    """Write the figures of a list; each sheet is a reading, so that a row can be found again."""
    made = mapping.make_new(choices, found)
    plan = deciding.decide(found, made, timezone.localdate(now))
    total = Counts()
    for number, sheet in enumerate(found.sheets):
        values = list(plan.values_of(number))
        if not values:
            continue
        days = [value.day for value in values]
        reading = Reading.objects.create(
            source=Reading.LIST,
            by=by,
            file=file,
            first_day=min(days),
            last_day=max(days),
            started_at=now,
            details={"sheet": sheet} if sheet else {},
        )
        counts = write(reading, values, at=now)
        _finish(reading, counts, len(values), now)
        total = Counts(
            total.new + counts.new, total.changed + counts.changed, total.same + counts.same
        )
    if total.new or total.changed:
        # What changed nothing cannot be taken back, so that nothing of it is to stay.
        mapping.remember(made, file=file, by=by, at=now)
    return plan, total


def _finish(reading: Reading, counts: Counts, size: int, now: datetime) -> None:
    reading.new, reading.changed, reading.same = counts.new, counts.changed, counts.same
    reading.progress_done = reading.progress_of = size
    reading.state, reading.finished_at = Reading.State.DONE, now
    reading.save(
        update_fields=[
            *("new", "changed", "same", "progress_done", "progress_of", "state", "finished_at")
        ]
    )


def take_up_stuck(now: datetime) -> list[int]:
    """Give lists whose worker shows no sign any more, each once; then a person is asked."""
    stuck = ListImport.objects.stuck(now).filter(taken_up_at=None).only("pk")
    return [record.pk for record in stuck if record.take_up(now)]


def discard(record: ListImport) -> bool:
    """Forget a list that was not imported, with its file."""
    with transaction.atomic():
        locked = ListImport.objects.select_for_update().filter(pk=record.pk).first()
        if locked is None or locked.is_imported or locked.state == State.WRITING:
            return False
        file = locked.file
        locked.delete()
        file.delete()
        transaction.on_commit(lambda: file.file.delete(save=False))
    return True


def discard_forgotten(now: datetime) -> int:
    """Discard lists that nobody carried out within a week; return how many."""
    return sum(map(discard, ListImport.objects.forgotten(now).select_related("file")))


def _read(record: ListImport, clock: Clock) -> Found:
    def note_progress(done: int, total: int) -> None:
        percent = 100 * done // max(total, 1)
        is_further = percent - record.progress >= PROGRESS_STEP
        if is_further and not record.step(State(record.state), clock(), progress=percent):
            raise OvertakenError

    hints = Hints(
        filename=record.file.name,
        year=record.choices.get("year"),
        order=Order(record.choices["order"]) if record.choices.get("order") else None,
        left_out=frozenset(record.choices.get("left_out", ())),
    )
    with list_files.uploaded(record.file.file) as file:
        return reading.read(file, mapping.vocabulary(), hints, note_progress)


def _choices(record: ListImport) -> Choices:
    return Choices.from_json(record.choices)


def _described(found: Found) -> dict[str, Any]:
    """Keep what is to be asked about a list: its titles with how many figures, and examples."""
    counts = [0] * len(found.headings)
    examples: list[list[str]] = [[] for _heading in found.headings]
    for entry in found.entries:
        counts[entry.heading] += 1
        if len(examples[entry.heading]) < 3:
            examples[entry.heading].append(str(entry.cell)[:20])
    return {
        "sheets": found.sheets,
        "headings": [list(each) for each in zip(found.headings, counts, examples, strict=True)],
        "channels": found.channels,
        "notices": found.notices,
        "needs_year": found.needs_year,
        "years": sorted(found.years),
        "needs_order": found.needs_order,
        "problems": len(found.problems),
    }
