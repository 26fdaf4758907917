"""Phone numbers, e-mail addresses and names as people type them: made uniform, or refused.

Each function takes whatever a form or a spreadsheet cell holds. It gives the uniform value, with
warnings a person may want to see, or raises `AddressError` with a sentence that says what is wrong
and what to do. It raises nothing else.
"""

import html
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.encoding import punycode
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

NAME_MAX_LENGTH = 100
EMAIL_MAX_LENGTH = 254
CELL_MAX_LENGTH = 500

FORMULA_STARTS = ("=", "+", "@")

_SMS_TYPES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_LATVIA = 371
_E164_MAX_DIGITS = 15
# A Latvian mobile number written in any of the usual ways, once blanks and brackets are gone.
_LATVIAN_MOBILE = re.compile(r"(?:(?:\+|00)?371)?(2[0-9]{7})")
_PHONE_NOISE = str.maketrans("", "", " -()\N{NO-BREAK SPACE}")
_BETWEEN_PHONES = re.compile(r"[,;|\n]|/|\b(?:un|vai|and|or)\b", re.IGNORECASE)
_SHORTENED = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
_DECIMAL_TAIL = re.compile(r"([0-9]+)[.,]0+")
_EXTENSION = re.compile(r"\W*(?:ext|x|int|iekš|iekšējais)[\s.:]*[0-9]{1,5}\W*$", re.IGNORECASE)
_LABEL_BEFORE = re.compile(r"^[^0-9+]+")
_LABEL_AFTER = re.compile(r"[^0-9]+$")

_SIMPLE_EMAIL = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@[a-z0-9.-]+")
_IN_BRACKETS = re.compile(r"<([^<>]*@[^<>]*)>")
_BETWEEN_EMAILS = re.compile(r"[\s,;|]+")
_EMAIL_EDGES = " \"'`´‘’“”„«»<>()[]{}.,;:!?"
_validate_email = EmailValidator(allowlist=[])

_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W\d_]+")


class AddressError(ValueError):
    """What was typed cannot be used; the text says why and what to do."""

    @property
    def sentence(self) -> str:
        return str(self)


class Phone(NamedTuple):
    """A phone number in E.164 form."""

    e164: str
    can_receive_sms: bool
    warnings: tuple[str, ...] = ()


class Email(NamedTuple):
    """An e-mail address in lower case, its domain in ASCII."""

    address: str
    warnings: tuple[str, ...] = ()


class Name(NamedTuple):
    """A person's name, first, last or both, fit to be shown anywhere."""

    text: str
    warnings: tuple[str, ...] = ()


