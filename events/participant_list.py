"""Read a list of participants, Excel or CSV, into rows for import and problems for people.

Nothing here touches the database. Each row of the file ends as exactly one of: a row of the result
(perhaps with warnings), merged into an earlier row, skipped with the reason, or empty.

**Who is the same person** is decided by `people.identity`: an address in common and names that
agree. The same rule matches rows with each other here and with the database later. People who
share an address under different names stay different people, with a warning.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext as _

from events.list_headers import Field, Header, recognise
from events.list_rows import Kind, ListRow, Problem, RowReader
from files import list_files
from files.list_files import ListError, Row, Table, is_blank
from people.addresses import shorten
from people.identity import identity_keys, name_words, same_person

__all__ = [
    "Kind",
    "ListError",
    "ListRow",
    "ParticipantList",
    "Problem",
    "check",
    "read",
    "same_person",
]

HEADER_WITHIN_ROWS = 20
EMPTY_ROWS_TO_STOP = 2_000
PROGRESS_EVERY = 200
# An address that more people share belongs to a school or an office: from there on only the same
# full name makes the same person.
MAX_SHARING = 20

# Rows done, and about how many there are.
Progress = Callable[[int, int], None]


@dataclass
class ParticipantList:
    """What was found in a file."""

    filename: str
    sheet: str
    header: Header
    rows: list[ListRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
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
        found = ParticipantList(filename, table.name, header)
        if len(tables) > 1 and table.name:
            found.notices.append(_other_sheets(table, tables))
        collector = _Collector(found)
        done = header.row
        for done, cells in _rows_below(table, header, found):
            collector.add(RowReader(done, cells, header))
            if progress and done % PROGRESS_EVERY == 0:
                progress(done, max(done, table.expected_rows))
        collector.finish()
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


# All rows


class _Collector:
    """Gathers rows, each person once."""

    def __init__(self, found: ParticipantList) -> None:
        self.found = found
        self.refused: list[tuple[RowReader, ListRow]] = []
        self.by_key: dict[str, list[ListRow]] = {}
        self.by_key_and_name: dict[tuple[str, frozenset[str]], ListRow] = {}

    def add(self, reader: RowReader) -> None:
        row = reader.read()
        if not (row.email or row.phone):
            reason = reader.skip_reason()
            self.found.problems.append(Problem(row.number, "", reason, Kind.SKIPPED))
            return
        same = self._find(row)
        if same:
            self._merge(row, same)
        else:
            self._keep(row)
        if reader.refused:
            self.refused.append((reader, same or row))

    def finish(self) -> None:
        """Report refused addresses once it is known whether another row made up for them."""
        for reader, person in self.refused:
            person.warnings.extend(reader.refusals(person))

    def _keep(self, row: ListRow) -> None:
        self._warn_about_sharing(row)
        if not row.full_name:
            _warn(row, _("There is no name; messages cannot address the person by name."))
        self.found.rows.append(row)
        self._index(row)

    def _find(self, row: ListRow) -> ListRow | None:
        words = name_words(row)
        for key in identity_keys(row):
            if same := self.by_key_and_name.get((key, words)):
                return same
            for other in self.by_key.get(key, ()):
                if same_person(row, other):
                    return other
        return None

    def _index(self, row: ListRow) -> None:
        words = name_words(row)
        for key in identity_keys(row):
            self.by_key_and_name.setdefault((key, words), row)
            sharing = self.by_key.setdefault(key, [])
            if len(sharing) < MAX_SHARING and row not in sharing:
                sharing.append(row)

    def _merge(self, row: ListRow, same: ListRow) -> None:
        """Complete the earlier row from the later; a refusal outweighs a consent."""
        reason = _("The same person as in row %(row)s (%(person)s); they are taken as one.")
        values = {"row": same.number, "person": _called(same)}
        self.found.problems.append(Problem(row.number, "", reason % values, Kind.MERGED))
        _warn_about_differences(row, same)
        if len(row.full_name) > len(same.full_name):
            same.first_name, same.last_name = row.first_name, row.last_name
        same.email = same.email or row.email
        same.language = same.language or row.language
        if not same.phone:
            same.phone, same.can_receive_sms = row.phone, row.can_receive_sms
        same.offer_consent = _stricter(same.offer_consent, row.offer_consent)
        same.email_consent = _stricter(same.email_consent, row.email_consent)
        same.sms_consent = _stricter(same.sms_consent, row.sms_consent)
        same.warnings.extend(row.warnings)
        self._index(same)

    def _warn_about_sharing(self, row: ListRow) -> None:
        for key in identity_keys(row):
            if others := self.by_key.get(key):
                other = {"row": others[0].number, "person": _called(others[0])}
                if key.startswith("email:"):
                    text = _(
                        "The same e-mail address as in row %(row)s (%(person)s), but"
                        " another name: taken as two people."
                    )
                else:
                    text = _(
                        "The same phone number as in row %(row)s (%(person)s), but"
                        " another name: taken as two people."
                    )
                _warn(row, text % other)


def _warn(row: ListRow, reason: str) -> None:
    row.warnings.append(Problem(row.number, "", reason, Kind.WARNING))


def _warn_about_differences(row: ListRow, same: ListRow) -> None:
    for value, kept in ((row.email, same.email), (row.phone, same.phone)):
        if value and kept and value != kept:
            text = _(
                "Row %(row)s gives %(kept)s for this person; that is kept and %(value)s is not."
            )
            _warn(row, text % {"row": same.number, "kept": kept, "value": value})


def _called(row: ListRow) -> str:
    return row.full_name or row.email or row.phone


def _stricter(one: bool | None, other: bool | None) -> bool | None:
    if one is None or other is None:
        return other if one is None else one
    return one and other
