from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from plans.list_values import (
    ValueRefusedError,
    read_count,
    read_day,
    read_end,
    read_kind,
    read_moment,
    read_money,
)
from plans.models import Activity
from tests.factories import riga

SPRING = {"first": date(2026, 1, 12), "last": date(2026, 6, 30)}
OVER_NEW_YEAR = {"first": date(2026, 9, 1), "last": date(2027, 1, 31)}


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-12",
        "12.03.2026",
        "12.3.2026.",
        "12/03/2026",
        "12. marts 2026",
        "12. martā",
        "12 marts",
        "2026. gada 12. marts",
        "2026. gada 12. martā",
        "2026.g. 12. marts",
        "12 March 2026",
        "12. MARTS",
    ],
)
def test_a_day_is_read_however_it_is_written(text):
    assert read_day(text, **SPRING) == date(2026, 3, 12)


MONTHS = (
    *("janvāris", "februāris", "marts", "aprīlis", "maijs", "jūnijs"),
    *("jūlijs", "augusts", "septembris", "oktobris", "novembris", "decembris"),
)


@pytest.mark.parametrize(("month", "text"), list(enumerate(MONTHS, start=1)))
def test_every_latvian_month_is_known(text, month):
    assert read_day(f"5. {text} 2026", **SPRING) == date(2026, month, 5)


@pytest.mark.parametrize(
    ("text", "day"), [("5. decembris", date(2026, 12, 5)), ("5. janvāris", date(2027, 1, 5))]
)
def test_a_day_without_a_year_lies_in_the_intake(text, day):
    assert read_day(text, **OVER_NEW_YEAR) == day


@pytest.mark.parametrize(
    "text", ["", "drīz", "30.02.2026", "12.13.2026", "12. pavasaris", "99", "12.03"]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueRefusedError):
        read_day(text, **SPRING)


@pytest.mark.parametrize(
    ("text", "moment", "has_clock"),
    [
        ("12.03.2026 18:00", riga(2026, 3, 12, 18), True),
        ("2026-03-12 18:00:00", riga(2026, 3, 12, 18), True),
        ("12. marts, 9:30", riga(2026, 3, 12, 9, 30), True),
        ("2026. gada 12. martā plkst. 18:00", riga(2026, 3, 12, 18), True),
        ("12.03.2026", riga(2026, 3, 12, 10), False),
        ("29.03.2026 03:30", riga(2026, 3, 29, 4, 30), True),
    ],
)
def test_a_moment_is_by_the_clock_in_riga(text, moment, has_clock):
    assert read_moment(text, **SPRING) == (moment, has_clock)


def test_a_clock_that_is_none_is_refused():
    with pytest.raises(ValueRefusedError):
        read_moment("12.03.2026 25:00", **SPRING)


@pytest.mark.parametrize(
    ("text", "ends_at"),
    [
        ("19:30", riga(2026, 3, 12, 19, 30)),
        ("13.03.2026 12:00", riga(2026, 3, 13, 12)),
        ("13.03.2026", riga(2026, 3, 13, 23, 59)),
    ],
)
def test_an_end_may_be_a_clock_a_moment_or_a_day(text, ends_at):
    assert read_end(text, riga(2026, 3, 12, 18), **SPRING) == ends_at


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1250,50", "1250.50"),
        ("1 250,50 €", "1250.50"),
        ("1.250,50", "1250.50"),
        ("1,250.50", "1250.50"),
        ("1.250", "1250"),
        ("12.5", "12.5"),
        ("EUR 80", "80"),
        ("0", "0"),
    ],
)
def test_an_amount_is_read_with_comma_or_point(text, amount):
    assert read_money(text) == Decimal(amount)


@given(st.decimals(0, 99_999_999, places=2))
def test_every_amount_is_read_as_it_is_written_in_latvian(amount):
    whole, cents = f"{amount:.2f}".split(".")
    grouped = f"{int(whole):,}".replace(",", "\N{NO-BREAK SPACE}")

    assert read_money(f"{grouped},{cents}") == amount


@pytest.mark.parametrize("text", ["", "daudz", "-1", "1e3x", "999999999", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueRefusedError):
        read_money(text)


@pytest.mark.parametrize(("text", "count"), [("40", 40), ("1 200", 1200), ("40.0", 40)])
def test_a_whole_number_is_read(text, count):
    assert read_count(text) == count


@pytest.mark.parametrize("text", ["", "4,5", "-1", "daudz", "1234567890"])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(ValueRefusedError):
        read_count(text)


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("kind", Activity.Kind)
def test_every_kind_is_read_by_the_name_we_write(language, kind):
    with translation.override(language):
        assert read_kind(str(kind.label).upper()) == kind
