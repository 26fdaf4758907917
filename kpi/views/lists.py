"""Importing a list of figures: upload, what its titles mean, preview, progress, result."""

from functools import partial

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.http import StaffRequest, allowed_if
from files.http import send
from files.models import StoredFile
from files.tables import ListError
from kpi import tasks
from kpi.forms.list_export import ListExportForm
from kpi.forms.lists import ListUploadForm, MappingForm
from kpi.lists import exporting, importing, taking_back
from kpi.lists.deciding import Fate
from kpi.lists.pages import LINES_ON_A_PAGE, PAGES_KEPT
from kpi.models import ListImport, Reading
from kpi.rules import can_enter, can_see_lists
from kpi.views.answer import EXCEL, as_file

State = ListImport.State
IMPORTS_ON_A_PAGE = 25


@allowed_if(can_enter)
def list_import_list(request: StaffRequest) -> HttpResponse:
    form = ListUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            record = importing.receive(
                form.cleaned_data["file"],
                by=request.user,
                language=get_language() or request.user.language,
                now=timezone.now(),
            )
        except ListError as refusal:
            form.add_error("file", str(refusal))
        else:
            _start(record)
            return redirect("kpi:list_import_detail", record.pk)
    records = ListImport.objects.select_related("file", "by").defer("found", "choices")
    page = Paginator(records, IMPORTS_ON_A_PAGE).get_page(request.GET.get("page"))
    export = ListExportForm.of_year(timezone.localdate())
    context = {"form": form, "page": page, "export": export}
    return render(request, "kpi/lists/list_import_list.html", context)


def _start(record: ListImport) -> None:
    """Do the next step: a small list while its sender waits, a large one in a worker."""
    if importing.is_small(record):
        importing.go_on(record, timezone.now)
    else:
        # If the broker is away, or loses the task, beat takes the list up.
        transaction.on_commit(partial(tasks.go_on_with_list.delay, record.pk), robust=True)


@allowed_if(can_enter)
def list_import_detail(request: StaffRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(
        ListImport.objects.select_related("file", "by", "taken_back_by"), pk=pk
    )
    if record.is_at_work:
        context = {"record": record, "is_stuck": record.is_stuck(timezone.now())}
        part = "_list_progress" if request.htmx else "list_progress"
        return render(request, f"kpi/lists/{part}.html", context)
    if request.htmx:
        return HttpResponseClientRefresh()
    if record.state == State.FAILED:
        return render(request, "kpi/lists/list_refused.html", {"record": record})
    if record.state == State.MAPPING:
        return _mapping(request, record)
    return render(request, "kpi/lists/list_import_detail.html", _outcome(request, record))


def _mapping(request: StaffRequest, record: ListImport) -> HttpResponse:
    form = MappingForm(request.POST or None, record=record)
    if request.method == "POST" and form.is_valid():
        importing.answer(record, form.choices(), **form.hints(), now=timezone.now())
        _start(record)
        return redirect("kpi:list_import_detail", record.pk)
    return render(request, "kpi/lists/list_mapping.html", {"record": record, "form": form})


def _outcome(request: StaffRequest, record: ListImport) -> dict[str, object]:
    counts = record.summary["counts"]
    tabs = [(fate, label, counts.get(fate, 0)) for fate, label in Fate.choices]
    filled = [fate for fate, _label, count in tabs if count]
    shown = request.GET.get("show", "")
    if shown not in filled:
        shown = filled[0] if filled else ""
    pages = record.pages.filter(fate=shown)
    page = Paginator(pages, 1).get_page(request.GET.get("page"))
    return {
        "record": record,
        "is_preview": record.state == State.READY,
        "is_useful": bool(counts.get(Fate.NEW) or counts.get(Fate.CHANGED)),
        "counts": counts,
        "tabs": [tab for tab in tabs if tab[2]],
        "shown": shown,
        "page": page,
        "lines": page.object_list[0].lines if page.object_list else [],
        "kept": LINES_ON_A_PAGE * PAGES_KEPT if page.paginator.count == PAGES_KEPT else 0,
    }


@allowed_if(can_enter)
@require_POST
def list_import_confirm(request: StaffRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(ListImport, pk=pk)
    if importing.confirm(record, timezone.now()):
        _start(record)
    return redirect("kpi:list_import_detail", record.pk)


@allowed_if(can_enter)
@require_POST
def list_import_change(request: StaffRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(ListImport, pk=pk)
    importing.change_answers(record, timezone.now())
    return redirect("kpi:list_import_detail", record.pk)


@allowed_if(can_enter)
@require_POST
def list_import_retry(request: StaffRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(ListImport, pk=pk)
    now = timezone.now()
    if record.is_stuck(now):
        record.step(State(record.state), now)
        _start(record)
    return redirect("kpi:list_import_detail", record.pk)


@allowed_if(can_enter)
@require_POST
def list_import_discard(request: StaffRequest, pk: int) -> HttpResponse:
    importing.discard(get_object_or_404(ListImport, pk=pk))
    return redirect("kpi:list_import_list")


@allowed_if(can_enter)
@require_POST
def list_import_take_back(request: StaffRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(ListImport, pk=pk)
    if taking_back.begin(record, by=request.user, now=timezone.now()):
        _start(record)
    return redirect("kpi:list_import_detail", record.pk)


@allowed_if(can_see_lists)
@require_GET
def list_file(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Give out a list that figures came from; other files have their own pages."""
    lists = Q(pk__in=ListImport.objects.values("file")) | Q(
        pk__in=Reading.objects.filter(source=Reading.LIST).values("file")
    )
    return send(get_object_or_404(StoredFile.objects.filter(lists), pk=pk))


@allowed_if(can_enter)
@require_GET
def list_export(request: StaffRequest) -> HttpResponse:
    form = ListExportForm(request.GET)
    if not form.is_valid():
        return render(request, "kpi/lists/list_export.html", {"export": form}, status=400)
    values = form.cleaned_data
    listed = exporting.WRITERS[values["what"]](values["first"], values["last"])
    name = f"kpi-{values['what']}-{values['first']}-{values['last']}"
    if values["form"] == "csv":
        return as_file(exporting.as_csv(listed), f"{name}.csv", "text/csv; charset=utf-8")
    return as_file(exporting.as_xlsx([listed]), f"{name}.xlsx", EXCEL)
