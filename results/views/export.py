"""Results to take along: a report as PDF, the numbers as a workbook."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from results.rules import can_see_results
from results.views.results import shown_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allowed_if(can_see_results)
@require_GET
def report_pdf(request: StaffRequest, intake: int) -> HttpResponse:
    # Here and not above: what draws PDF takes 28 MB of every worker, which know all addresses.
    from results import report

    shown = shown_page(intake)
    content = report.pdf(
        shown["intake"],
        shown["page"],
        shown["review"],
        confirmations=shown["confirmations"],
        notes=shown["notes"],
        decisions=shown["decisions"],
        at=timezone.now(),
    )
    return attached(content, f"{_name(shown)}.pdf", "application/pdf")


@allowed_if(can_see_results)
@require_GET
def results_xlsx(request: StaffRequest, intake: int) -> HttpResponse:
    from results import report

    shown = shown_page(intake)
    return attached(report.workbook(shown["page"]), f"{_name(shown)}.xlsx", XLSX)


def _name(shown: dict[str, object]) -> str:
    intake = shown["page"].intake  # type: ignore[attr-defined]
    return f"rezultati-{intake['year']}-{intake['season']}"


def attached(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
