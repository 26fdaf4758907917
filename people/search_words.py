"""What participants are searched by: their words, found by how they begin.

A search inside of words has to read everybody; the beginnings of words stand in order in an index,
in the same way on every database, so ten times the people make a search no slower. A phone is found
with and without the code of Latvia, an e-mail from each of its parts on.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from people.identity import Identified, folded

_WORD_BEGINS = re.compile(r"(?<![^\W_])[^\W_]")
_NUMBER = re.compile(r"\+?[\d().\-/]*\d[\d().\-/]*")
_AROUND_WORDS = ",;:\"'<>„“”()"
_LATVIA = "371"

LONGEST = 254


def words_of(person: Identified) -> set[str]:
    """Return everything that a search for this person may begin with."""
    texts = f"{person.first_name} {person.last_name} {person.email}"
    words = {
        text[begin.start() :][:LONGEST]
        for text in folded(texts).split()
        for begin in _WORD_BEGINS.finditer(text)
    }
    if digits := person.phone.removeprefix("+"):
        words |= {digits, digits.removeprefix(_LATVIA)}
    return words


def words_in(query: str) -> list[str]:
    """Return what was typed, word by word; digits that stand together are one phone."""
    return list(dict.fromkeys(_words_in(folded(query).split())))


def _words_in(parts: list[str]) -> Iterator[str]:
    for is_number, group in groupby(parts, key=lambda part: bool(_NUMBER.fullmatch(part))):
        if is_number:
            yield re.sub(r"\D", "", "".join(group)).removeprefix("00")
        else:
            yield from (_without_marks_around(part) for part in group)


def _without_marks_around(part: str) -> str:
    """Leave out quotes, commas and brackets, and "@" before a domain; but never everything."""
    return part.strip(_AROUND_WORDS).lstrip("@.-_") or part
