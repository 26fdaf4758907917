"""Read one row of a participant list: what its cells mean, and what is wrong with them.

**Consent to offers** is True or False only where the cell says so clearly. None, for an empty cell,
for no column, or for words that are neither yes nor no, gives no consent and withdraws none.

**A formula** is never evaluated: in a name it leaves the name empty, in an address the address,
with a warning. What programs write to protect digits (`="29111111"`, `=+37129111111`) is text.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from events.list_headers import Field, Header
from files.list_files import Row, is_blank
from people.addresses import AddressError, normalise_phone, read_email, read_name, shorten
from people.identity import folded

_YES = {
    *("ja", "jaa", "j", "yes", "y", "1", "true", "patiess", "piekritu"),
    *("x", "+", "✓", "✔", "☑", "✅"),
}
_NO = {
    *("ne", "nee", "n", "no", "0", "false", "aplams", "nepiekritu"),
    *("-", "–", "—", "☐", "✗", "✘"),
}
_NO_ADDRESS = {"-", "–", "—", "?", "n/a", "nav", "none", "null", "nan"}
_LANGUAGES = {
    **dict.fromkeys(["lv", "lat", "latviesu", "latviesu valoda", "latviski", "latvian"], "lv"),
    **dict.fromkeys(["en", "eng", "anglu", "anglu valoda", "angliski", "english"], "en"),
}
_CELL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#ERROR!"}
_QUOTED_TEXT = re.compile(r'=\s*"([^"]*)"')
_DIGITS_ONLY = re.compile(r"=\s*(\+?[\d ]+)")


class Kind(StrEnum):
    """What became of the row a problem is about."""

    WARNING = "warning"
    MERGED = "merged"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a person should know about one row."""

    row: int
    column: str
    reason: str
    kind: Kind


@dataclass(slots=True)
class ListRow:
    """One person of the list."""

    number: int
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    can_receive_sms: bool = False
    language: str = ""
    offer_consent: bool | None = None
    email_consent: bool | None = None
    sms_consent: bool | None = None
    warnings: list[Problem] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def accepts_offers_by_email(self) -> bool | None:
        return self.offer_consent if self.email_consent is None else self.email_consent

    @property
    def accepts_offers_by_sms(self) -> bool | None:
        return self.offer_consent if self.sms_consent is None else self.sms_consent


