"""Lists with several tables or sections: no figure may get into the channel, or year, beside it."""

from datetime import datetime

import pytest
from django.utils import translation

from tests.kpi.listed import book, figures, merged_book, read, refused

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


def test_the_sheet_of_an_unknown_channel_is_not_of_all_channels():
    days = [("Datums", "Sekotāji", "Reakcijas (FB)"), (datetime(2026, 1, 5), 1, 2)]

    found = read(book(TikTok=days, Facebook=days))

    assert [figure[1:3] for figure in figures(found)] == [
        ("followers", "TikTok"),
        ("reactions", "Facebook"),
        ("followers", "Facebook"),
        ("reactions", "Facebook"),
    ]


def test_the_first_table_of_an_unknown_channel_is_not_of_all_channels():
    titles, row = ("Rādītājs 2026", *MONTHS), ("Sekotāji", 1, 2, 3)

    found = read(book(("TikTok",), titles, row, (), ("Facebook",), titles, row))

    assert [figure[2] for figure in of_january_all(found)] == ["TikTok", "Facebook"]


def test_sheets_of_months_beside_a_sheet_of_a_channel_are_of_no_channel():
    days = [("Diena", "Sekotāji"), (1, 5)]

    found = read(book(Janvāris_2026=days, Februāris_2026_Facebook=days))

    assert [figure[2] for figure in figures(found)] == ["", "Facebook"]


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


def test_a_heading_over_rows_does_not_take_the_year_from_months_that_have_theirs():
    rows = (("Rādītājs", "dec. 25", "janv. 26"), ("2024. gads",), ("Reakcijas", 1, 2))

    assert [figure[3] for figure in figures(read(book(*rows)))] == ["2025-12", "2026-01"]


def test_days_side_by_side_are_no_months():
    days = months_of("30. janv.", "31. janv.", "1. febr.", year=2026)

    assert days == ["2026-01-30", "2026-01-31", "2026-02-01"]
    assert months_of("Jan 30", "Jan 31", year=2026) == ["2026-01-30", "2026-01-31"]


def firsts_down(*days):
    found = read(book(("Datums", "Jaunie līdi"), *((day, 5) for day in days)))
    return [figure[3] for figure in figures(found)], found.notices


def test_months_down_that_are_written_as_dates_are_no_days():
    said = [
        "All dates of the table are the first or the last days of months:"
        " its figures are taken for the months."
    ]

    assert firsts_down(*firsts(2026)) == (["2026-01", "2026-02", "2026-03"], said)
    assert firsts_down("31.01.2026", "28.02.2026") == (["2026-01", "2026-02"], said)


def test_the_first_of_a_month_among_other_days_is_a_day():
    assert firsts_down(datetime(2026, 1, 1), datetime(2026, 2, 2)) == (
        ["2026-01-01", "2026-02-02"],
        [],
    )
    assert firsts_down(datetime(2026, 1, 1)) == (["2026-01-01"], [])


# Merged cells


def test_a_channel_merged_over_its_indicators():
    found = read(
        merged_book(
            [
                ("2026",),
                ("Kanāls", "Rādītājs", *MONTHS),
                ("Facebook", "Sekotāji", 1, 2, 3),
                (None, "Reakcijas", 4, 5, 6),
                ("Instagram", "Sekotāji", 7, 8, 9),
                (None, "Reakcijas", 10, 11, 12),
                (None, "Jaunie līdi", 13, 14, 15),
            ],
            "A3:A4",
            "A5:A6",
        )
    )

    assert of_january(found) == [
        ("followers", "Facebook", "2026-01", 1),
        ("reactions", "Facebook", "2026-01", 4),
        ("followers", "Instagram", "2026-01", 7),
        ("reactions", "Instagram", "2026-01", 10),
        ("new_leads", "", "2026-01", 13),
    ]


def test_a_channel_merged_over_its_days():
    days = [datetime(2026, 1, day) for day in (1, 2, 3)]
    rows = [("Kanāls", "Datums", "Sekotāji"), *((None, day, 1) for day in days)]
    rows[1] = ("Facebook", *rows[1][1:])

    found = read(merged_book(rows, "A2:A3"))

    assert [figure[2] for figure in figures(found)] == ["Facebook", "Facebook", ""]


def test_a_day_merged_over_its_figures():
    rows = [
        ("Datums", "Rādītājs", "Vērtība"),
        (datetime(2026, 1, 5), "Sekotāji", 1),
        (None, "Reakcijas", 2),
    ]

    found = read(merged_book(rows, "A2:A3"))

    assert [figure[1:4] for figure in figures(found)] == [
        ("followers", "", "2026-01-05"),
        ("reactions", "", "2026-01-05"),
    ]
    assert refused(found) == []


