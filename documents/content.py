"""The content of a document as lines that people read, kept in every language of the site."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.template.defaultfilters import floatformat
from django.utils import formats, timezone, translation
from django.utils.translation import gettext

from files.models import StoredFile


@dataclass(frozen=True)
class Line:
    """One thing a document says. `key` names the thing, so that a version can be compared."""

    key: str
    label: str
    value: object


def snapshot(lines: Callable[[], Iterable[Line]]) -> dict[str, Any]:
    """Write down what `lines` yields in each language, ready to be kept as a version."""
    kept: dict[str, dict[str, Any]] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for line in lines():
                both = kept.setdefault(line.key, {"key": line.key, "label": {}, "value": {}})
                both["label"][language] = line.label
                both["value"][language] = words(line.value)
                if isinstance(line.value, StoredFile):
                    both["file"] = line.value.pk
    # A list: PostgreSQL does not keep the order of the keys of an object.
    return {"lines": list(kept.values())}


def words(value: object) -> str:
    """Say a value as people read it, in the language that is active; nothing is an empty text."""
    match value:
        case None | "":
            return ""
        case bool():
            return gettext("yes") if value else gettext("no")
        case datetime():
            moment = timezone.localtime(value)
            return formats.date_format(moment, "SHORT_DATETIME_FORMAT")
        case date():
            return formats.date_format(value, "SHORT_DATE_FORMAT")
        case time():
            return formats.time_format(value, "TIME_FORMAT")
        case int() | Decimal():
            return str(floatformat(value, "-2g"))
        case list() | tuple() | models.QuerySet():
            return ", ".join(words(part) for part in value)
        case _:
            return str(value)
