"""Tell which platform a table comes from, and read it."""

from collections.abc import Iterable, Sequence

from integrations.meetings import meet_report, teams_report, zoom_report
from integrations.meetings.columns import text_of
from integrations.meetings.report import NotAReportError, Platform, Reader, Report

# Teams first: its sections are numbered, but within them its titles may be those of Zoom.
READERS: dict[Platform, Reader] = {
    Platform.TEAMS: teams_report.read,
    Platform.ZOOM: zoom_report.read,
    Platform.MEET: meet_report.read,
}


def read(tables: Iterable[Iterable[Sequence[object]]]) -> Report:
    """Read the first table that is a report; each is one way to cut the file into columns."""
    for raw in tables:
        table = [[text_of(each) for each in row] for row in raw]
        for platform, reader in READERS.items():
            if rows := reader(table):
                return Report(platform, tuple(rows))
    raise NotAReportError
