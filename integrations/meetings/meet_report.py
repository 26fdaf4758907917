"""Google Meet's attendance report: one row per person, times without a date."""

from collections.abc import Sequence

from integrations.meetings.columns import (
    cell,
    columns_where,
    first_of,
    is_clock,
    is_duration,
    is_email,
)
from integrations.meetings.dates import read_duration
from integrations.meetings.report import ReportRow


def read(table: Sequence[Sequence[str]]) -> list[ReportRow] | None:
    """Read people by what stands in the columns: two times, a duration, names before them."""
    people = [row for row in table[1:] if any(row)]
    clocks, durations = columns_where(is_clock, people), columns_where(is_duration, people)
    if len(clocks) != 2 or not durations:
        return None
    # A name may read as a duration ("5m…" in a personal link's token); the real one comes after.
    duration = durations[-1]
    email = first_of(columns_where(is_email, people))
    names = [column for column in range(min(clocks[0], duration)) if column != email]
    return [
        ReportRow(
            name=" ".join(filter(None, (cell(row, column) for column in names))),
            joined=cell(row, clocks[0]),
            left=cell(row, clocks[1]),
            email=cell(row, email),
            seconds=read_duration(cell(row, duration)),
        )
        for row in people
        if cell(row, clocks[0]) and cell(row, clocks[1])
    ]
