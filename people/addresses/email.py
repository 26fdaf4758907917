"""E-mail addresses, in lower case and ASCII."""

import re
import unicodedata
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

from people.addresses.typed import (
    CELL_MAX_LENGTH,
    AddressError,
    shorten,
    without_control_characters,
)

EMAIL_MAX_LENGTH = 254

_SIMPLE_EMAIL = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@[a-z0-9.-]+")
_IN_BRACKETS = re.compile(r"<([^<>]*@[^<>]*)>")
_BETWEEN_EMAILS = re.compile(r"[\s,;|]+")
_EMAIL_EDGES = " \"'`´‘’“”„«»<>()[]{}.,;:!?"
_validate_email = EmailValidator(allowlist=[])


class Email(NamedTuple):
    """An e-mail address in lower case, its domain in ASCII."""

    address: str
    warnings: tuple[str, ...] = ()


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
        text = without_control_characters(unicodedata.normalize("NFKC", text))
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
