"""What every part of a results page consists of: rows of numbers under named columns.

One shape for all parts, so that the page, its exports, the comparison with last year and with what
was frozen need no knowledge of any part. As JSON a table has its names in every language of the
site: what is frozen is read in both.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models import Unit as GoalUnit

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Unit(models.TextChoices):
    """What a number counts, which decides how it is written."""

    COUNT = "count", pgettext_lazy("unit", "number")
    FIGURE = "figure", pgettext_lazy("unit", "number")
    EURO = "euro", "€"
    PERCENT = "percent", "%"
    SECONDS = "seconds", "s"
    TEXT = "text", pgettext_lazy("unit", "text")
    DAY = "day", _("day")


@dataclass(frozen=True)
class Named:
    """A name that people gave something in both languages."""

    lv: str
    en: str

    def __str__(self) -> str:
        return self.en if translation.get_language() == "en" else self.lv


@dataclass(frozen=True)
class Coded:
    """A word of the site; two readings are compared by its code, whatever it is called."""

    code: str
    label: "StrOrPromise"

    def __str__(self) -> str:
        return str(self.label)


Value = int | float | Decimal | str | date | Named | Coded | None
"""A word of the site, or a name that has both languages, is kept in every language."""


@dataclass(frozen=True)
class Column:
    """A column; `is_compared` says whether last year's number is worth showing beside."""

    key: str
    label: "StrOrPromise | Named"
    unit: Unit = Unit.COUNT
    is_compared: bool = True


@dataclass(frozen=True)
class Row:
    """A row; a value of None is not known, which is not zero."""

    key: str
    label: "StrOrPromise | Named"
    values: Mapping[str, Value]
    unit: GoalUnit | None = None
    """What the row's figures of step 6 count; numbers, where nothing is said."""

    extra: Mapping[str, Any] = field(default_factory=dict)
    """What only one part draws, such as the line of an indicator; not compared."""


@dataclass(frozen=True)
class Table:
    """A part of the page."""

    key: str
    title: "StrOrPromise"
    columns: Sequence[Column]
    rows: Sequence[Row]
    total: Row | None = None
    note: "StrOrPromise" = ""

    def as_json(self) -> dict[str, Any]:
        """Write the table down with its names in every language."""
        return {
            "key": self.key,
            "title": _in_all_languages(self.title),
            "note": _in_all_languages(self.note),
            "columns": [
                {
                    "key": each.key,
                    "label": _in_all_languages(each.label),
                    "unit": each.unit.value,
                    "is_compared": each.is_compared,
                }
                for each in self.columns
            ],
            "rows": [_row_as_json(row) for row in self.rows],
            "total": None if self.total is None else _row_as_json(self.total),
        }


def _row_as_json(row: Row) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": _in_all_languages(row.label),
        "values": {key: _value_as_json(value) for key, value in row.values.items()},
        "unit": row.unit.value if row.unit else "",
        "extra": dict(row.extra),
    }


def _value_as_json(value: Value) -> Any:
    if isinstance(value, Decimal):
        # A database may give the zeros behind a sum or not: it is the same number.
        return f"{value.normalize():f}"
    if isinstance(value, Coded):
        return {"code": value.code, **_in_all_languages(value.label)}
    return _in_all_languages(value) if isinstance(value, Named) else value


def _in_all_languages(text: "StrOrPromise | Named") -> dict[str, str]:
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = str(text)
    return found


def rows_of(table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table that was written down, with the total at the end."""
    yield from table["rows"]
    if table["total"] is not None:
        yield table["total"]
