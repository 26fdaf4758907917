"""A page of figures in the form that was asked for: as a page, as an Excel file, as a CSV list."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from accounts.http import StaffRequest
from kpi import export
from kpi.export import Table

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(
    request: StaffRequest, template: str, context: dict[str, Any], table: Table
) -> HttpResponse:
    """Show the page; with `?as=xlsx` or `?as=csv` give what it shows as a file."""
    name = table.filename(context["today"])
    match request.GET.get("as"):
        case "xlsx":
            return as_file(export.as_xlsx(table, context["today"]), f"{name}.xlsx", EXCEL)
        case "csv":
            return as_file(export.as_csv(table), f"{name}.csv", "text/csv; charset=utf-8")
        case _:
            return render(request, template, context | {"table": table})


def as_file(content: bytes, name: str, content_type: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=disposition)
