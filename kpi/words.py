"""Figures in words: with their unit, and what is missing as missing."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext

from documents.content import words
from goals.models import Unit
from kpi.figures import Figure
from kpi.models import Reading
from kpi.sources import all_sources

BESIDE = {
    Unit.PERCENT: "%",
    Unit.EURO: "€",
    Unit.SECONDS: "s",
    Unit.MINUTES: "min",
    Unit.HOURS: "h",
}
CENT = Decimal("0.01")


def value_words(unit: str, value: Decimal | None) -> str:
    if value is None:
        return gettext("no data")
    said, beside = words(_rounded(Unit(unit), value)), BESIDE.get(Unit(unit))
    return f"{said}\xa0{beside}" if beside else said


def _rounded(unit: Unit, value: Decimal) -> Decimal:
    """Leave out what nobody counts: a forecast is of 667 people, not of 667.35."""
    if abs(value) >= 1000 or (unit in (Unit.NUMBER, Unit.PEOPLE) and abs(value) >= 20):
        return value.quantize(Decimal(1), ROUND_HALF_UP)
    return value.quantize(CENT, ROUND_HALF_UP)


def figure_cell(figure: Figure) -> object:
    """Give a figure as a file has it: a number, or that there is none."""
    return gettext("no data") if figure.value is None else figure.value


def remark(*figures: Figure) -> str:
    """Say what is not whole: the period is not over, or something in it is missing."""
    said = [
        (any(each.is_so_far for each in figures), gettext("so far")),
        (any(each.is_incomplete for each in figures), gettext("incomplete")),
    ]
    return ", ".join(words for is_so, words in said if is_so)


def change_words(per_cent: Decimal) -> str:
    """Say a change with its sign, which the colour only repeats."""
    places = 1 if abs(per_cent) < 10 else 0
    rounded = round(per_cent, places)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return f"{sign}{number_format(abs(rounded), places, use_l10n=True, force_grouping=True)}\xa0%"


def source_words(key: str) -> str:
    """Name what a reading came from; the key itself where it is one that is not known any more."""
    by_people = {
        Reading.HAND: gettext("typed in by hand"),
        Reading.LIST: gettext("an imported list"),
        Reading.TAKEN_BACK: gettext("an import taken back"),
    }
    read = {source.key: str(source.label) for source in all_sources()}
    return (by_people | read).get(key, key)
