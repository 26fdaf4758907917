"""Results to take along: a report as PDF, the numbers as a workbook."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from plans.models import Intake
from results import exports
from results.exports import Kind
from results.models import Snapshot
from results.rules import can_see_results
from results.shown import Shown
from results.views.unreadable import or_said

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES = {Kind.PDF: "application/pdf", Kind.XLSX: XLSX}


@allowed_if(can_see_results)
@require_GET
@or_said
def report_pdf(request: StaffRequest, intake: int) -> HttpResponse:
    return _of_intake(intake, Kind.PDF)


@allowed_if(can_see_results)
@require_GET
@or_said
def results_xlsx(request: StaffRequest, intake: int) -> HttpResponse:
    return _of_intake(intake, Kind.XLSX)


def _of_intake(number: int, kind: Kind) -> HttpResponse:
    intake = get_object_or_404(Intake, pk=number)
    content = exports.file_of(Shown.of(intake, timezone.now()), kind)
    return attached(content, f"{_name(intake)}.{kind}", CONTENT_TYPES[kind])


@allowed_if(can_see_results)
@require_GET
def snapshot_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    return _kept(pk, Kind.PDF)


@allowed_if(can_see_results)
@require_GET
def snapshot_xlsx(request: StaffRequest, pk: int) -> HttpResponse:
    return _kept(pk, Kind.XLSX)


def _kept(number: int, kind: Kind) -> HttpResponse:
    """Give a file as it was confirmed, also once the intake was opened again."""
    snapshot = get_object_or_404(Snapshot.objects.select_related("review__intake"), pk=number)
    content = exports.kept_file(snapshot, kind)
    if content is None:
        raise Http404
    name = f"{_name(snapshot.review.intake)}-{snapshot.number}.{kind}"
    return attached(content, name, CONTENT_TYPES[kind])


def _name(intake: Intake) -> str:
    return f"rezultati-{intake.year}-{intake.season}"


def attached(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
