"""A small line drawn by the server: places only, so that it takes its colours from the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 120, 32, 3


@dataclass(frozen=True)
class Sparkline:
    """Lines between the values that stand beside each other; a value alone is a dot."""

    lines: tuple[str, ...]
    dots: tuple[str, ...]
    """Where values with none beside them are, and the last one."""

    width: int = WIDTH
    height: int = HEIGHT


def sparkline(values: Sequence[Decimal | None]) -> Sparkline | None:
    """Draw values in their order; what is missing is a gap. None without any value."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = min(known), max(known)

    def place(at: int, value: Decimal) -> tuple[float, float]:
        x = MARGIN + (WIDTH - 2 * MARGIN) * at / max(len(values) - 1, 1)
        share = float((value - low) / (high - low)) if high > low else 0.5
        return round(x, 1), round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share, 1)

    runs = [[place(at, value) for at, value in run] for run in _runs(values)]
    alone = [run[0] for run in runs if len(run) == 1]
    return Sparkline(
        lines=tuple(" ".join(map(_point, run)) for run in runs if len(run) > 1),
        dots=tuple(dict.fromkeys(map(_point, [*alone, runs[-1][-1]]))),
    )


def _point(place: tuple[float, float]) -> str:
    """Write a place as SVG does, whatever the language of the page writes numbers like."""
    x, y = place
    return f"{x},{y}"


def _runs(values: Sequence[Decimal | None]) -> Iterator[list[tuple[int, Decimal]]]:
    """Give the stretches of values without a gap, each value with its place."""
    run: list[tuple[int, Decimal]] = []
    for at, value in enumerate(values):
        if value is not None:
            run.append((at, value))
        elif run:
            yield run
            run = []
    if run:
        yield run
