"""Read a list of participants, Excel or CSV, into rows for import and problems for people.

Nothing here touches the database. Each row of the file ends as exactly one of: a row of the result
(perhaps with warnings), merged into an earlier row, skipped with the reason, or empty.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext as _

from events.list_headers import Field, Header, recognise
from events.list_people import People
from events.list_rows import Kind, ListRow, Problem, RowReader
from files import list_files
from files.list_files import ListError, Row, Table, is_blank
from people.addresses import shorten

HEADER_WITHIN_ROWS = 20
EMPTY_ROWS_TO_STOP = 2_000
PROGRESS_EVERY = 200

# Rows done, and about how many there are.
Progress = Callable[[int, int], None]


@dataclass
class ParticipantList:
    """What was found in a file."""

    filename: str
    sheet: str
    header: Header
    rows: list[ListRow]
    problems: list[Problem]
    """Of the rows that are not in `rows`: merged and skipped."""
    notices: list[str] = field(default_factory=list)
    """About the file as a whole."""
    empty_rows: int = 0

    @property
    def ignored_columns(self) -> tuple[str, ...]:
        return self.header.ignored

    @property
    def columns(self) -> dict[Field, str]:
        """Say which title was taken for what."""
        return {found: self.header.title(found) for found in self.header.columns}

    @property
    def has_consent_column(self) -> bool:
        consents = {Field.CONSENT, Field.EMAIL_CONSENT, Field.SMS_CONSENT}
        return not consents.isdisjoint(self.header.columns)

    @property
    def merged(self) -> int:
        return sum(problem.kind == Kind.MERGED for problem in self.problems)

    @property
    def skipped(self) -> int:
        return sum(problem.kind == Kind.SKIPPED for problem in self.problems)

    def all_problems(self) -> list[Problem]:
        """List skipped, merged and doubtful rows in the order of the file."""
        warnings = [problem for row in self.rows for problem in row.warnings]
        return sorted(self.problems + warnings, key=lambda problem: problem.row)


def read(
    file: BinaryIO, *, filename: str = "", progress: Progress | None = None
) -> ParticipantList:
    """Read a whole list; `progress` gets the rows done and about how many there are."""
    with list_files.opened(file) as tables:
        table, header = _find_header(tables)
        people = People()
        found = ParticipantList(filename, table.name, header, people.rows, people.problems)
        if len(tables) > 1 and table.name:
            found.notices.append(_other_sheets(table, tables))
        done = header.row
        for done, cells in _rows_below(table, header, found):
            people.add(RowReader(done, cells, header))
            if progress and done % PROGRESS_EVERY == 0:
                progress(done, max(done, table.expected_rows))
        people.finish()
    if not found.rows and not found.problems:
        raise ListError(_("The list has a header, but no rows below it. Add the participants."))
    if progress:
        progress(done, done)
    return found


def check(file: BinaryIO) -> None:
    """Refuse what can be seen at once to be no list, before anything is stored or queued."""
    with list_files.opened(file) as tables:
        _find_header(tables)
    file.seek(0)


def _rows_below(table: Table, header: Header, found: ParticipantList) -> Iterator[tuple[int, Row]]:
    """Give the rows that hold anything; stop where a sheet has only formatted emptiness left."""
    wanted = [
        index
        for column, index in header.columns.items()
        if column not in {Field.CONSENT, Field.EMAIL_CONSENT, Field.SMS_CONSENT, Field.LANGUAGE}
    ]
    empty, filled = 0, 0
    for number, cells in enumerate(table.rows(header.width), start=1):
        if number <= header.row:
            continue
        if all(is_blank(cells[index]) for index in wanted if index < len(cells)):
            empty += 1
            if empty == EMPTY_ROWS_TO_STOP:
                found.notices.append(
                    _(
                        "Reading stopped at row %(row)s, after %(count)s empty rows;"
                        " nothing below was read."
                    )
                    % {"row": number, "count": empty}
                )
                return
            continue
        found.empty_rows += empty
        empty = 0
        filled += 1
        if filled > list_files.MAX_ROWS:
            raise ListError(
                _("The list has more than %(limit)s rows. Split it into several files.")
                % {"limit": list_files.MAX_ROWS}
            )
        yield number, cells


def _other_sheets(table: Table, tables: list[Table]) -> str:
    others = _quoted(tuple(other.name for other in tables if other is not table))
    return _("The list was read from sheet “%(sheet)s”. Not read: %(others)s.") % {
        "sheet": table.name,
        "others": others,
    }


# The header


def _find_header(tables: list[Table]) -> tuple[Table, Header]:
    """Take the first sheet with a header; complain about the row that came nearest to being one."""
    nearest: Header | None = None
    for table in tables:
        for header in _possible_headers(table):
            if header.has_address and header.has_name and not header.ambiguous:
                return table, header
            if nearest is None or len(header.columns) > len(nearest.columns):
                nearest = header
    raise ListError(_header_complaint(nearest))


def _possible_headers(table: Table) -> Iterator[Header]:
    for number, cells in enumerate(table.rows(list_files.MAX_COLUMNS + 1), start=1):
        if number > HEADER_WITHIN_ROWS:
            return
        if len(cells) > list_files.MAX_COLUMNS and not is_blank(cells[list_files.MAX_COLUMNS]):
            raise ListError(
                _("The sheet has more than %(limit)s columns. Keep only those of the list.")
                % {"limit": list_files.MAX_COLUMNS}
            )
        titles = [_title(cell) for cell in cells]
        if any(titles):
            yield recognise(number, titles)


def _title(cell: object) -> str:
    """Give a header cell on one line; a line break in it often divides two languages."""
    return "" if cell is None else " ".join(str(cell).strip().replace("\n", " / ").split())


def _header_complaint(header: Header | None) -> str:
    if header is None:
        return _(
            "The file has no text in its first %(rows)s rows. Send the list with its header."
        ) % {"rows": HEADER_WITHIN_ROWS}
    if header.ambiguous:
        return _(
            "Several columns look like the same thing: %(columns)s."
            " Rename or delete all but one of them."
        ) % {"columns": "; ".join(_quoted(titles) for titles in header.ambiguous)}
    expected = _(
        "The header needs a column with the name (“Vārds”, “Uzvārds”, “First name”,"
        " “Last name”) and one with the"
        " e-mail or phone (“E-pasts”, “Tālrunis”, “E-mail”, “Phone”)."
    )
    if not header.columns:
        found = _("No header was found in the first %(rows)s rows; row %(row)s holds: %(columns)s.")
    elif header.has_name:
        found = _(
            "There is no column with the e-mail or phone; the header in row %(row)s"
            " holds: %(columns)s."
        )
    else:
        found = _("There is no column with the name; the header in row %(row)s holds: %(columns)s.")
    columns = _quoted(tuple(title for title in header.titles if title)[:15])
    values = {"rows": HEADER_WITHIN_ROWS, "row": header.row, "columns": columns}
    return f"{found % values} {expected}"


def _quoted(titles: tuple[str, ...]) -> str:
    return ", ".join(_("“%(text)s”") % {"text": shorten(title)} for title in titles)
