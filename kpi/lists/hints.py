"""What people say of a list beside the list itself."""

from dataclasses import dataclass

from kpi.lists.dates import Order


@dataclass(frozen=True)
class Hints:
    """What a person says of a list where it does not say it itself."""

    filename: str = ""
    year: int | None = None
    order: Order | None = None
    left_out: frozenset[str] = frozenset()
    """Sheets that are not to be read."""
