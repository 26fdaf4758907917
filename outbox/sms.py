"""How long an SMS is: parts in GSM-7 or UCS-2, and what leaving out diacritics saves.

The tables are those of 3GPP TS 23.038: 160 characters in one part and 153 in each of several,
or 70 and 67 as soon as one character is not in the alphabet; none of the Latvian letters with
marks is.
"""

import unicodedata
from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache

GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Each of these takes the place of two."""

GSM_CHARACTERS = GSM_ALPHABET | GSM_EXTENSION

PLAIN = str.maketrans(
    {"„": '"', "“": '"', "”": '"', "«": '"', "»": '"', "’": "'", "‘": "'"}
    | {"–": "-", "—": "-", "−": "-", "…": "...", "\u00a0": " ", "\u202f": " "}
)


@dataclass(frozen=True)
class Length:
    """The length of an SMS as an operator counts it."""

    encoding: str
    units: int
    parts: int
    per_part: int


def measure(text: str) -> Length:
    """Count the parts of a text; a character of two units is never split between parts."""
    characters = set(text)
    if characters <= GSM_CHARACTERS:
        return _length(text, characters & GSM_EXTENSION, "GSM-7", 160, 153)
    return _length(text, {char for char in characters if char > "\uffff"}, "UCS-2", 70, 67)


def without_diacritics(text: str) -> str:
    """Replace Latvian letters and typographic signs by plain ones; other alphabets stay."""
    return "".join(map(_plain, text))


# Every SMS of an evening is of the same hundred characters.
@lru_cache(maxsize=2000)
def _plain(char: str) -> str:
    if ord(char) in PLAIN:
        return PLAIN[ord(char)]
    base = unicodedata.normalize("NFKD", char)[0]
    is_marked_latin = char not in GSM_ALPHABET and base.isascii() and base.isalpha()
    return base if is_marked_latin else char


def _length(text: str, of_two_units: Set[str], encoding: str, single: int, each: int) -> Length:
    units = len(text) + sum(map(text.count, of_two_units))
    if units <= single:
        return Length(encoding, units, 1 if units else 0, single)
    parts, used = 1, 0
    for char in text:
        width = 2 if char in of_two_units else 1
        if used + width > each:
            parts, used = parts + 1, 0
        used += width
    return Length(encoding, units, parts, each)
