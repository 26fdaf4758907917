"""Which column of a participant list holds what, by its header in Latvian or English."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from people.identity import folded


class Field(StrEnum):
    """What a column may hold."""

    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    NAME = "name"
    FULL_NAME = "full_name"
    FULL_NAME_REVERSED = "full_name_reversed"
    EMAIL = "email"
    PHONE = "phone"
    CONSENT = "consent"
    EMAIL_CONSENT = "email_consent"
    SMS_CONSENT = "sms_consent"
    LANGUAGE = "language"


# In the form `_plain` gives: no marks on letters, small letters, words with one blank between.
_TITLES = {
    Field.FIRST_NAME: "vards|prieksvards|first name|firstname|given name|forename",
    Field.LAST_NAME: "uzvards|last name|lastname|surname|family name",
    Field.NAME: "name",
    Field.FULL_NAME: (
        "vards uzvards|vards un uzvards|pilns vards|full name|fullname|first and last name"
        "|first name last name|name surname|name and surname|dalibnieks|participant|kontaktpersona"
    ),
    Field.FULL_NAME_REVERSED: (
        "uzvards vards|uzvards un vards|surname name|surname and name|last name first name"
    ),
    Field.EMAIL: (
        "e pasts|epasts|e pasta adrese|epasta adrese|e mail|email|mail|e mails|emails"
        "|e mail address|email address|elektroniskais pasts|elektroniska pasta adrese"
    ),
    Field.PHONE: (
        "talrunis|talr|tel|talruna numurs|talruna nr|tel nr|talr nr|telefons|telefona numurs"
        "|telefona nr|telefonnumurs|mob|mob talr|mob tel|mob talrunis|mob telefons"
        "|mob nr|mob numurs|mobilais"
        "|mobilais talrunis|mobilais telefons|mobila talruna numurs|mobilais numurs|kontakttalrunis"
        "|phone|phone number|phone no|telephone|mobile|mobile phone|mobile number|mobile no"
        "|cell|cell phone|gsm"
    ),
    Field.CONSENT: (
        "piedavajumi|sanemt piedavajumus|jaunumi|sanemt jaunumus|marketings|marketing|newsletter"
        "|offers|optin"
    ),
    Field.LANGUAGE: "valoda|sazinas valoda|language|lang|preferred language",
}
_FIELD_BY_TITLE = {title: field for field, titles in _TITLES.items() for title in titles.split("|")}
# Words that say whose, not what: "Dalībnieka e-pasts", "Your phone (required)".
_FILLERS = {
    *("dalibnieka", "dalibnieces", "jusu", "tavs", "your", "the", "participant", "participants"),
    *("kontakta", "klienta", "studenta", "reflektanta", "obligats", "obligati", "required"),
    *("ludzu", "ieraksti", "ierakstiet", "noradi", "noradiet"),
}
_CONSENT = re.compile(
    r"piekri[ts]|\bconsent|\bagree|\bopt in\b|\batlau|\bsubscribe|\b(?:velos|gribu) san"
)
_REFUSAL = re.compile(r"nepiekri|nevelos|disagree|do not|dont|opt out|unsubscribe")
_OFFERS = re.compile(r"piedavaj|jaunum|marketing|reklam|news|offer|promo")
# Agreeing to the processing of data, to rules or to photographs is not agreeing to advertising.
_OTHER_CONSENT = re.compile(r"\bdat[au]|gdpr|privat|privac|noteikum|terms|foto|photo|film|video")
_EMAIL_WORD = re.compile(r"\be ?past|\be ?mail")
_SMS_WORD = re.compile(r"\bsms\b|\bisz|\btalr|\btelefon|\bphone|\btext")

_CLOSE = 0.84
_SHORTEST_FOR_TYPO = 4


@dataclass(frozen=True)
class Header:
    """A header row that was understood, at least in part."""

    row: int
    columns: dict[Field, int]
    titles: tuple[str, ...]
    ignored: tuple[str, ...]
    ambiguous: tuple[tuple[str, ...], ...]

    @property
    def has_address(self) -> bool:
        return Field.EMAIL in self.columns or Field.PHONE in self.columns

    @property
    def has_name(self) -> bool:
        names = (Field.FIRST_NAME, Field.LAST_NAME, Field.FULL_NAME, Field.FULL_NAME_REVERSED)
        return any(field in self.columns for field in names)

    @property
    def width(self) -> int:
        """Count the columns up to the last one that is used."""
        return max(self.columns.values()) + 1

    def title(self, field: Field) -> str:
        return self.titles[self.columns[field]]


def recognise(row: int, cells: Sequence[str]) -> Header:
    """Match each title to a field; an exact title wins over one that is only close."""
    exact: dict[Field, list[int]] = {}
    close: dict[Field, list[int]] = {}
    for index, title in enumerate(cells):
        if field := _exact_field(title):
            exact.setdefault(field, []).append(index)
        elif field := _close_field(title):
            close.setdefault(field, []).append(index)
    found = close | exact
    columns = _with_names_settled({field: indexes[0] for field, indexes in found.items()})
    ambiguous = tuple(
        tuple(cells[index] for index in indexes)
        for field, indexes in found.items()
        if len(indexes) > 1 and indexes[0] in columns.values()
    )
    used = set(columns.values())
    ignored = tuple(title for index, title in enumerate(cells) if title and index not in used)
    return Header(row, columns, tuple(cells), ignored, ambiguous)


def _with_names_settled(columns: dict[Field, int]) -> dict[Field, int]:
    """Decide what "Vārds" or "Name" means: a first name only if there is a last name beside it."""
    columns = dict(columns)
    name = columns.pop(Field.NAME, None)
    if name is not None:
        columns.setdefault(Field.FIRST_NAME, name)
    if Field.FIRST_NAME in columns and Field.LAST_NAME in columns:
        columns.pop(Field.FULL_NAME, None)
        columns.pop(Field.FULL_NAME_REVERSED, None)
    elif Field.FULL_NAME in columns or Field.FULL_NAME_REVERSED in columns:
        columns.pop(Field.FIRST_NAME, None)
        columns.pop(Field.LAST_NAME, None)
    elif Field.FIRST_NAME in columns:
        columns[Field.FULL_NAME] = columns.pop(Field.FIRST_NAME)
    return columns


def _exact_field(title: str) -> Field | None:
    plain = _plain(title)
    if field := _FIELD_BY_TITLE.get(plain) or _FIELD_BY_TITLE.get(_without_fillers(plain)):
        return field
    if field := _consent_field(plain):
        return field
    # Titles in two languages: "Tālrunis / Phone", "E-pasts (e-mail)".
    parts = [_without_fillers(_plain(part)) for part in re.split(r"[/|()\n]", title)]
    fields = {_FIELD_BY_TITLE.get(part) for part in parts if part}
    if fields == {Field.FIRST_NAME, Field.NAME}:
        return Field.FIRST_NAME
    return fields.pop() if len(fields) == 1 else None


def _close_field(title: str) -> Field | None:
    """Forgive a typing mistake: "Tālrūņis", "E-paste", "Uzvards:"."""
    plain = _without_fillers(_plain(title))
    if not _SHORTEST_FOR_TYPO <= len(plain) <= 40 or _REFUSAL.search(plain):
        return None
    matches = difflib.get_close_matches(plain, _FIELD_BY_TITLE, n=1, cutoff=_CLOSE)
    return _FIELD_BY_TITLE[matches[0]] if matches else None


def _consent_field(plain: str) -> Field | None:
    if not _CONSENT.search(plain) or _REFUSAL.search(plain):
        return None
    if _OTHER_CONSENT.search(plain) and not _OFFERS.search(plain):
        return None
    by_email, by_sms = bool(_EMAIL_WORD.search(plain)), bool(_SMS_WORD.search(plain))
    if by_email == by_sms:
        return Field.CONSENT
    return Field.EMAIL_CONSENT if by_email else Field.SMS_CONSENT


def _plain(title: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", folded(title)))


def _without_fillers(plain: str) -> str:
    return " ".join(word for word in plain.split() if word not in _FILLERS)
