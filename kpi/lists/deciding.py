"""What importing a list would do, figure by figure, against what is in the database now."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from kpi.lists.found import Entry, Found
from kpi.lists.layout import text_of
from kpi.lists.mapping import Choices
from kpi.lists.numbers import FigureRefusedError, read_figure
from kpi.lists.targets import Place, Target, places_of, targets_of
from kpi.models import Measurement
from kpi.periods import Span, period_of
from kpi.store import Value

FEWEST_TO_COMPARE = 8
FAR = 20
"""So many times the usual value of its kind is worth a look."""

SMALLEST_TO_COMPARE = 50


class Fate(models.TextChoices):
    """What becomes of a figure; first what somebody has to look at."""

    REFUSED = "refused", pgettext_lazy("figures", "Refused")
    WARNING = "warning", gettext_lazy("Warnings")
    CHANGED = "changed", pgettext_lazy("figures", "Changed")
    NEW = "new", pgettext_lazy("figures", "New")
    SAME = "same", pgettext_lazy("figures", "Unchanged")


class Line(NamedTuple):
    """One figure for people to read: where it stands, what it is of, and what becomes of it."""

    fate: Fate
    sheet: str
    row: int
    what: str
    channel: str
    when: str
    before: str
    after: str
    reason: str


Key = tuple[int, int | None, Span, date]


class Taken(NamedTuple):
    """A figure that is to be written, and where it stands."""

    value: Decimal
    entry: Entry
    target: Target
    place: Place


@dataclass
class Plan:
    """What importing a list would do."""

    found: Found
    taken: dict[Key, Taken] = field(default_factory=dict)
    refusals: list[Line] = field(default_factory=list)
    warnings: list[Line] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    held: dict[Key, Decimal | None] = field(default_factory=dict)

    def values_of(self, sheet: int) -> Iterator[Value]:
        for (series, channel, span, day), taken in self.taken.items():
            if taken.entry.sheet == sheet:
                yield Value(series, channel, span, day, taken.value, taken.entry.row)

    def fate_of(self, key: Key) -> Fate:
        if key not in self.held or self.held[key] is None:
            return Fate.NEW
        return Fate.SAME if self.held[key] == self.taken[key].value else Fate.CHANGED

    def lines(self) -> Iterator[Line]:
        """Give what becomes of each figure, the refused first."""
        yield from self.refusals
        yield from self.warnings
        label = _labels()
        for key, taken in self.taken.items():
            fate = self.fate_of(key)
            before = self.held.get(key)
            yield Line(
                fate,
                self.found.sheets[taken.entry.sheet],
                taken.entry.row,
                taken.target.name,
                taken.place.name,
                label(taken.entry.span, taken.entry.day),
                "" if before is None else _shown(before),
                _shown(taken.value),
                "",
            )


def decide(found: Found, choices: Choices, today: date) -> Plan:
    """Decide about every figure of a list, and compare with what is there; nothing is saved."""
    plan = Plan(found)
    _Decider(plan, choices, today).decide()
    plan.held = _held(plan.taken)
    fates = Counter(map(plan.fate_of, plan.taken))
    plan.counts.update({str(fate): count for fate, count in fates.items()})
    plan.counts[Fate.REFUSED] = len(plan.refusals)
    plan.counts[Fate.WARNING] = len(plan.warnings)
    return plan


def _held(keys: Iterable[Key]) -> dict[Key, Decimal | None]:
    """Fetch what is there for these keys, with one query."""
    series = {key[0] for key in keys if key[0] > 0}
    days = [key[3] for key in keys]
    if not series:
        return {}
    rows = Measurement.objects.filter(series__in=series, day__range=(min(days), max(days)))
    wanted = set(keys)
    found: dict[Key, Decimal | None] = {}
    for number, channel, span, day, value in rows.values_list(
        "series", "channel", "span", "day", "value"
    ).iterator(chunk_size=5000):
        key = (number, channel, Span(span), day)
        if key in wanted:
            found[key] = value
    return found


class _Decider:
    """Goes through the figures of a list in their order."""

    def __init__(self, plan: Plan, choices: Choices, today: date) -> None:
        self.plan, self.found, self.today = plan, plan.found, today
        self.targets, self.own_places = targets_of(self.found, choices)
        self.places = places_of(self.found, choices)
        self.label = _labels()

    def decide(self) -> None:
        for problem in self.found.problems:
            self.plan.refusals.append(
                Line(
                    Fate.REFUSED,
                    self._sheet(problem.sheet),
                    problem.row,
                    problem.column,
                    "",
                    "",
                    "",
                    problem.value,
                    problem.reason,
                )
            )
        for entry in self.found.entries:
            self._take(entry)
        self._warn_of_far_values()

    def _take(self, entry: Entry) -> None:
        target = self.targets[entry.heading]
        place = self.own_places[entry.heading] or self.places[entry.channel]
        if target is None or place is None:
            self.plan.counts["left_out"] += 1
            return
        try:
            value = read_figure(entry.cell, is_whole=target.is_whole, is_percent=target.is_percent)
        except FigureRefusedError as refusal:
            self._refuse(entry, target, place, str(refusal))
            return
        if value is None:
            self.plan.counts["missing"] += 1
        elif entry.day > self.today:
            sentence = gettext("The day is still to come; only what was can be measured.")
            self._refuse(entry, target, place, sentence)
        else:
            self._keep(Taken(value, entry, target, place))

    def _keep(self, taken: Taken) -> None:
        entry = taken.entry
        key = (taken.target.series_id, taken.place.channel_id, entry.span, entry.day)
        earlier = self.plan.taken.pop(key, None)
        if earlier is not None and earlier.value != taken.value:
            sentence = gettext(
                "Row %(row)s says %(value)s for the same; the row further down counts."
            )
            where = {"row": earlier.entry.row, "value": _shown(earlier.value)}
            self._warn(taken, sentence % where)
        elif earlier is not None:
            self.plan.counts["repeated"] += 1
        self.plan.taken[key] = taken
        if taken.value < 0:
            self._warn(taken, gettext("The figure is negative."))
        elif taken.target.is_percent and taken.value > 100:
            self._warn(taken, gettext("The figure is more than 100 per cent."))
        elif taken.target.is_whole and taken.value % 1:
            self._warn(taken, gettext("The figure counts things and is not whole."))

    def _warn_of_far_values(self) -> None:
        """Point at figures far above the others of their series and channel."""
        alike: dict[tuple[int, int | None, Span], list[Taken]] = defaultdict(list)
        for key, taken in self.plan.taken.items():
            alike[key[:3]].append(taken)
        for group in alike.values():
            if len(group) < FEWEST_TO_COMPARE:
                continue
            usual = median(taken.value for taken in group)
            limit = max(usual * FAR, Decimal(SMALLEST_TO_COMPARE))
            for taken in group:
                if usual > 0 and taken.value > limit:
                    sentence = gettext(
                        "The figure is far from the others, which are about %(usual)s."
                    )
                    self._warn(taken, sentence % {"usual": _shown(Decimal(usual))})

    def _sheet(self, number: int) -> str:
        return self.found.sheets[number] if number < len(self.found.sheets) else ""

    def _refuse(self, entry: Entry, target: Target, place: Place, reason: str) -> None:
        shown = text_of(getattr(entry.cell, "formula", entry.cell))[:60]
        self.plan.refusals.append(self._line(Fate.REFUSED, entry, target, place, shown, reason))

    def _warn(self, taken: Taken, reason: str) -> None:
        _value, entry, target, place = taken
        shown = _shown(taken.value)
        self.plan.warnings.append(self._line(Fate.WARNING, entry, target, place, shown, reason))

    def _line(
        self, fate: Fate, entry: Entry, target: Target, place: Place, shown: str, reason: str
    ) -> Line:
        when = self.label(entry.span, entry.day)
        sheet = self._sheet(entry.sheet)
        return Line(fate, sheet, entry.row, target.name, place.name, when, "", shown, reason)


def _labels() -> Callable[[Span, date], str]:
    """Name days and months; each once, for a list says them again and again."""
    known: dict[tuple[Span, date], str] = {}

    def label(span: Span, day: date) -> str:
        if (span, day) not in known:
            known[span, day] = period_of(span, day).label
        return known[span, day]

    return label


def _shown(value: Decimal) -> str:
    is_whole = value == value.to_integral_value()
    shown = value if is_whole else value.normalize()
    return str(number_format(shown, 0 if is_whole else None, force_grouping=True))
