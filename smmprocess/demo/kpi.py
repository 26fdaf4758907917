"""What the college's people counted on the social networks: this year and the one before.

Visits come from the sandbox Google Analytics and leads from the sandbox Bitrix24, read as in any
installation; what is here was typed in from the networks' own pages, and now and then a day was
forgotten. It comes to what the check-ins of the goals say.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby

from goals.models import Series
from kpi import store
from kpi.models import Channel, Reading
from kpi.periods import Span
from kpi.store import Value
from plans.local_time import local_day, local_moment
from smmprocess.demo.goal_words import MEASURED
from smmprocess.demo.staff import Staff

BY_MONTH = (1.0, 0.95, 1.05, 1.1, 1.2, 1.25, 0.85, 1.35, 1.15, 1.0, 1.0, 0.7)
"""More before the intakes, little at Christmas."""

BY_WEEKDAY = (1.0, 1.05, 1.1, 1.15, 1.0, 0.75, 0.7)
SEASON_OF_YEAR = 365 * (sum(BY_MONTH) / 12) * (sum(BY_WEEKDAY) / 7)
"""What the days of a year weigh together."""

SHARES = {
    "facebook": {"followers": 0.61, "video_views": 0.38, "reactions": 0.36, "comments": 0.41},
    "instagram": {"followers": 0.39, "video_views": 0.62, "reactions": 0.64, "comments": 0.59},
}
FLOWS = ("video_views", "reactions", "comments")
FORGOTTEN = 0.03
"""How often nobody typed a day in."""

HOLIDAYS = ((12, 24), (12, 25), (12, 26), (12, 31))
"""When nobody typed anything."""

MORNING = time(9, 20)


def measure_networks(staff: Staff, now: datetime) -> None:
    """Have each day since January of last year typed in, month by month."""
    today = local_day(now)
    series = dict(Series.objects.values_list("key", "pk"))
    channels = dict(Channel.objects.values_list("key", "pk"))
    chance = random.Random(2417)  # noqa: S311 - a story that is the same every time
    days = _days_typed_in(today, chance)
    for _month, of_month in groupby(days, key=lambda day: (day.year, day.month)):
        values = [
            Value(series[key], channels[network], Span.DAY, day, Decimal(amount))
            for day in of_month
            for network, shares in SHARES.items()
            for key, amount in _amounts(day, shares, chance, is_this_year=day.year == today.year)
        ]
        _type_in(values, staff)


def _days_typed_in(today: date, chance: random.Random) -> Iterator[date]:
    first = date(today.year - 1, 1, 1)
    # Yesterday is typed in today, and nobody has come to that yet.
    for number in range((today - first).days - 1):
        day = first + timedelta(number)
        if chance.random() >= FORGOTTEN and (day.month, day.day) not in HOLIDAYS:
            yield day


def _amounts(
    day: date, shares: dict[str, float], chance: random.Random, *, is_this_year: bool
) -> Iterator[tuple[str, int]]:
    yield "followers", round(_followers(day, is_this_year=is_this_year) * shares["followers"])
    season = BY_MONTH[day.month - 1] * BY_WEEKDAY[day.weekday()] / SEASON_OF_YEAR
    for key in FLOWS:
        figures = MEASURED[key]
        of_year = figures.target * figures.pace if is_this_year else figures.last_result
        mean = float(of_year) * shares[key] * season
        yield key, round(mean * chance.uniform(0.6, 1.4))


def _followers(day: date, *, is_this_year: bool) -> float:
    """Go evenly from what there was at one new year to what there is at the next."""
    figures = MEASURED["followers"]
    begin, end = figures.start, figures.last_result
    if is_this_year:
        begin, end = end, end + (figures.target - end) * figures.pace
    return float(begin) + float(end - begin) * day.timetuple().tm_yday / 365


def _type_in(values: list[Value], staff: Staff) -> None:
    """Write a month's days as the specialist does, on the morning after the last of them."""
    days = [each.day for each in values]
    at = local_moment(max(days) + timedelta(1), MORNING)
    reading = Reading.objects.create(
        source=Reading.HAND,
        by=staff.specialist,
        first_day=min(days),
        last_day=max(days),
        started_at=at,
    )
    counts = store.write(reading, values, at=at)
    reading.new, reading.state, reading.finished_at = counts.new, Reading.State.DONE, at
    reading.save(update_fields=["new", "state", "finished_at"])
