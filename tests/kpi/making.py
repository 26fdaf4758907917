"""What tests about the pages of figures talk about."""

from datetime import date, timedelta

from goals.models import Series, Year
from tests.factories import make_goal, make_indicator, make_user, make_year, measure, riga

NOW = riga(2026, 3, 11, 10)
TODAY = NOW.date()


def series(key="new_leads"):
    return Series.objects.get(key=key)


def days(first, count, value=2):
    """Give as many days from `first` on, each with the same value."""
    return {first + timedelta(days=number): value for number in range(count)}


def make_aimed(key="new_leads", *, year=2026, target=730, owner=None, **fields):
    """Make an indicator that is read from a series: two leads a day are on pace."""
    of = Year.objects.filter(year=year).first() or make_year(year)
    fields.setdefault("unit", series(key).unit)
    fields.setdefault("start", None)
    return make_indicator(
        make_goal(of, title=f"Mērķis {key}", title_en=f"Goal {key}"),
        series=series(key),
        target=target,
        owner=owner or make_user(),
        **fields,
    )


def measure_leads(first=date(2026, 1, 1), last=date(2026, 3, 10), value=2, **fields):
    return measure(series(), days(first, (last - first).days + 1, value), **fields)
