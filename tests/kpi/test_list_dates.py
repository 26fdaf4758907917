"""Days and months are read as they are written here, and refused where they may be two."""

from datetime import date, datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kpi.lists.around import Around
from kpi.lists.dates import MissingYearError, Order, PeriodRefusedError, Stroked, When, read_period
from kpi.periods import Span

YEAR_2026 = Around(year=2026)
EPIPHANY = When(Span.DAY, date(2026, 1, 6))
JANUARY = When(Span.MONTH, date(2026, 1, 1))


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    "written",
    [
        datetime(2026, 1, 6),
        datetime(2026, 1, 6, 23, 59),
        date(2026, 1, 6),
        46028,
        46028.0,
        20260106,
        "46028",
        "20260106",
        "06.01.2026.",
        "06.01.2026",
        "6.1.2026",
        "6. 1. 2026.",
        "06.01.26",
        "06-01-2026",
        "06.01.2026. g.",
        "06.01.2026 00:00",
        "2026-01-06",
        "2026-01-06 00:00:00",
        "2026-01-06T10:00",
        "2026-01-05T22:00:00Z",
        "2026-01-06T00:30:00+02:00",
        "2026/01/06",
        "2026.01.06.",
        "6. janvāris",
        "6. janv.",
        "6.janvārī",
        "6. janvāris 2026",
        "6 Jan 2026",
        "2026. gada 6. janvāris",
        "2026. gada 6. janvārī",
        "January 6, 2026",
        "Jan 6th 2026",
        "otrdiena, 06.01.2026.",
        "Tue, 6 Jan 2026",
        "06.01.2026 (Ot)",
        "06.01.",
        " 06.01.2026. ",
    ],
)
def test_a_day_is_read_however_it_is_written(written):
    assert read_period(written, YEAR_2026) == EPIPHANY


@pytest.mark.parametrize(
    "written",
    [
        "janv.",
        "Janvāris",
        "JANVĀRĪ",
        "janvāra mēnesis",
        "January",
        "Jan-26",
        "janv.26",
        "Jan 2026",
        "2026. gada janvāris",
        "janvāris, 2026. g.",
        "2026-01",
        "2026.01.",
        "01.2026",
        "01/2026",
        "2026M01",
        "202601",
    ],
)
def test_a_month_is_read_however_it_is_written(written):
    assert read_period(written, YEAR_2026, as_month=True) == JANUARY


@pytest.mark.parametrize(
    "written", [1, "1", date(2026, 1, 1), "01.01.2026.", datetime(2026, 1, 31)]
)
def test_in_a_column_of_months_a_number_or_a_day_is_its_month(written):
    found = read_period(written, YEAR_2026, as_month=True)

    assert found == JANUARY


def test_in_a_sheet_of_one_month_a_number_is_its_day():
    assert read_period(6, Around(2026, 1)) == EPIPHANY


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "Kopā",
        "Facebook",
        5,
        8404,
        "8404",
        "mārketings",
        "marta ozola",
        True,
        3.5,
        "1. cet.",
    ],
)
def test_what_names_no_day_is_none(written):
    assert read_period(written, YEAR_2026) is None


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("31.02.2026.", "“31.02.2026.” is no day there is."),
        ("2026-13-01", "“2026-13-01” is no day there is."),
        ("31. jūnijs 2026", "“31. jūnijs 2026” is no day there is."),
        ("13/14/2026", "“13/14/2026” is no day there is."),
        ("06.01.0026", "“06.01.0026” is no day there is."),
        ("01-13-2026", "“01-13-2026” is no day there is."),
    ],
)
def test_a_day_there_is_not_is_refused(written, reason):
    with pytest.raises(PeriodRefusedError) as refused:
        read_period(written, YEAR_2026)

    assert str(refused.value) == reason


@pytest.mark.parametrize("written", ["janv.", "6. janvāris", "06.01."])
def test_a_month_whose_year_stands_nowhere_asks_for_it(written):
    with pytest.raises(MissingYearError, match="stands nowhere"):
        read_period(written, Around())


def test_a_date_with_strokes_waits_for_what_the_others_tell():
    assert read_period("01/13/2026", YEAR_2026).orders == {Order.MONTH_FIRST}
    assert read_period("13/01/2026", YEAR_2026).orders == {Order.DAY_FIRST}
    assert read_period("01/06/2026", YEAR_2026) == Stroked(1, 6, 2026)
    assert Stroked(1, 6, 2026).read(Order.MONTH_FIRST) == EPIPHANY
    assert read_period("05/05/2026", YEAR_2026) == When(Span.DAY, date(2026, 5, 5))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_in_the_styles_of_the_college_is_read_back(day):
    for written in (
        f"{day:%d.%m.%Y}.",
        f"{day:%d.%m.%Y}",
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
    ):
        assert read_period(written, Around()) == When(Span.DAY, day)
