"""Read a figure as people write it: decimal comma, thousands however divided, "n/a" for none."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext

from files.tables import Uncalculated, is_blank
from goals.models import Series, Unit
from kpi.lists.wording import is_no_data

LARGEST = Decimal(10) ** 13
_CENT = Decimal("0.01")

# Blanks of every width, and the apostrophes that stand between thousands or make a number text.
_DIVIDERS = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u2060\ufeff'’‘ʼ`´]")
_MONEY = re.compile(r"€|eur\b|eiro", re.IGNORECASE)
_GROUPS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_LATIN_GROUPS = re.compile(r"\d{1,3}(?:[.,]\d{3})*")
_PLAIN = re.compile(r"\d+(?:[.,]\d*)?|[.,]\d+")
_ERROR = re.compile(r"#(REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!)")


class FigureRefusedError(Exception):
    """A cell holds something, and it is no figure; the text tells the person why."""


def read_figure(cell: object, *, is_whole: bool, is_percent: bool = False) -> Decimal | None:
    """Read a figure; None where the cell says that there is none.

    `is_whole` says that such figures count things: "8.404" followers are then thousands, while of
    an average it is eight and a half.
    """
    if isinstance(cell, int) and not isinstance(cell, bool):
        return _bounded(Decimal(cell), cell)
    if isinstance(cell, float):
        return _bounded(Decimal(repr(cell)), cell)
    if isinstance(cell, Decimal):
        return _bounded(cell, cell)
    if is_blank(cell):
        return None
    if isinstance(cell, str):
        return _from_text(cell, is_whole=is_whole, is_percent=is_percent)
    raise _refusal_of(cell)


def counts_things(kind: str, unit: str) -> bool:
    """Tell what counts one by one, of which 8.404 is eight thousand, from averages and hours."""
    is_count = kind in (Series.Kind.FLOW, Series.Kind.STOCK)
    return is_count and unit in (Unit.NUMBER, Unit.PEOPLE)


def is_figure_like(cell: object) -> bool:
    """Tell what people would call a number, or a mark for none, from other text."""
    if isinstance(cell, str):
        return any(map(str.isdigit, cell)) or (bool(cell.strip()) and is_no_data(cell))
    return cell is not None


def is_number(cell: object) -> bool:
    """Tell what is written in digits alone, with whatever stands between them."""
    if isinstance(cell, str):
        return any(map(str.isdigit, cell)) and not any(map(str.isalpha, cell))
    return isinstance(cell, (int, float))


def _refusal_of(cell: object) -> FigureRefusedError:
    if isinstance(cell, Uncalculated):
        return FigureRefusedError(
            gettext(
                "The file holds a formula without its result."
                " Open it in Excel, save it, and send it again."
            )
        )
    if isinstance(cell, (date, time, timedelta)):
        shown = f"{cell:%d.%m.%Y}" if isinstance(cell, (date, datetime)) else str(cell)
        sentence = gettext(
            "Excel keeps “%(value)s” here, a date or a time and no number:"
            " it took what was typed for one. Type the number again."
        )
        return FigureRefusedError(sentence % {"value": shown})
    return _no_figure(str(cell))


def _from_text(text: str, *, is_whole: bool, is_percent: bool) -> Decimal | None:
    shown = text.strip()
    if shown.upper() == "#N/A":
        return None
    if _ERROR.fullmatch(shown.upper()):
        sentence = gettext("The formula ends in an error, %(error)s.")
        raise FigureRefusedError(sentence % {"error": shown})
    if is_no_data(shown):
        return None
    digits, is_negative = _unsigned(_DIVIDERS.sub("", _MONEY.sub("", shown)).rstrip("*"))
    if digits.endswith("%"):
        if not is_percent:
            sentence = gettext("“%(value)s” is per cent, and this indicator is not.")
            raise FigureRefusedError(sentence % {"value": shown})
        digits = digits[:-1]
    plain = _with_point(digits, is_whole=is_whole)
    if plain is None or not _are_dividers_between_thousands(shown):
        raise _no_figure(shown)
    amount = Decimal(plain)
    return _bounded(-amount if is_negative else amount, shown)


def _unsigned(digits: str) -> tuple[str, bool]:
    """Take the sign away; in accounts, brackets are one."""
    if digits.startswith("(") and digits.endswith(")"):
        return digits[1:-1], True
    if digits[:1] in ("-", "−", "–"):
        return digits[1:], True
    return digits.removeprefix("+"), False


def _with_point(digits: str, *, is_whole: bool) -> str | None:
    """Write digits with a decimal point and nothing else; None where they are no number."""
    if "," in digits and "." in digits:
        decimal = max(",.", key=digits.rfind)
        whole, _sign, rest = digits.rpartition(decimal)
        if not _LATIN_GROUPS.fullmatch(whole) or decimal in whole or not rest.isdecimal():
            return None
        return f"{re.sub('[.,]', '', whole)}.{rest}"
    has_thousands = is_whole or digits.count(",") + digits.count(".") > 1
    if has_thousands and _GROUPS.fullmatch(digits) and not digits.startswith("0"):
        return re.sub("[.,]", "", digits)
    if _PLAIN.fullmatch(digits) and digits.isascii():
        return digits.replace(",", ".")
    return None


_DIVIDED = re.compile(r"\d(?P<divider>[^\d.,]+)(?=\d)")


def _are_dividers_between_thousands(shown: str) -> bool:
    """Refuse "12 5": blanks stand between thousands, or two numbers have got into one cell."""
    if not _DIVIDED.search(shown):
        return True
    whole = re.split(r"[.,](?=\d+\D*$)", shown.strip("+-−–()% \u00a0*"), maxsplit=1)[0]
    groups = re.findall(r"\d+", whole)
    return len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


def _bounded(amount: Decimal, cell: object) -> Decimal:
    if not amount.is_finite() or abs(amount) >= LARGEST:
        raise _no_figure(str(cell))
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _no_figure(text: str) -> FigureRefusedError:
    sentence = gettext("“%(value)s” is not a number.")
    return FigureRefusedError(sentence % {"value": text[:60]})
