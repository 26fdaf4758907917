"""The words by which the parts of a list of figures are known, in Latvian and English.

All of them stand in the form `plain` gives.
"""

import re
from functools import lru_cache

from people.identity import folded

WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Drop marks, case and punctuation: words with one blank between."""
    return " ".join(WORD.findall(folded(text)))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split("|"))


DAY_TITLES = _set(
    "datums|diena|date|day|datums un laiks|dienas datums|menesa diena|merijuma datums"
    "|ieraksta datums|datums dd mm gggg|dd mm gggg"
)
PERIOD_TITLES = _set(
    "periods|period|nedela|week|laiks|laikposms|laika posms|par periodu|time|when|kad"
)
MONTH_TITLES = _set("menesis|month|men|menesi|gads menesis|gads un menesis|parskata menesis")
YEAR_TITLES = _set("gads|year|parskata gads")
CHANNEL_TITLES = _set(
    "kanals|kanali|channel|channels|tikls|socialais tikls|soctikls|platforma|platform|network"
    "|social network|avots|source|medijs|medium|lapa|konts|account|kur"
)
SERIES_TITLES = _set(
    "raditajs|raditaji|indicator|indicators|metrika|metrikas|metric|metrics|kpi|series|merijums"
    "|raditaja nosaukums|raditajs kpi|nosaukums|name|measure|ko merijam|kas|what"
)
TITLES = DAY_TITLES | PERIOD_TITLES | MONTH_TITLES | YEAR_TITLES | CHANNEL_TITLES | SERIES_TITLES
VALUE_TITLES = _set(
    "vertiba|value|skaits|daudzums|rezultats|result|count|amount|skaitlis|number|raditaja vertiba"
)
_SAY_NOTHING = VALUE_TITLES | _set("primary|secondary|galvenais|sekundarais|values|data|dati")
# Columns beside the figures that are not figures.
BESIDE_TITLES = _set(
    "nr|nr p k|no|n p k|piezimes|piezime|komentars|notes|note|remarks|comment|atbildigais|atbildigi"
    "|owner|merv|vieniba|nedelas diena|weekday|day of week|nedela|week|nedelas nr|saite|url|link"
    "|mervieniba|unit"
    "|merki|merkis|target|plans|plan|izpilde|izpildits|statuss|status|izmainas|change|starpiba"
    "|difference|ceturksnis|quarter|id"
)
UNIT_TITLES = _set("mervieniba|mervien|merv|vieniba|meru vieniba|unit|units|nr|nr p k|no|n p k|id")
_SUM = re.compile(
    r"(kopa|kopsumma|kopejais|summa|pavisam|total|totals|grand total|sum|videji|videjais|videja"
    r"|average|avg|mean|mediana|median|minimums|maksimums|min|max|gada|gads kopa|year|ytd|izmainas"
    r"|pieaugums|kopa gada|no gada sakuma|menesi kopa|starpsumma|subtotal)"
    r"( (kopa|gada|menesi|menesa|gads|par|for|the|year|month|of|vertiba|summa|\d{4}|g|period"
    r"|perioda|nedela|nedelas|videji|diena))*"
)
_QUARTER = re.compile(
    r"(q[1-4]|[1-4] ?(cet|ceturksnis|ceturksni|quarter|q)|i{1,3} ?(cet|ceturksnis)"
    r"|iv ?(cet|ceturksnis)|[12] ?(pusgads|half)|i{1,2} pusgads|h[12])( \d{4}( g| gads)?)?"
)
PLANNED = _set("plans|planots|planotais|merkis|target|plan|planned|prognoze|forecast|budget")
_PLANNED_TITLES = PLANNED | _set(
    "plani|planotie|planota|planotas|planoti|merki|merkvertiba|merkvertibas|targets|goals|goal"
)
ACTUAL = _set("fakts|faktiski|faktiskais|izpilde|izpildits|rezultats|actual|fact|result")
ACTUAL_TITLES = ACTUAL | _set("rezultati|fakti|faktiskie|faktiskas|results|actuals")
ALL_CHANNELS = _set(
    "visi kanali|visi|visas|visos kanalos|all channels|all|visi tikli|all networks|visi kopa"
)
NO_DATA = _set(
    "na|n a|nav|nav datu|nd|n d|nav zinams|nav pieejams|nav pieejama|none|null|nan|no data"
    "|not available|unknown|nezinams|tbd|nav informacijas|nb"
)


def is_sum(text: str) -> bool:
    """Tell what adds up, or averages, other cells of the list: it is left out."""
    words = plain(text)
    return bool(_SUM.fullmatch(words) or _QUARTER.fullmatch(words))


def is_planned(title: str) -> bool:
    """Tell a title of what was planned, which nobody has measured."""
    words = without_year(plain(title)).split()
    is_short = len(words) <= _LONGEST_HEADING
    is_compared = not ACTUAL_TITLES.isdisjoint(words)
    return is_short and not is_compared and not _PLANNED_TITLES.isdisjoint(words)


def says_nothing(title: str) -> bool:
    """Tell a title that names no figure: what it is of stands over the table."""
    return plain(title) in _SAY_NOTHING


def is_no_data(text: str) -> bool:
    """Tell a mark for "no figure" from a figure; nothing of it ever becomes a 0."""
    words = plain(text)
    return not words or words in NO_DATA


_LONGEST_HEADING = 6
_YEAR = re.compile(r" ?\b20\d{2}\b( g(ads|ada|ad)?\b)?")
_ABBREVIATED = re.compile(r"\b(g|sk)\.$")


def is_remark(text: str) -> bool:
    """Tell a sentence, or "Source: …", from a heading."""
    shown = text.strip()
    if shown.startswith("*") or (shown.endswith(".") and not _ABBREVIATED.search(shown)):
        return True
    _before, colon, after = shown.partition(":")
    return bool(colon and after.strip()) or len(plain(shown).split()) > _LONGEST_HEADING


def says_only_a_year(text: str) -> bool:
    return bool(_YEAR.fullmatch(plain(text)))


def without_year(words: str) -> str:
    return _YEAR.sub("", words)