class RowReader:
    """Turns the cells of one row into a `ListRow`, gathering what is wrong with them."""

    def __init__(self, number: int, cells: Row, header: Header) -> None:
        self.cells = cells
        self.header = header
        self.row = ListRow(number)
        self.refused: dict[Field, str] = {}

    def read(self) -> ListRow:
        row = self.row
        row.first_name, row.last_name = self._names()
        self._read_email()
        self._read_phone()
        row.language = self._language()
        row.offer_consent = self._consent(Field.CONSENT)
        row.email_consent = self._consent(Field.EMAIL_CONSENT)
        row.sms_consent = self._consent(Field.SMS_CONSENT)
        return row

    def skip_reason(self) -> str:
        """Say why a row without any usable address is left out."""
        if self.refused:
            return " ".join(self.refused.values())
        return _("There is neither an e-mail address nor a phone number. Add one of them.")

    def refusals(self, person: ListRow) -> list[Problem]:
        """Say which addresses were refused and what that means for the person as finally read."""
        return [
            Problem(
                self.row.number,
                self.header.title(column),
                f"{reason} {_consequence(column, person)}".strip(),
                Kind.WARNING,
            )
            for column, reason in self.refused.items()
        ]

    def _warn(self, column: Field, reason: str) -> None:
        title = self.header.title(column)
        self.row.warnings.append(Problem(self.row.number, title, reason, Kind.WARNING))

    def _value(self, column: Field) -> object:
        """Give what a cell holds, or refuse what nobody may rely on."""
        index = self.header.columns.get(column)
        if index is None or index >= len(self.cells):
            return None
        value = self.cells[index]
        if isinstance(value, str):
            if value[:1] not in "=#\ufeff ":
                return value
            value = value.strip("\ufeff \t\r\n")
        elif isinstance(value, ArrayFormula | DataTableFormula):
            value = str(getattr(value, "text", None) or "=")
        elif isinstance(value, float) and value.is_integer():
            return int(value)
        else:
            return value
        if value.startswith("="):
            return _formula_text(value)
        if value in _CELL_ERRORS:
            raise AddressError(
                _("The cell shows the error “%(value)s”. Correct it.") % {"value": value}
            )
        return value

    def _names(self) -> tuple[str, str]:
        columns = self.header.columns
        if Field.FULL_NAME in columns:
            return _split_name(self._name(Field.FULL_NAME))
        if Field.FULL_NAME_REVERSED in columns:
            last, _blank, first = (
                self._name(Field.FULL_NAME_REVERSED).replace(",", " ").partition(" ")
            )
            return first.strip(), last
        return self._name(Field.FIRST_NAME), self._name(Field.LAST_NAME)

    def _name(self, column: Field) -> str:
        try:
            name = read_name(self._value(column))
        except AddressError as error:
            self._warn(column, _("%(reason)s It was left out.") % {"reason": error.sentence})
            return ""
        for warning in name.warnings:
            self._warn(column, warning)
        return name.text

    def _read_email(self) -> None:
        try:
            value = self._value(Field.EMAIL)
            if _is_no_address(value):
                return
            self.row.email, warnings = read_email(value)
        except AddressError as error:
            self.refused[Field.EMAIL] = error.sentence
            return
        for warning in warnings:
            self._warn(Field.EMAIL, warning)

    def _read_phone(self) -> None:
        try:
            value = self._value(Field.PHONE)
            if _is_no_address(value):
                return
            self.row.phone, self.row.can_receive_sms, warnings = normalise_phone(value)
        except AddressError as error:
            self.refused[Field.PHONE] = error.sentence
            return
        for warning in warnings:
            self._warn(Field.PHONE, warning)
        if not self.row.can_receive_sms:
            text = _("%(number)s is not a mobile number and gets no SMS.")
            self._warn(Field.PHONE, text % {"number": self.row.phone})

    def _word(self, column: Field) -> object:
        """Give the value of a cell that is only a hint; what cannot be relied on is no hint."""
        try:
            return self._value(column)
        except AddressError as error:
            self._warn(column, _("%(reason)s It was left out.") % {"reason": error.sentence})
            return None

    def _language(self) -> str:
        value = self._word(Field.LANGUAGE)
        if is_blank(value):
            return ""
        words = folded(str(value)).strip(" .-–")
        if code := _LANGUAGES.get(words):
            return code
        self._warn(
            Field.LANGUAGE,
            _("“%(value)s” is not a language of our messages; the usual one is taken.")
            % {"value": shorten(value)},
        )
        return ""

    def _consent(self, column: Field) -> bool | None:
        value = self._word(column)
        if value is None or isinstance(value, bool):
            return value
        word = folded(str(value)).strip(" .!,\N{NO-BREAK SPACE}\n\t")
        if word in _YES:
            return True
        if word in _NO:
            return False
        if word:
            self._warn(
                column,
                _("“%(value)s” is neither yes nor no and counts as no consent. Write “jā” or “nē”.")
                % {"value": shorten(value)},
            )
        return None


def _consequence(column: Field, person: ListRow) -> str:
    if column == Field.EMAIL and not person.email:
        return _("The person stays on the list and gets no e-mails.")
    if column == Field.PHONE and not person.phone:
        return _("The person stays on the list and gets no SMS.")
    return ""


def _formula_text(formula: str) -> object:
    """Give the text that a formula only protects; refuse one that computes or links."""
    if literal := _QUOTED_TEXT.fullmatch(formula) or _DIGITS_ONLY.fullmatch(formula):
        return literal[1]
    if formula.upper() in {"=TRUE()", "=FALSE()"}:
        return formula.upper() == "=TRUE()"
    raise AddressError(
        _("“%(value)s” is a formula. Copy the column and paste it as values.")
        % {"value": shorten(formula)}
    )


def _is_no_address(value: object) -> bool:
    return is_blank(value) or (isinstance(value, str) and value.strip().lower() in _NO_ADDRESS)


def _split_name(name: str) -> tuple[str, str]:
    """Take the last word for the last name, or, before a comma, what stands there."""
    last, comma, first = name.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _blank, last = name.rpartition(" ")
    return (first, last) if first else (last, "")
