"""A figure is read however people write it, and never made up."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from files.tables import Uncalculated
from kpi.lists.numbers import FigureRefusedError, read_figure


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("written", "count"),
    [
        (8404, "8404"),
        (8404.0, "8404"),
        ("8404", "8404"),
        ("7 957", "7957"),
        ("7\u00a0957", "7957"),
        ("7\u202f957", "7957"),
        ("7\u2009957", "7957"),
        ("7\u2007957", "7957"),
        ("1'234'567", "1234567"),
        ("1’234", "1234"),
        ("8.404", "8404"),
        ("8,404", "8404"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234,5", "1234.5"),
        ("1,234.50", "1234.5"),
        ("'8404", "8404"),
        ("+12", "12"),
        ("-12", "-12"),
        ("−12", "-12"),
        ("(12)", "-12"),
        ("12*", "12"),
        ("0", "0"),
        ("0,5", "0.5"),
        ("12,5", "12.5"),
        ("12.", "12"),
        ("  12  ", "12"),
        ("€ 1 234,50", "1234.5"),
        ("12,50 EUR", "12.5"),
    ],
)
def test_a_count_is_read_however_it_is_written(written, count):
    assert read_figure(written, is_whole=True) == Decimal(count)


@pytest.mark.parametrize(
    ("written", "average"),
    [("3,4", "3.4"), (3.3, "3.3"), ("3,4 %", "3.4"), ("3.4%", "3.4"), ("3,125", "3.13")],
)
def test_an_average_has_decimals_where_a_count_has_thousands(written, average):
    assert read_figure(written, is_whole=False, is_percent=True) == Decimal(average)


@pytest.mark.parametrize(
    "written",
    ["", None, " ", "-", "–", "—", "n/a", "N/A", "#N/A", "nav", "Nav datu", "n.d.", "?", "..."],
)
def test_no_figure_is_no_figure_and_not_zero(written):
    assert read_figure(written, is_whole=True) is None


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("apm. 500", "“apm. 500” is not a number."),
        ("12 5", "“12 5” is not a number."),
        ("8 404 8 405", "“8 404 8 405” is not a number."),
        ("1.2.3", "“1.2.3” is not a number."),
        ("12-15", "“12-15” is not a number."),
        ("8.4K", "“8.4K” is not a number."),
        ("1e5", "“1e5” is not a number."),
        ("١٢", "“١٢” is not a number."),
        ("99999999999999", "“99999999999999” is not a number."),
        (float("inf"), "“inf” is not a number."),
        (True, "“True” is not a number."),
        ("3,4 %", "“3,4 %” is per cent, and this indicator is not."),
        ("#REF!", "The formula ends in an error, #REF!."),
        ("=1+1", "“=1+1” is not a number."),
    ],
)
def test_what_is_no_figure_is_refused_with_the_reason(written, reason):
    with pytest.raises(FigureRefusedError) as refused:
        read_figure(written, is_whole=True)

    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (datetime(2026, 4, 3), "Excel keeps “03.04.2026” here"),
        (date(2026, 4, 3), "Excel keeps “03.04.2026” here"),
        (time(3, 4), "Excel keeps “03:04:00” here"),
        (Uncalculated("=A1"), "The file holds a formula without its result."),
    ],
)
def test_a_date_or_an_empty_formula_is_no_figure(written, said):
    with pytest.raises(FigureRefusedError, match=said):
        read_figure(written, is_whole=True)


@given(
    st.decimals(0, 10**9, places=2),
    st.sampled_from([" ", "\u00a0", "\u202f", "\u2009", "'", "."]),
)
def test_what_is_written_in_the_latvian_way_is_read_as_what_it_was(amount, divider):
    written = f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", divider)

    assert read_figure(written, is_whole=True) == amount
    assert read_figure(written, is_whole=False) == amount


@given(st.text(max_size=12), st.booleans())
def test_any_text_gives_a_figure_with_two_places_none_or_a_refusal(text, is_whole):
    try:
        figure = read_figure(text, is_whole=is_whole)
    except FigureRefusedError:
        return

    assert figure is None or figure == figure.quantize(Decimal("0.01"))
