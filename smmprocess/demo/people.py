"""Invented participants: Latvian names, numbers and addresses that reach nobody."""

import random
from dataclasses import dataclass

from people.identity import folded

WOMEN = [
    *("Agnese", "Anete", "Baiba", "Dace", "Elīna", "Evija", "Ieva", "Inese", "Jana", "Kristīne"),
    *("Laura", "Līga", "Madara", "Marta", "Santa", "Signe", "Zane", "Žanete", "Ķērija", "Linda"),
]
MEN = [
    *("Artis", "Dāvis", "Edgars", "Emīls", "Ģirts", "Jānis", "Kaspars", "Mārcis", "Niks", "Oļegs"),
    *("Pēteris", "Raivis", "Rihards", "Roberts", "Toms", "Uldis", "Valdis", "Viesturs", "Ņikita"),
]
SURNAMES = [
    ("Āboliņš", "Āboliņa"),
    ("Bērziņš", "Bērziņa"),
    ("Čakste", "Čakste"),
    ("Dzenis", "Dzene"),
    ("Eglītis", "Eglīte"),
    ("Jansons", "Jansone"),
    ("Kalniņš", "Kalniņa"),
    ("Krūmiņš", "Krūmiņa"),
    ("Liepiņš", "Liepiņa"),
    ("Ozols", "Ozola"),
    ("Pētersons", "Pētersone"),
    ("Šteinbergs", "Šteinberga"),
    ("Ūdris", "Ūdre"),
    ("Vītols", "Vītola"),
    ("Zariņš", "Zariņa"),
    ("Žagars", "Žagare"),
]


@dataclass(frozen=True)
class Invented:
    """Somebody who does not exist."""

    first_name: str
    last_name: str
    email: str
    phone: str
    accepts_offers: bool
    language: str = "lv"


def invent(count: int, seed: int) -> list[Invented]:
    """Invent people; the same seed gives the same ones. A few have no phone, or no e-mail."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    return [_one(chance, seed * 1000 + number) for number in range(count)]


def _one(chance: random.Random, number: int) -> Invented:
    is_woman = chance.random() < 0.6
    first = chance.choice(WOMEN if is_woman else MEN)
    last = chance.choice(SURNAMES)[is_woman]
    address = f"{folded(first)}.{folded(last)}{number}@example.org"
    without = chance.random()
    return Invented(
        first,
        last,
        email="" if without > 0.96 else address,
        phone="" if without < 0.07 else f"+3712{1_000_000 + number * 97 % 8_999_999:07}",
        accepts_offers=chance.random() < 0.55,
        language="en" if chance.random() < 0.06 else "lv",
    )
