"""Names of people, fit to be shown anywhere."""

import html
import re
import unicodedata
from typing import NamedTuple

from django.utils.translation import gettext as _

from people.addresses.typed import (
    CELL_MAX_LENGTH,
    AddressError,
    shorten,
    without_control_characters,
)

NAME_MAX_LENGTH = 100
FORMULA_STARTS = ("=", "+", "@")

_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W\d_]+")


class Name(NamedTuple):
    """A person's name, first, last or both, fit to be shown anywhere."""

    text: str
    warnings: tuple[str, ...] = ()


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
    unescaped = _unescape(without_control_characters(raw))
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
        text = without_control_characters(html.unescape(text))
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