def test_a_year_merged_over_its_months():
    rows = [
        ("Rādītāji 2026",),
        ("Gads", "Mēnesis", "Jaunie līdi"),
        (2024, "nov.", 1),
        (None, "dec.", 2),
        (2025, "janv.", 3),
        (None, "febr.", 4),
    ]

    found = read(merged_book(rows, "A3:A4", "A5:A6"))

    assert [figure[3] for figure in figures(found)] == ["2024-11", "2024-12", "2025-01", "2025-02"]


def test_a_figure_merged_over_two_channels_stands_once():
    rows = [
        ("Datums", "Kanāls", "Jaunie līdi"),
        (datetime(2026, 1, 5), "Facebook", 9),
        (datetime(2026, 1, 5), "Instagram", None),
    ]

    found = read(merged_book(rows, "C2:C3"))

    assert [figure[2] for figure in figures(found)] == ["Facebook"]


def test_a_title_merged_over_some_columns_is_not_of_the_column_beside_them():
    found = read(
        merged_book(
            [
                (None, "Facebook", None, None),
                ("Datums", "Sekotāji", "Reakcijas", "Jaunie līdi"),
                (datetime(2026, 1, 5), 1, 2, 3),
            ],
            "B1:C1",
        )
    )

    assert [figure[1:3] for figure in figures(found)] == [
        ("followers", "Facebook"),
        ("reactions", "Facebook"),
        ("new_leads", ""),
    ]


def test_a_title_merged_over_a_whole_table_is_of_all_its_columns():
    rows = [("Facebook",), ("Datums", "Sekotāji", "Reakcijas"), (datetime(2026, 1, 5), 1, 2)]

    found = read(merged_book(rows, "A1:C1"))

    assert [figure[2] for figure in figures(found)] == ["Facebook", "Facebook"]


def test_titles_merged_down_beside_titles_merged_across():
    found = read(
        merged_book(
            [
                ("Datums", "Facebook", None, "Jaunie līdi"),
                (None, "Sekotāji", "Reakcijas", "2026"),
                (datetime(2026, 1, 5), 1, 2, 3),
            ],
            "A1:A2",
            "B1:C1",
        )
    )

    assert [figure[1:3] for figure in figures(found)] == [
        ("followers", "Facebook"),
        ("reactions", "Facebook"),
        ("new_leads", ""),
    ]


def test_tables_beside_each_other_with_merged_channels():
    titles = ("Kanāls", "Datums", "Sekotāji")
    first, second = datetime(2026, 1, 5), datetime(2026, 1, 6)
    rows = [
        (*titles, None, *titles),
        ("Facebook", first, 1, None, "Instagram", first, 2),
        (None, second, 3, None, None, second, 4),
    ]

    found = read(merged_book(rows, "A2:A3", "E2:E3"))

    assert {figure[2:] for figure in figures(found)} == {
        ("Facebook", "2026-01-05", 1),
        ("Facebook", "2026-01-06", 3),
        ("Instagram", "2026-01-05", 2),
        ("Instagram", "2026-01-06", 4),
    }


# What was planned


def test_a_sheet_of_what_was_planned_is_kept_apart():
    rows = [("Rādītājs", *MONTHS), ("Reakcijas", 1, 2, 3)]

    found = read(book(Plāns_2026=rows, Fakts_2026=rows))

    assert found.headings == ["Plāns 2026: Reakcijas", "Reakcijas"]
    assert found.notices == ["“Plāns 2026” is of what was planned: it is left out at first."]


def test_a_table_and_a_section_of_what_was_planned_are_kept_apart():
    found = read(
        book(
            ("Mērķi 2026",),
            ("Rādītājs", *MONTHS),
            ("Reakcijas", 1, 2, 3),
            ("Rezultāti 2026",),
            ("Rādītājs", *MONTHS),
            ("Plāns",),
            ("Reakcijas (FB)", 4, 5, 6),
            ("Fakts",),
            ("Reakcijas (FB)", 7, 8, 9),
        )
    )

    assert found.headings == ["Mērķi 2026: Reakcijas", "Plāns: Reakcijas (FB)", "Reakcijas (FB)"]


# Titles that do not say what they are of


def test_a_title_that_says_nothing_is_completed_by_the_one_over_its_table():
    found = read(
        book(
            ("Facebook follows",),
            ("Date", "Primary"),
            ("2026-01-05T00:00:00", 1),
            (),
            ("Facebook reach",),
            ("Date", "Primary"),
            ("2026-01-05T00:00:00", 2),
        )
    )

    assert found.headings == ["Facebook follows: Primary", "Facebook reach: Primary"]


def test_an_indicator_over_a_daily_list_of_channels():
    found = read(
        book(
            ("Sekotāju skaits",),
            ("Datums", "FB", "IG"),
            (datetime(2026, 1, 5), 1, 2),
            ("Komentāri",),
            ("Datums", "FB", "IG"),
            (datetime(2026, 1, 5), 3, 4),
        )
    )

    assert [figure[1:3] for figure in figures(found)] == [
        ("followers", "Facebook"),
        ("followers", "Instagram"),
        ("comments", "Facebook"),
        ("comments", "Instagram"),
    ]
