"""How long an SMS is: parts in GSM-7 or UCS-2, and what leaving out diacritics saves.

The tables are those of 3GPP TS 23.038: 160 characters in one part and 153 in each of several,
or 70 and 67 as soon as one character is not in the alphabet; none of the Latvian letters with
marks is.
"""

import unicodedata
from dataclasses import dataclass

GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Each of these takes the place of two."""

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
    if all(char in GSM_ALPHABET or char in GSM_EXTENSION for char in text):
        widths = [2 if char in GSM_EXTENSION else 1 for char in text]
        return _length("GSM-7", widths, 160, 153)
    widths = [2 if ord(char) > 0xFFFF else 1 for char in text]
    return _length("UCS-2", widths, 70, 67)


def without_diacritics(text: str) -> str:
    """Replace Latvian letters and typographic signs by plain ones; other alphabets stay."""
    kept = []
    for char in text.translate(PLAIN):
        base = unicodedata.normalize("NFKD", char)[0]
        is_marked_latin = char not in GSM_ALPHABET and base.isascii() and base.isalpha()
        kept.append(base if is_marked_latin else char)
    return "".join(kept)


def _length(encoding: str, widths: list[int], single: int, each: int) -> Length:
    units = sum(widths)
    if units <= single:
        return Length(encoding, units, 1 if units else 0, single)
    parts, used = 1, 0
    for width in widths:
        if used + width > each:
            parts, used = parts + 1, 0
        used += width
    return Length(encoding, units, parts, each)
