"""Lists with several tables or sections: no figure may get into the channel, or year, beside it."""

from datetime import datetime

import pytest
from django.utils import translation

from tests.kpi.listed import book, figures, read, refused

MONTHS = ("janv.", "febr.", "marts")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def firsts(year):
    return [datetime(year, month, 1) for month in (1, 2, 3)]


def of_january(found):
    """Give indicator, channel, month and figure of each row's first figure."""
    firsts = {figure[0]: figure[1:] for figure in reversed(figures(found))}
    return [firsts[row] for row in sorted(firsts)]


# Sections inside a table


def test_a_section_of_an_unknown_channel_is_not_of_the_channel_above():
    found = read(
        book(
            ("Rādītāji 2026",),
            ("Rādītājs", *MONTHS),
            ("Instagram",),
            ("Sekotāji", 1, 2, 3),
            ("TikTok",),
            ("Sekotāji", 4, 5, 6),
            ("Facebook",),
            ("Sekotāji", 7, 8, 9),
        )
    )

    assert of_january(found) == [
        ("followers", "Instagram", "2026-01", 1),
        ("TikTok: Sekotāji", "", "2026-01", 4),
        ("followers", "Facebook", "2026-01", 7),
    ]


def test_an_indicator_that_is_not_filled_in_yet_is_no_section():
    found = read(
        book(
            ("Rādītāji 2026",),
            ("Rādītājs", *MONTHS),
            ("Facebook",),
            ("Komentāri",),
            ("Reakcijas", 1, 2, 3),
            ("Sekotāji",),
        )
    )

    assert of_january(found) == [("reactions", "Facebook", "2026-01", 1)]
    assert found.notices == []


def test_a_section_of_an_indicator_ends_with_the_next_indicator():
    found = read(
        book(
            ("Rādītāji 2026",),
            ("Rādītājs", *MONTHS),
            ("Sekotāju skaits",),
            ("Facebook", 1, 2, 3),
            ("TikTok", 4, 5, 6),
            ("Reakcijas", 7, 8, 9),
        )
    )

    assert of_january(found) == [
        ("followers", "Facebook", "2026-01", 1),
        ("Sekotāju skaits: TikTok", "", "2026-01", 4),
        ("reactions", "", "2026-01", 7),
    ]


def test_a_remark_inside_a_table_is_no_section():
    found = read(
        book(
            ("2026",),
            ("Rādītājs", *MONTHS),
            ("Reakcijas", 1, 2, 3),
            ("* marts vēl nav pilns",),
            ("Avots: Meta Business Suite",),
            ("Komentāri", 4, 5, 6),
        )
    )

    assert of_january(found) == [
        ("reactions", "", "2026-01", 1),
        ("comments", "", "2026-01", 4),
    ]
    assert len(found.notices) == 2


def test_sections_by_year_inside_a_table():
    found = read(
        book(
            ("Facebook 2025–2026",),
            ("Rādītājs", *MONTHS),
            ("2025. gads",),
            ("Reakcijas", 1, 2, 3),
            ("2026. gads",),
            ("Reakcijas", 4, 5, 6),
        )
    )

    assert of_january(found) == [
        ("reactions", "Facebook", "2025-01", 1),
        ("reactions", "Facebook", "2026-01", 4),
    ]


# Tables under each other


def test_a_title_between_two_tables_is_of_the_second():
    found = read(
        book(
            ("Facebook 2026. gads",),
            ("Rādītājs", *MONTHS),
            ("Sekotāji", 1, 2, 3),
            (),
            ("Instagram 2025. gads",),
            ("Rādītājs", *MONTHS),
            ("Sekotāji", 4, 5, 6),
        )
    )

    assert of_january(found) == [
        ("followers", "Facebook", "2026-01", 1),
        ("followers", "Instagram", "2025-01", 4),
    ]


def test_a_title_between_two_tables_names_the_indicator_of_the_second():
    found = read(
        book(
            ("Sekotāju skaits",),
            ("Kanāls 2026", *MONTHS),
            ("Facebook", 1, 2, 3),
            ("Komentāri",),
            ("Kanāls 2026", *MONTHS),
            ("Facebook", 4, 5, 6),
        )
    )

    assert of_january(found) == [
        ("followers", "Facebook", "2026-01", 1),
        ("comments", "Facebook", "2026-01", 4),
    ]


