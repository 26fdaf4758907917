"""The visits of a college's website, made up: the same ones for the same day, always.

Fewer at weekends and in summer, more before the intakes, growing from year to year. The last two
days are not counted to the end yet, as it is with the real service.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

BEGAN = date(2024, 1, 1)
YEARLY_GROWTH = 0.14
BY_WEEKDAY = (1.1, 1.08, 1.05, 1.02, 0.95, 0.62, 0.7)
BY_MONTH = (1.25, 1.05, 1.0, 1.1, 1.3, 1.45, 1.15, 1.5, 1.1, 0.9, 0.85, 0.6)
COUNTED_BY_AGE = {0: 0.45, 1: 0.88, 2: 0.97}
"""Which part is counted already of today, of yesterday, of the day before."""

PAGES_A_VISIT = 2.4
VISITS_A_USER = 1.18
VISITS_A_USER_IN_ALL = 1.31
"""Who comes from two sources is one user of the day, and two of the sources."""


@dataclass(frozen=True)
class Source:
    """Where visits come from, and about how many a day."""

    channel_group: str
    source: str
    medium: str
    visits: float


SOURCES = (
    Source("Organic Search", "google", "organic", 96),
    Source("Direct", "(direct)", "(none)", 61),
    Source("Paid Search", "google", "cpc", 24),
    Source("Organic Social", "m.facebook.com", "referral", 21),
    Source("Organic Social", "l.facebook.com", "referral", 13),
    Source("Organic Social", "lm.facebook.com", "referral", 4),
    Source("Organic Social", "facebook", "social", 9),
    Source("Organic Social", "l.instagram.com", "referral", 16),
    Source("Organic Social", "ig", "social", 7),
    Source("Paid Social", "facebook", "paid_social", 27),
    Source("Paid Social", "instagram", "paid_social", 14),
    Source("Organic Social", "linkedin.com", "referral", 3),
    Source("Organic Video", "youtube.com", "referral", 2.5),
    Source("Referral", "niid.lv", "referral", 8),
    Source("Referral", "delfi.lv", "referral", 3.5),
    Source("Email", "bitrix24", "email", 6),
    Source("Unassigned", "(not set)", "(not set)", 1.5),
)


@dataclass(frozen=True)
class Visits:
    """The visits of a day from one source."""

    day: date
    source: Source
    sessions: int

    @property
    def page_views(self) -> int:
        return round(self.sessions * PAGES_A_VISIT)


def visits_on(day: date, today: date) -> Iterator[Visits]:
    """Yield what is counted of a day by `today`; sources without a visit are left out."""
    if day < BEGAN or day > today:
        return
    season = BY_WEEKDAY[day.weekday()] * BY_MONTH[day.month - 1]
    growth = 1 + YEARLY_GROWTH * (day - BEGAN).days / 365
    counted = COUNTED_BY_AGE.get((today - day).days, 1)
    for source in SOURCES:
        chance = 0.8 + 0.4 * _chance(f"{day} {source.source} {source.medium}")
        sessions = round(source.visits * season * growth * chance * counted)
        if sessions:
            yield Visits(day, source, sessions)


def _chance(text: str) -> float:
    """Give a number from 0 to 1 that is the same for the same text on every machine."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest()) / 2**32
