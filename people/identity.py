"""Who is the same person: one rule for lists, registrations, Bitrix24 and the database.

Two records are the same person when **they share an address** (the normalised e-mail or phone)
**and their names agree**. Names agree when the words of one are among the words of the other, in
any order and case, letters with and without marks taken as the same: "Bērziņš Jānis" and "Janis
Berzins" agree, "Anna" and "Anna Ozola" agree, and no name at all agrees with every name.

An address alone does not make a person: a mother registers two children with her own e-mail, a
couple shares a phone. They stay different people, each with a personal link. A name alone does not
either: there are many called Madara Čakste.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Protocol

_WORD = re.compile(r"[^\W_]+")


class Identified(Protocol):
    """What the rule looks at: a participant, a row of a list, a contact."""

    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def phone(self) -> str: ...


def identity_keys(person: Identified) -> tuple[str, ...]:
    """List the addresses by which to look for the same person; they do not prove it."""
    keys = []
    if person.email:
        keys.append(f"email:{person.email}")
    if person.phone:
        keys.append(f"phone:{person.phone}")
    return tuple(keys)


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Drop the marks over and under letters, and the case."""
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def name_words(person: Identified) -> frozenset[str]:
    """Give the words of a name in the form in which two names are compared."""
    return _words(person.first_name) | _words(person.last_name)


@lru_cache(maxsize=20_000)
def _words(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(folded(name).replace("'", "").replace("’", "")))


def same_name(one: Identified, other: Identified) -> bool:
    """Say whether two names may belong to one person."""
    words, other_words = name_words(one), name_words(other)
    return words <= other_words or other_words <= words


def same_person(one: Identified, other: Identified) -> bool:
    """Say whether two records are one person: an address in common, and names that agree."""
    shares_address = (one.email and one.email == other.email) or (
        one.phone and one.phone == other.phone
    )
    return bool(shares_address) and same_name(one, other)