def shorten(value: object, limit: int = 40) -> str:
    """Show a wrong value in a sentence: on one line, without control characters, not too long."""
    text = " ".join(_without_control_characters(str(value)).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _without_control_characters(text: str) -> str:
    """Drop what cannot be seen (also direction marks and soft hyphens); keep blanks."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        for character in text
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )


# Phone numbers


def normalise_phone(raw: object, region: str = "LV") -> Phone:
    """Read one phone number; of several in one cell the first that can receive an SMS."""
    text = _phone_text(raw)
    if region == "LV" and (match := _LATVIAN_MOBILE.fullmatch(text.translate(_PHONE_NOISE))):
        number = PhoneNumber(country_code=_LATVIA, national_number=int(match[1]))
        return _phone(number, f"+{_LATVIA}{match[1]}")
    if not text:
        raise AddressError(_("The phone number is empty."))
    if phone := _one_phone(text, region):
        return phone
    if phone := _first_of_several(text, region):
        return phone
    raise AddressError(
        _(
            "“%(value)s” is not a valid phone number."
            " Write it with its country code, for example %(example)s."
        )
        % {"value": shorten(raw), "example": "+371 20000000"}
    )


def _phone_text(raw: object) -> str:
    """Turn a cell into text of ASCII digits, undoing what spreadsheets do to phone numbers."""
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if (
        isinstance(raw, bool)
        or not isinstance(raw, (int, str))
        or len(text := str(raw)) > CELL_MAX_LENGTH
    ):
        raise AddressError(
            _("“%(value)s” is not a phone number. Write it as text, for example %(example)s.")
            % {"value": shorten(raw), "example": "+371 20000000"}
        )
    if not text.isascii():
        text = _without_control_characters(unicodedata.normalize("NFKC", text))
        text = "".join(str(unicodedata.decimal(c, c)) for c in text)
    text = text.strip().lstrip("'’`").strip()
    if whole := _DECIMAL_TAIL.fullmatch(text):
        return whole[1]
    if shortened := _SHORTENED.fullmatch(text):
        return _restore_digits(text, shortened)
    return text


def _restore_digits(text: str, shortened: re.Match[str]) -> str:
    """Undo 2.9111111E+07 when no digit is lost; a guessed number would reach a stranger."""
    first, rest, exponent = shortened[1], shortened[2] or "", int(shortened[3])
    if len(rest) != exponent:
        raise AddressError(
            _(
                "The spreadsheet has shortened the phone number to “%(value)s”."
                " Format the column as text and type the number again."
            )
            % {"value": shorten(text)}
        )
    return first + rest


def _one_phone(text: str, region: str) -> Phone | None:
    """Read text that holds one number, perhaps with a label or an extension around it."""
    if "\n" in text or "," in text or ";" in text:
        return None
    text = _LABEL_AFTER.sub("", _LABEL_BEFORE.sub("", _EXTENSION.sub("", text)))
    if any(character.isalpha() for character in text):
        return None
    digits = "".join(character for character in text if character in "0123456789")
    has_country = text.startswith("+") or digits.startswith("00")
    if digits.startswith("00"):
        digits = digits[2:]
    if has_country:
        # "+29111111": the plus is there, the country is not.
        return _parse("+" + digits, None) or (_parse(digits, region) if len(digits) == 8 else None)
    if phone := _parse(digits, region):
        return phone
    if len(digits) >= 11 and (phone := _parse("+" + digits, None)):
        warning = _("“%(value)s” was read as the foreign number %(number)s. Check it.")
        return phone._replace(
            warnings=(*phone.warnings, warning % {"value": shorten(text), "number": phone.e164})
        )
    return None


def _parse(digits: str, region: str | None) -> Phone | None:
    try:
        number = phonenumbers.parse(digits, region)
    except NumberParseException:
        return None
    national = str(number.national_number)
    if len(f"{number.country_code}{national}") > _E164_MAX_DIGITS:
        return None
    latvian_mobile = (
        number.country_code == _LATVIA and len(national) == 8 and national.startswith("2")
    )
    if latvian_mobile or phonenumbers.is_valid_number(number):
        return _phone(number, phonenumbers.format_number(number, PhoneNumberFormat.E164))
    return None


def _phone(number: PhoneNumber, e164: str) -> Phone:
    """Judge a number known to be well formed.

    New Latvian mobile ranges are in use before `phonenumbers` knows them. Refusing them would lose
    people, so they pass with a warning.
    """
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UNKNOWN:
        warning = _("%(number)s is in a range that is not known to be in use. Check it.")
        return Phone(e164, can_receive_sms=True, warnings=(warning % {"number": e164},))
    return Phone(e164, can_receive_sms=kind in _SMS_TYPES)


def _first_of_several(text: str, region: str) -> Phone | None:
    pieces = [piece.strip() for piece in _BETWEEN_PHONES.split(text) if piece.strip()]
    if len(pieces) < 2:
        pieces = text.split()
        if not all(_one_phone(piece, region) for piece in pieces):
            return None
    phones = [(piece, _one_phone(piece, region)) for piece in pieces]
    valid = [phone for _piece, phone in phones if phone]
    if not valid:
        return None
    used = next((phone for phone in valid if phone.can_receive_sms), valid[0])
    others = [phone.e164 if phone else piece for piece, phone in phones if phone != used]
    if not others:
        return used
    warning = _("The cell holds several numbers: %(used)s is used, “%(others)s” is not.")
    return used._replace(
        warnings=(
            *used.warnings,
            warning % {"used": used.e164, "others": shorten(", ".join(others))},
        )
    )


# E-mail addresses


def normalise_email(raw: object) -> str:
    """Give the uniform form of an e-mail address."""
    return read_email(raw).address


def read_email(raw: object) -> Email:
    """Read one e-mail address; of several in one cell the first."""
    if raw is None or raw == "":
        raise AddressError(_("The e-mail address is empty."))
    if not isinstance(raw, str) or len(raw) > CELL_MAX_LENGTH:
        raise _not_an_email(raw)
    text = raw
    if not (text.isascii() and text.isprintable()):
        text = _without_control_characters(unicodedata.normalize("NFKC", text))
    text = text.strip().lower()
    if _SIMPLE_EMAIL.fullmatch(text):
        return Email(_one_email(text, raw))
    pieces = _IN_BRACKETS.findall(text)
    if not pieces:
        pieces = _BETWEEN_EMAILS.split(re.sub(r"\s*@\s*", "@", text))
    addresses = [_one_email(piece, raw) for piece in pieces if piece.strip(_EMAIL_EDGES)]
    if not addresses:
        raise _not_an_email(raw)
    others = [address for address in dict.fromkeys(addresses) if address != addresses[0]]
    if not others:
        return Email(addresses[0])
    warning = _("The cell holds several e-mail addresses: %(used)s is used, “%(others)s” is not.")
    return Email(
        addresses[0],
        warnings=(warning % {"used": addresses[0], "others": shorten(", ".join(others))},),
    )


def _one_email(text: str, raw: str) -> str:
    text = text.strip(_EMAIL_EDGES).removeprefix("mailto:").partition("?")[0].strip(_EMAIL_EDGES)
    local, at, host = text.rpartition("@")
    if not at or '"' in local or "[" in host:
        raise _not_an_email(raw)
    if not local.isascii():
        letter = next(character for character in local if not character.isascii())
        raise AddressError(
            _(
                "“%(value)s” has “%(letter)s” before the @,"
                " which e-mail addresses do not have. Correct it."
            )
            % {"value": shorten(raw), "letter": letter}
        )
    try:
        address = f"{local}@{host if host.isascii() else punycode(host)}".lower()
        _validate_email(address)
    except (UnicodeError, ValidationError):
        raise _not_an_email(raw) from None
    if len(address) > EMAIL_MAX_LENGTH or not address.isascii():
        raise _not_an_email(raw)
    return address


def _not_an_email(raw: object) -> AddressError:
    return AddressError(
        _("“%(value)s” is not a valid e-mail address. Correct it, or leave it empty.")
        % {"value": shorten(raw)}
    )


# Names


def clean_name(raw: object) -> str:
    """Give the uniform form of a first, last or full name; empty stays empty."""
    return read_name(raw).text


def read_name(raw: object) -> Name:
    """Tidy a name: blanks, invisible characters, markup and shouting go, letters stay.

    A name in capitals only, or in small letters only, gets its capitals; mixed case is left as
    its owner wrote it. Of markup the visible text stays. A formula is refused.
    """
    if raw is None:
        return Name("")
    if isinstance(raw, bool) or not isinstance(raw, (str, int)):
        raise AddressError(
            _("“%(value)s” is not a name. Write the name as text.") % {"value": shorten(raw)}
        )
    text = str(raw)
    if text.isalpha() and len(text) <= NAME_MAX_LENGTH and unicodedata.is_normalized("NFC", text):
        return Name(_with_capitals(text))
    return _read_unusual_name(text[: CELL_MAX_LENGTH * 4])


def _read_unusual_name(raw: str) -> Name:
    warnings = []
    unescaped = _unescape(_without_control_characters(raw))
    text = _TAG.sub(" ", unescaped)
    text = text.replace("<", " ").replace(">", " ")
    if text != unescaped:
        warnings.append(
            _("“%(value)s” holds markup; only its text is kept.") % {"value": shorten(raw)}
        )
    text = " ".join(unicodedata.normalize("NFC", text).split()).lstrip("-–—' ").rstrip("-–— ")
    if text.startswith(FORMULA_STARTS):
        raise AddressError(
            _("“%(value)s” is a formula, not a name. Write the name as text.")
            % {"value": shorten(raw)}
        )
    if len(text) > NAME_MAX_LENGTH:
        text = text[:NAME_MAX_LENGTH].rstrip("-–— ")
        warnings.append(
            _("The name “%(value)s” is too long and was cut to %(limit)s characters.")
            % {"value": shorten(raw), "limit": NAME_MAX_LENGTH}
        )
    return Name(_with_capitals(text), tuple(warnings))


def _unescape(text: str) -> str:
    """Resolve `&#39;` and the like, also when they were escaped twice; keep invisible ones out."""
    for _round in range(5):
        if "&" not in text:
            break
        text = _without_control_characters(html.unescape(text))
    return text


def _with_capitals(text: str) -> str:
    if text.isupper() or text.islower():
        return _WORD.sub(_capitalised, text)
    return text


def _capitalised(word: re.Match[str]) -> str:
    first, rest = word[0][0], word[0][1:]
    # A few letters become two in upper or lower case (ß, İ): they stay as they are.
    upper = first.upper() if len(first.upper()) == 1 else first
    lower = rest.lower() if len(rest.lower()) == len(rest) else rest
    return upper + lower


@lru_cache(maxsize=50_000)
def can_receive_sms(e164: str) -> bool:
    """Say whether a stored number is one that SMS reach; fixed lines are not."""
    try:
        return normalise_phone(e164).can_receive_sms
    except AddressError:
        return False
