"""The pages of attendance reports: upload, preview, who is who, and what came of it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from events import attendance_import as importing
from events import event_page, zoom_attendance
from events.attendance_plan import DayOrderQuestionError, Line, Plan, ReportError, plan
from events.forms.attendance_report import (
    AttendanceReportForm,
    DayOrderForm,
    MatchForm,
    ReportConfirmForm,
)
from events.models import AttendanceReport, Event, Registration
from events.rules import can_manage_events

LINES_ON_A_PAGE = 100


@allowed_if(can_manage_events)
def attendance_report(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    form = AttendanceReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            record = _receive(request, event, form)
        except ReportError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("events:attendance_report_detail", event.pk, record.pk)
    return render(request, "events/attendance_report.html", _overview(event, form))


def _overview(event: Event, form: AttendanceReportForm) -> dict[str, Any]:
    now = timezone.now()
    return {
        "event": event,
        "form": form,
        "has_begun": event.has_begun(now),
        "live": event_page.live(event, now),
        "reports": event.attendance_reports.imported().defer("strangers"),
        "zoom_form": _match_form(event, zoom_attendance.strangers(event)),
        "not_understood": event.zoom_signs.not_understood().count(),
    }


def _receive(request: StaffRequest, event: Event, form: AttendanceReportForm) -> AttendanceReport:
    now = timezone.now()
    importing.discard_forgotten(now)
    return importing.receive(event, form.cleaned_data["file"], by_id=request.user.pk, now=now)


@allowed_if(can_manage_events)
@require_GET
def attendance_report_detail(request: StaffRequest, pk: int, report_pk: int) -> HttpResponse:
    record = _record(pk, report_pk)
    context: dict[str, Any] = {"event": record.event, "record": record}
    if record.is_imported:
        context["form"] = _match_form(record.event, importing.strangers(record))
        return render(request, "events/attendance_report_done.html", context)
    try:
        found = plan(record)
    except DayOrderQuestionError as question:
        context["form"] = DayOrderForm(days=question.days)
        return render(request, "events/attendance_report_dates.html", context)
    except ReportError as refusal:
        context["refusal"] = str(refusal)
        return render(request, "events/attendance_report_refused.html", context)
    context |= _preview(request, record, found)
    return render(request, "events/attendance_report_detail.html", context)


def _preview(request: StaffRequest, record: AttendanceReport, found: Plan) -> dict[str, Any]:
    return {
        "plan": found,
        "page": Paginator(found.matched, LINES_ON_A_PAGE).get_page(request.GET.get("page")),
        "absentees": len(found.pressed) + len(found.missing),
        "form": _confirm_form(record, found),
    }


@allowed_if(can_manage_events)
@require_POST
def attendance_report_dates(request: StaffRequest, pk: int, report_pk: int) -> HttpResponse:
    record = _record(pk, report_pk)
    try:
        plan(record)
    except DayOrderQuestionError as question:
        form = DayOrderForm(request.POST, days=question.days)
        if not form.is_valid():
            context = {"event": record.event, "record": record, "form": form}
            return render(request, "events/attendance_report_dates.html", context)
        record.day_order = form.cleaned_data["day_order"]
        record.save(update_fields=["day_order"])
    except ReportError as refusal:
        messages.error(request, str(refusal))
    return redirect("events:attendance_report_detail", pk, record.pk)


@allowed_if(can_manage_events)
@require_POST
def attendance_report_confirm(request: StaffRequest, pk: int, report_pk: int) -> HttpResponse:
    record = _record(pk, report_pk)
    try:
        form = _confirm_form(record, plan(record), request.POST)
        if form.is_valid():
            is_complete = form.cleaned_data.get("is_complete", False)
            importing.confirm(record, form.chosen(), is_complete=is_complete, now=timezone.now())
    except (ReportError, DayOrderQuestionError):
        # Imported meanwhile, or the file is gone: the page says which.
        return redirect("events:attendance_report_detail", pk, report_pk)
    if form.errors:
        messages.error(request, gettext("The list has changed meanwhile. Look at it again."))
    return redirect("events:attendance_report_detail", pk, report_pk)


@allowed_if(can_manage_events)
@require_POST
def attendance_report_match(request: StaffRequest, pk: int, report_pk: int) -> HttpResponse:
    records = AttendanceReport.objects.imported().select_related("event")
    record = get_object_or_404(records, pk=report_pk, event=pk)
    form = _match_form(record.event, importing.strangers(record), request.POST)
    if form.is_valid():
        _tell(request, importing.match_strangers(record, form.chosen()))
    else:
        messages.error(request, gettext("The list has changed meanwhile. Look at it again."))
    return redirect("events:attendance_report_detail", pk, report_pk)


@allowed_if(can_manage_events)
@require_POST
def zoom_match(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    form = _match_form(event, zoom_attendance.strangers(event), request.POST)
    if form.is_valid():
        _tell(request, zoom_attendance.match_strangers(event, form.chosen()))
    else:
        messages.error(request, gettext("The list has changed meanwhile. Look at it again."))
    return redirect("events:attendance_report", pk)


@allowed_if(can_manage_events)
@require_POST
def attendance_report_discard(request: StaffRequest, pk: int, report_pk: int) -> HttpResponse:
    importing.discard(_record(pk, report_pk))
    return redirect("events:attendance_report", pk)


def _record(pk: int, report_pk: int) -> AttendanceReport:
    records = AttendanceReport.objects.select_related("event")
    return get_object_or_404(records, pk=report_pk, event=pk)


def _match_form(event: Event, lines: list[Line], data: Any = None) -> MatchForm:
    unseen = _unseen(event) if lines else []
    return MatchForm(data, lines=lines, others=unseen)


def _unseen(event: Event) -> list[Registration]:
    active = event.registrations.active().exclude(attendance=Registration.Attendance.PRESENT)
    return list(active.select_related("participant").order_by("participant__search_text"))


def _confirm_form(record: AttendanceReport, plan: Plan, data: Any = None) -> ReportConfirmForm:
    return ReportConfirmForm(
        data,
        lines=plan.to_review,
        others=[*plan.pressed, *plan.missing],
        may_be_complete=record.event.has_ended(timezone.now()) and bool(plan.missing),
    )


def _tell(request: StaffRequest, count: int) -> None:
    if count:
        text = ngettext(
            "%(count)s more person counts as present.",
            "%(count)s more people count as present.",
            count,
        )
        messages.success(request, text % {"count": count})
