"""A page of figures as a file: an Excel workbook that says what it is of, or a CSV list."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, get_format
from django.utils.text import slugify
from django.utils.translation import gettext

from files.spreadsheets import Sheet, safe_cell, write_workbook


@dataclass(frozen=True)
class Table:
    """What a page of figures shows, as rows and columns."""

    title: str
    filters: Sequence[tuple[str, str]]
    """What the page was narrowed down by: names and values."""

    headers: Sequence[str]
    rows: Sequence[Sequence[object]]

    def filename(self, today: date) -> str:
        return f"kpi-{slugify(self.title)[:40].strip('-')}-{today.isoformat()}"


def as_xlsx(table: Table, today: date) -> bytes:
    made_on = gettext("Made on %(day)s") % {"day": date_format(today, "SHORT_DATE_FORMAT")}
    above = " · ".join([table.title, *(value for _name, value in table.filters), made_on])
    about = [
        (gettext("What it is"), table.title),
        *table.filters,
        (gettext("Made on"), date_format(today, "SHORT_DATE_FORMAT")),
    ]
    return write_workbook(
        [
            Sheet(table.title, table.headers, map(_numbers, table.rows), above=above),
            Sheet(gettext("About"), [gettext("Name"), gettext("Value")], about, above=above),
        ]
    )


def as_csv(table: Table) -> bytes:
    """Write a CSV list that opens in the Excel of the page's language with a double click."""
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter=";")
    writer.writerow([safe_cell(header) for header in table.headers])
    for row in table.rows:
        writer.writerow([_text(value) for value in row])
    return output.getvalue().encode("utf-8-sig")


def _text(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value).replace(".", get_format("DECIMAL_SEPARATOR"))
    return "" if value is None else safe_cell(value)


def _numbers(row: Sequence[object]) -> list[object]:
    return [float(value) if isinstance(value, Decimal) else value for value in row]
