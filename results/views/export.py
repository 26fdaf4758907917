"""Results to take along: a report as PDF, the numbers as a workbook."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from plans.models import Intake
from results import exports
from results.exports import Kind
from results.rules import can_see_results
from results.shown import Shown
from results.views.unreadable import or_said

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allowed_if(can_see_results)
@require_GET
@or_said
def report_pdf(request: StaffRequest, intake: int) -> HttpResponse:
    return _answer(intake, Kind.PDF, "application/pdf")


@allowed_if(can_see_results)
@require_GET
@or_said
def results_xlsx(request: StaffRequest, intake: int) -> HttpResponse:
    return _answer(intake, Kind.XLSX, XLSX)


def _answer(number: int, kind: Kind, content_type: str) -> HttpResponse:
    intake = get_object_or_404(Intake, pk=number)
    content = exports.file_of(Shown.of(intake, timezone.now()), kind)
    name = f"rezultati-{intake.year}-{intake.season}.{kind}"
    return attached(content, name, content_type)


def attached(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
