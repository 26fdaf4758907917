"""Zoom's reports: a webinar's attendees, in blocks, and the usage of a meeting."""

from collections.abc import Iterator, Sequence

from integrations.meetings.columns import cell
from integrations.meetings.report import NoTimesError, ReportRow

_NAME = ("user name (original name)", "name (original name)", "user name", "name")
_EMAIL = ("email", "user email", "email address")
_CODES = ("registrant id", "registrant_id", "customer key", "customer_key", "source name")
_HOSTS = ("panelist", "host")
_NEVER = ("", "--", "-")


def read(table: Sequence[Sequence[str]]) -> list[ReportRow] | None:
    """Read every block that lists joinings; blocks and columns go by their titles."""
    found: list[ReportRow] = []
    is_zoom, block = False, ""
    header: list[str] | None = None
    for row in table:
        titles = [title.casefold() for title in row]
        if _names(titles) is not None and _is_header(titles):
            header, is_zoom = titles, True
        elif sum(map(bool, row)) == 1 and row[0]:
            # A title, such as "Attendee Details,"; the table it belongs to comes next.
            block, header = row[0].casefold(), None
        elif header is not None:
            found += _joining(row, header, is_staff=any(word in block for word in _HOSTS))
    if is_zoom and not found:
        raise NoTimesError
    return found if is_zoom else None


def _is_header(titles: Sequence[str]) -> bool:
    has_duration = any(
        title.startswith(("time in session", "duration (min", "total duration (min"))
        for title in titles
    )
    return has_duration or {"join time", "leave time"} <= set(titles)


def _joining(row: Sequence[str], header: Sequence[str], *, is_staff: bool) -> Iterator[ReportRow]:
    def value(*titles: str) -> str:
        column = next((header.index(title) for title in titles if title in header), None)
        return cell(row, column)

    joined, left = value("join time"), value("leave time")
    has_waited_only = value("in waiting room").casefold() == "yes"
    if joined in _NEVER or left in _NEVER or has_waited_only:
        return
    name = cell(row, _names(header))
    yield ReportRow(
        name=name,
        joined=joined,
        left=left,
        email=value(*_EMAIL),
        phone=value("phone"),
        codes=tuple(filter(None, (value(title) for title in _CODES))),
        is_staff=is_staff or "(host" in name.casefold(),
    )


def _names(titles: Sequence[str]) -> int | None:
    return next((titles.index(title) for title in _NAME if title in titles), None)
