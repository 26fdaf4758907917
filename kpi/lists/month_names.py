"""How lists name a month: in Latvian or English, in full or in short, or by its number."""

import re

from kpi.lists.wording import plain

_NAMES = {
    1: "jan|janv|janvaris|janvara|janvari|january",
    2: "feb|febr|februaris|februara|februari|february",
    3: "mar|mart|marts|marta|martu|march",
    4: "apr|aprilis|aprila|aprili|april",
    5: "mai|maijs|maija|maiju|may",
    6: "jun|junijs|junija|juniju|june",
    7: "jul|julijs|julija|juliju|july",
    8: "aug|augusts|augusta|augustu|august",
    9: "sep|sept|septembris|septembra|septembri|september",
    10: "okt|oct|oktobris|oktobra|oktobri|october",
    11: "nov|novembris|novembra|novembri|november",
    12: "dec|decembris|decembra|decembri|december",
}
MONTHS = {name: month for month, names in _NAMES.items() for name in names.split("|")}
MONTH_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
"""A pattern of all of them."""

YEAR_WORD = r"(?:gad[asu]?|g|y)"
"""What stands behind the number of a year."""

_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ROMAN = {name: number for number, name in enumerate(_ROMANS, start=1)}


def read_month(cell: object) -> int | None:
    """Read a month alone, without its year: by name, number or Roman number."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return int(cell) if cell in range(1, 13) else None
    if not isinstance(cell, str):
        return None
    words = re.sub(r"^0|( men[a-z]*)$", "", plain(cell))
    if words.isdecimal():
        return int(words) if int(words) in range(1, 13) else None
    return MONTHS.get(words) or _ROMAN.get(words)
