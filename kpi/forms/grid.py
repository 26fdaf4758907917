"""The form of the grid: a text field for each day and series, with what stood there before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext

from goals.models import Series, Unit
from kpi.grid import Edit, Held, Place
from kpi.lists.numbers import FigureRefusedError, counts_things, read_figure
from kpi.models import Reading
from kpi.periods import Period, Span, period_of


@dataclass
class Cell:
    """One field."""

    place: Place
    series_name: str
    label: str
    text: str
    before: Decimal | None
    error: str = ""

    @property
    def name(self) -> str:
        return f"value-{self.place.series_id}-{self.place.day.isoformat()}"

    @property
    def before_name(self) -> str:
        return f"before-{self.place.series_id}-{self.place.day.isoformat()}"

    @property
    def before_text(self) -> str:
        return "" if self.before is None else str(self.before)


@dataclass
class GridForm:
    """What a person sees and sends of one channel's days or months."""

    series: Sequence[Series]
    span: Span
    days: Sequence[date]
    held: dict[Place, Held]
    sent: QueryDict | None = None
    cells: dict[Place, Cell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for day in self.days:
            for each in self.series:
                place = Place(each.pk, day)
                known = self.held.get(place)
                value = known.value if known else None
                label = f"{each}, {period_of(self.span, day)}"
                self.cells[place] = Cell(place, str(each), label, _written(value), value)

    def rows(self) -> Iterator[tuple[Period, list[Cell]]]:
        for day in self.days:
            yield (
                period_of(self.span, day),
                [self.cells[Place(each.pk, day)] for each in self.series],
            )

    @property
    def errors(self) -> list[Cell]:
        return [cell for cell in self.cells.values() if cell.error]

    def edits(self) -> dict[Place, Edit]:
        """Read what was sent; a cell that holds no figure keeps its text and says why."""
        assert self.sent is not None
        series = {each.pk: each for each in self.series}
        edits: dict[Place, Edit] = {}
        for place, cell in self.cells.items():
            if cell.name not in self.sent:
                continue
            cell.text = str(self.sent[cell.name]).strip()
            cell.before = _number(self.sent.get(cell.before_name, ""))
            try:
                after = _read(cell.text, series[place.series_id])
            except FigureRefusedError as refusal:
                cell.error = str(refusal)
            else:
                edits[place] = Edit(cell.before, after)
        return edits

    def tell_changed(self, meanwhile: dict[Place, Held | None]) -> None:
        """Show beside each cell what somebody else has put there; sending again puts it right."""
        for place, other in meanwhile.items():
            cell = self.cells[place]
            cell.before = other.value if other else None
            cell.error = _told(other)


def _read(text: str, series: Series) -> Decimal | None:
    is_whole = counts_things(series.kind, series.unit)
    return read_figure(text, is_whole=is_whole, is_percent=series.unit == Unit.PERCENT)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _told(other: Held | None) -> str:
    if other is None or other.value is None:
        return gettext("Somebody has emptied this cell meanwhile. Save again if yours is right.")
    values = {
        "value": _written(other.value),
        "who": str(other.by) if other.by else other.source,
    }
    if other.source == Reading.HAND:
        sentence = gettext("%(who)s has typed %(value)s meanwhile. Save again if yours is right.")
    else:
        sentence = gettext(
            "%(value)s has been read meanwhile (%(who)s). Save again if yours is right."
        )
    return sentence % values


def _written(value: Decimal | None) -> str:
    """Write a figure as people type it: with the comma or point of the language."""
    if value is None:
        return ""
    is_whole = value == value.to_integral_value()
    return str(number_format(value.normalize() if not is_whole else int(value), use_l10n=True))
