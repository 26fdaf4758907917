"""Phone numbers, in E.164 form."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from people.addresses.typed import (
    CELL_MAX_LENGTH,
    AddressError,
    shorten,
    without_control_characters,
)

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


class Phone(NamedTuple):
    """A phone number in E.164 form."""

    e164: str
    can_receive_sms: bool
    warnings: tuple[str, ...] = ()


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
        text = without_control_characters(unicodedata.normalize("NFKC", text))
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


@lru_cache(maxsize=50_000)
def can_receive_sms(e164: str) -> bool:
    """Say whether a stored number is one that SMS reach; fixed lines are not."""
    try:
        return normalise_phone(e164).can_receive_sms
    except AddressError:
        return False