@pytest.mark.parametrize("titles", [("Rādītājs", *MONTHS), ("Datums", "Sekotāji")])
def test_the_table_of_an_unknown_channel_is_not_of_the_channel_above(titles):
    row = ("Sekotāji", 1, 2, 3) if len(titles) == 4 else (datetime(2026, 1, 1), 1)

    found = read(book(("Facebook",), titles, row, ("TikTok",), titles, row), year=2026)

    assert [figure[2] for figure in of_january_all(found)] == ["Facebook", "TikTok"]


def of_january_all(found):
    return [figure for figure in figures(found) if figure[4] == 1]


@pytest.mark.parametrize(
    "titles",
    [
        [("Rādītājs", *firsts(2025)), ("Rādītājs", *firsts(2026))],
        [("Facebook", *firsts(2025)), ("Facebook", *firsts(2026))],
        [("", *firsts(2025)), ("", *firsts(2026))],
        [("Rādītājs", "2025-01", "2025-02"), ("Rādītājs", "2026-01", "2026-02")],
        [("Rādītājs 2025", 1, 2, 3), ("Rādītājs 2026", 1, 2, 3)],
        [("", "janv.25", "febr.25"), ("", "janv.26", "febr.26")],
    ],
)
def test_titles_of_a_second_table_are_not_taken_for_figures(titles):
    of_2025, of_2026 = titles

    found = read(book(of_2025, ("Reakcijas", 1, 2, 3), of_2026, ("Reakcijas", 4, 5, 6)))

    assert of_january(found) == [
        ("reactions", "", "2025-01", 1),
        ("reactions", "", "2026-01", 4),
    ]
    assert refused(found) == []


def test_titles_of_months_under_a_daily_list_are_not_taken_for_figures():
    found = read(
        book(
            ("Datums", "Reakcijas 2025"),
            (datetime(2025, 12, 31), 1),
            ("Rādītājs", *firsts(2026)),
            ("Reakcijas", 4, 5, 6),
        )
    )

    assert of_january(found) == [
        ("reactions", "", "2025-12-31", 1),
        ("reactions", "", "2026-01", 4),
    ]
    assert refused(found) == []


def test_numbers_that_excel_took_for_dates_are_no_titles():
    found = read(book(("Rādītājs 2026", *MONTHS), ("Iesaiste, %", *firsts(2026))))

    assert [figure[:4] for figure in figures(found)] == [
        (2, "engagement", "", f"2026-0{month}") for month in (1, 2, 3)
    ]


# The order and the years of months


def months_of(*titles, **hints):
    found = read(book(("Rādītājs", *titles), ("Reakcijas", *range(len(titles)))), **hints)
    return [figure[3] for figure in figures(found)]


def test_months_with_the_newest_first_stay_in_their_year():
    assert months_of("marts 2025", "febr. 2025", "janv. 2025") == ["2025-03", "2025-02", "2025-01"]
    assert months_of("dec.", "nov.", "okt.", year=2025) == ["2025-12", "2025-11", "2025-10"]
    assert months_of("febr.", "janv.", year=2025) == ["2025-02", "2025-01"]
    assert months_of("dec. 2025", "janv. 2025") == ["2025-12", "2025-01"]


def test_months_without_a_year_go_on_into_the_next():
    assert months_of("sept.", "dec.", "janv.", "marts", year=2025) == [
        "2025-09",
        "2025-12",
        "2026-01",
        "2026-03",
    ]


@pytest.mark.parametrize("written", ["janv.26|febr.26", "janv. 26|febr. 26", "Jan 26|Feb 26"])
def test_months_with_two_digits_of_their_year_are_no_days(written):
    assert months_of(*written.split("|")) == ["2026-01", "2026-02"]


def test_months_with_two_digits_go_over_the_end_of_a_year():
    assert months_of("nov. 25", "dec. 25", "janv. 26") == ["2025-11", "2025-12", "2026-01"]


def test_days_side_by_side_are_no_months():
    days = months_of("30. janv.", "31. janv.", "1. febr.", year=2026)

    assert days == ["2026-01-30", "2026-01-31", "2026-02-01"]
    assert months_of("Jan 30", "Jan 31", year=2026) == ["2026-01-30", "2026-01-31"]
