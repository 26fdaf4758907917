"""The people of a list: rows that are about the same person become one.

Who is the same person is decided by `people.identity`: an address in common and names that agree.
The same rule matches rows with the database later. People who share an address under different
names stay different people, with a warning.
"""

from django.utils.translation import gettext as _

from events.list_rows import Kind, ListRow, Problem, RowReader
from people.identity import identity_keys, name_words, same_person

# An address that more people share belongs to a school or an office: from there on only the same
# full name makes the same person.
MAX_SHARING = 20


class People:
    """Gathers the rows of a list, each person once."""

    def __init__(self) -> None:
        self.rows: list[ListRow] = []
        self.problems: list[Problem] = []
        """Of the rows that are not in `rows`: merged and skipped."""

        self.refused: list[tuple[RowReader, ListRow]] = []
        self.by_key: dict[str, list[ListRow]] = {}
        self.by_key_and_name: dict[tuple[str, frozenset[str]], ListRow] = {}

    def add(self, reader: RowReader) -> None:
        row = reader.read()
        if not (row.email or row.phone):
            reason = reader.skip_reason()
            self.problems.append(Problem(row.number, "", reason, Kind.SKIPPED))
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
        self.rows.append(row)
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
        self.problems.append(Problem(row.number, "", reason % values, Kind.MERGED))
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
