"""What the demo's people counted: two years that come to what the goals say, with some gaps."""

from datetime import date

import pytest

from goals.models import Series
from kpi import figures
from kpi.adding_up import ALL
from kpi.models import Measurement, Reading
from kpi.periods import Span
from smmprocess.demo import staff
from smmprocess.demo.goal_words import MEASURED
from smmprocess.demo.kpi import measure_networks
from tests.factories import riga

pytestmark = pytest.mark.django_db

NOW = riga(2026, 11, 26, 9)
TODAY = date(2026, 11, 26)


@pytest.fixture
def measured():
    measure_networks(staff.make_staff(), NOW)


def of_year(key, year, channel=ALL):
    series = Series.objects.get(key=key)
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = figures.read([series], Span.YEAR, first, last, channel=channel, today=TODAY)
    return found[series.pk][0]


@pytest.mark.parametrize("key", ["followers", "video_views", "reactions", "comments"])
def test_last_year_comes_to_the_result_of_its_goals(measured, key):
    assert float(of_year(key, 2025).value) == pytest.approx(
        float(MEASURED[key].last_result), rel=0.08
    )


def test_there_are_gaps_and_they_are_no_noughts(measured):
    series = Series.objects.get(key="reactions")
    last_year = figures.read([series], Span.DAY, date(2025, 1, 1), date(2025, 12, 31), today=TODAY)[
        series.pk
    ]

    missing = [each.period.first for each in last_year if each.value is None]
    assert date(2025, 12, 25) in missing
    assert 5 < len(missing) < 40
    assert not Measurement.objects.filter(value=0, series=series).exists()


def test_nothing_is_of_the_days_to_come_and_each_month_was_typed_in_by_somebody(measured):
    assert Measurement.objects.latest("day").day <= date(2026, 11, 24)
    readings = Reading.objects.filter(source=Reading.HAND, state=Reading.State.DONE)
    assert readings.count() == 23
    assert all(each.by and each.started_at <= NOW for each in readings)
