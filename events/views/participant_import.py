"""The pages of importing a list: upload, preview, progress, result."""

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.http import StaffRequest, allowed_if
from events import participant_import as importing
from events import tasks
from events.forms.participant import ImportConfirmForm, ParticipantImportForm
from events.import_plan import Fate
from events.models import Event, ParticipantImport
from events.registration import RegistrationRefusedError, refuse_unless_open
from events.rules import can_manage_events
from files.list_files import ListError

LINES_ON_A_PAGE = 50

State = ParticipantImport.State


@allowed_if(can_manage_events)
def participant_import(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    form = ParticipantImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            record = _receive(request, event, form)
        except (ListError, RegistrationRefusedError) as refusal:
            form.add_error("file", str(refusal))
        else:
            _start(record)
            return redirect("events:participant_import_detail", event.pk, record.pk)
    recent = event.imports.filter(state=State.DONE).without_lines()[:5]
    context = {"event": event, "form": form, "refusal": _refusal(event), "recent": recent}
    return render(request, "events/participant_import.html", context)


def _receive(request: StaffRequest, event: Event, form: ParticipantImportForm) -> ParticipantImport:
    now = timezone.now()
    importing.discard_forgotten(now)
    return importing.receive(
        event,
        form.cleaned_data["file"],
        by_id=request.user.pk,
        people_language=form.cleaned_data["people_language"],
        reader_language=get_language() or request.user.language,
        now=now,
    )


def _refusal(event: Event) -> str:
    """Say why nobody can be registered for this event now, if so."""
    try:
        refuse_unless_open(event, timezone.now())
    except RegistrationRefusedError as refusal:
        return str(refusal)
    return ""


def _start(record: ParticipantImport) -> None:
    """Do the next step: a small list while its sender waits, a large one in a worker."""
    is_reading = record.state == State.READING
    if importing.is_small(record):
        (importing.prepare if is_reading else importing.carry_out)(record, timezone.now)
        return
    task = tasks.read_participant_import if is_reading else tasks.carry_out_participant_import

    def ask_a_worker() -> None:
        task.delay(record.pk)

    # If the broker is away, or loses the task, beat takes the list up.
    transaction.on_commit(ask_a_worker, robust=True)


@allowed_if(can_manage_events)
@require_GET
def participant_import_detail(request: StaffRequest, pk: int, import_pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    record = get_object_or_404(event.imports.without_lines(), pk=import_pk)
    if record.is_at_work:
        context = {"event": event, "record": record, "is_stuck": record.is_stuck(timezone.now())}
        part = "events/_import_progress.html" if request.htmx else "events/import_progress.html"
        return render(request, part, context)
    if request.htmx:
        return HttpResponseClientRefresh()
    if record.state == State.FAILED:
        return render(request, "events/import_refused.html", {"event": event, "record": record})
    return render(request, "events/participant_import_detail.html", _found(request, event, record))


def _found(request: StaffRequest, event: Event, record: ParticipantImport) -> dict[str, object]:
    counts = record.summary["counts"]
    shown = request.GET.get("show", "")
    lines = [
        line | {"fate": Fate(line["fate"])}
        for line in record.lines
        if not shown or line["fate"] == shown
    ]
    sendings = record.summary["sendings"]
    return {
        "event": event,
        "record": record,
        "is_preview": record.state == State.READY,
        "counts": counts,
        "tabs": [(fate, label, counts[fate]) for fate, label in _fates(record) if counts[fate]],
        "shown": shown,
        "page": Paginator(lines, LINES_ON_A_PAGE).get_page(request.GET.get("page")),
        "confirmations": [each["sentence"] for each in sendings if each["is_confirmation"]],
        "reminders": [each["sentence"] for each in sendings if not each["is_confirmation"]],
        "form": ImportConfirmForm(left_cancelled=record.left_cancelled),
        "refusal": _refusal(event),
    }


def _fates(record: ParticipantImport) -> list[tuple[str, str]]:
    is_done = record.state == State.DONE
    return [
        (Fate.ADDED, gettext("Registered") if is_done else gettext("To register")),
        (Fate.ALREADY, gettext("Already registered")),
        (Fate.MERGED, gettext("Merged")),
        (Fate.SKIPPED, gettext("Skipped")),
        (Fate.WARNING, gettext("Warnings")),
    ]


@allowed_if(can_manage_events)
@require_POST
def participant_import_confirm(request: StaffRequest, pk: int, import_pk: int) -> HttpResponse:
    record = get_object_or_404(ParticipantImport, pk=import_pk, event=pk)
    form = ImportConfirmForm(request.POST, left_cancelled=record.left_cancelled)
    if form.is_valid() and importing.confirm(record, **form.cleaned_data, now=timezone.now()):
        _start(record)
    return redirect("events:participant_import_detail", pk, record.pk)


@allowed_if(can_manage_events)
@require_POST
def participant_import_retry(request: StaffRequest, pk: int, import_pk: int) -> HttpResponse:
    record = get_object_or_404(ParticipantImport, pk=import_pk, event=pk)
    now = timezone.now()
    if record.is_stuck(now):
        record.step(State(record.state), now)
        _start(record)
    return redirect("events:participant_import_detail", pk, record.pk)


@allowed_if(can_manage_events)
@require_POST
def participant_import_discard(request: StaffRequest, pk: int, import_pk: int) -> HttpResponse:
    record = get_object_or_404(ParticipantImport, pk=import_pk, event=pk)
    if record.state in (State.READY, State.FAILED):
        importing.discard(record)
    return redirect("events:participant_import", pk)
