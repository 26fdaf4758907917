"""Results to take along: a report as PDF, the numbers as a workbook."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from plans.models import Intake
from results.rules import can_see_results
from results.views.results import shown_page
from results.who_is_who import who_is_who

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allowed_if(can_see_results)
@require_GET
def report_pdf(request: StaffRequest, intake: int) -> HttpResponse:
    # Here and not above: what draws PDF takes 28 MB of every worker, which know all addresses.
    from results import report

    told = report.Report(**_told(intake))
    content = report.pdf(told, at=timezone.now())
    return attached(content, f"{_name(told.intake)}.pdf", "application/pdf")


@allowed_if(can_see_results)
@require_GET
def results_xlsx(request: StaffRequest, intake: int) -> HttpResponse:
    from results import report

    told = report.Report(**_told(intake))
    return attached(report.workbook(told, at=timezone.now()), f"{_name(told.intake)}.xlsx", XLSX)


def _told(intake: int) -> dict[str, Any]:
    """Give what the page shows, and who is who."""
    shown = shown_page(intake)
    del shown["content"]
    return {**shown, "people": who_is_who()}


def _name(intake: Intake) -> str:
    return f"rezultati-{intake.year}-{intake.season}"


def attached(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
