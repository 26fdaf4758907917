"""Lists of figures as people keep them, each with its own way of being difficult."""

from datetime import date, datetime

import pytest
from django.utils import translation

from files.tables import ListError, Uncalculated
from kpi.lists.dates import Order
from tests.kpi.listed import book, csv_file, figures, read, refused

JAN1, JAN2 = datetime(2026, 1, 1), datetime(2026, 1, 2)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


# A row for each day


def test_a_row_for_each_day_and_channel():
    found = read(
        book(
            ("Datums", "Kanāls", "Sekotāju skaits", "Reakcijas"),
            (JAN1, "Facebook", 8404, 47),
            ("02.01.2026.", "Instagram", "3 112", "n/a"),
        )
    )

    assert figures(found) == [
        (2, "followers", "Facebook", "2026-01-01", 8404),
        (2, "reactions", "Facebook", "2026-01-01", 47),
        (3, "followers", "Instagram", "2026-01-02", "3 112"),
        (3, "reactions", "Instagram", "2026-01-02", "n/a"),
    ]
    assert found.sheets == ["Dati"]


def test_a_column_for_each_indicator_and_channel_under_merged_titles():
    found = read(
        book(
            ("Dienas dati", None, None, None, None),
            (None, "Facebook", None, "Instagram", None),
            ("Datums", "Sekotāji", "Reakcijas", "Sekotāji", "Reakcijas"),
            (JAN1, 8404, 47, 3112, 77),
        )
    )

    assert figures(found) == [
        (4, "followers", "Facebook", "2026-01-01", 8404),
        (4, "reactions", "Facebook", "2026-01-01", 47),
        (4, "followers", "Instagram", "2026-01-01", 3112),
        (4, "reactions", "Instagram", "2026-01-01", 77),
    ]


def test_titles_in_two_rows_of_which_the_upper_one_has_the_date():
    found = read(
        book(
            ("Datums", "Sekotāju skaits", None, "Komentāri", None),
            (None, "FB", "IG", "FB", "IG"),
            (JAN1, 8404, 3112, 19, 0),
        )
    )

    assert figures(found) == [
        (3, "followers", "Facebook", "2026-01-01", 8404),
        (3, "followers", "Instagram", "2026-01-01", 3112),
        (3, "comments", "Facebook", "2026-01-01", 19),
        (3, "comments", "Instagram", "2026-01-01", 0),
    ]


def test_a_day_that_is_merged_over_its_channels_is_carried_down():
    found = read(
        book(
            ("Datums", "Kanāls", "Sekotāji"),
            (JAN1, "Facebook", 8404),
            (None, "Instagram", 3112),
            (JAN2, "Facebook", 8416),
            (None, "Facebook", 8417),
            (None, None, 9),
        )
    )

    assert [figure[:4] for figure in figures(found)] == [
        (2, "followers", "Facebook", "2026-01-01"),
        (3, "followers", "Instagram", "2026-01-01"),
        (4, "followers", "Facebook", "2026-01-02"),
    ]
    assert refused(found) == [(5, "The row has no date."), (6, "The row has no date.")]


def test_a_row_for_each_figure():
    found = read(
        book(
            ("Date", "Channel", "Metric", "Value", "Notes"),
            ("2026-01-01", "facebook", "Followers", "8404", "checked"),
            (JAN1, "IG", "Video views", 67, None),
            ("January 2, 2026", "", "New leads", 4, None),
        )
    )

    assert figures(found) == [
        (2, "followers", "facebook", "2026-01-01", "8404"),
        (3, "video_views", "IG", "2026-01-01", 67),
        (4, "new_leads", "", "2026-01-02", 4),
    ]
    assert found.notices == ["The column “Notes” is left out."]


def test_a_sheet_for_each_channel():
    days = [("Datums", "Sekotāji"), (JAN1, 5)]
    found = read(book(Facebook=days, Instagram=days, Plāns=[("Ko darīt",), ("Zvanīt",)]))

    assert figures(found) == [
        (2, "followers", "Facebook", "2026-01-01", 5),
        (2, "followers", "Instagram", "2026-01-01", 5),
    ]
    assert found.notices == ["No table of figures was found in: “Plāns”."]


def test_a_sheet_for_each_month_in_which_days_are_only_numbered():
    found = read(
        book(
            Janvāris_2026=[("Diena", "Sekotāji FB"), (1, 8404), (31, 8567)],
            Februāris_2026=[("Diena", "Sekotāji FB"), (28, 8718), (30, 1)],
        )
    )

    assert [figure[3] for figure in figures(found)] == ["2026-01-01", "2026-01-31", "2026-02-28"]
    assert refused(found) == [(3, "“30” is no day there is.")]


def test_year_month_and_day_in_columns_of_their_own():
    found = read(
        book(
            ("Gads", "Mēnesis", "Diena", "Reakcijas"),
            (2026, "janvāris", 6, 12),
            (2025, 12, "31.", 3),
        )
    )

    assert [figure[3] for figure in figures(found)] == ["2026-01-06", "2025-12-31"]


def test_sums_under_a_list_and_remarks_are_left_out_and_said():
    found = read(
        book(
            ("Datums", "Reakcijas", "Kopā", "Piezīmes"),
            (JAN1, 47, 47, "svētki"),
            ("Kopā", 47, 47, None),
            ("Vidēji mēnesī", 47, 47, None),
            ("Avots: Meta Business Suite", None, None, None),
        )
    )

    assert [figure[0] for figure in figures(found)] == [2]
    assert found.notices == [
        "The column “Kopā” is left out.",
        "The column “Piezīmes” is left out.",
        "Row 3, “Kopā”, adds up others and is left out.",
        "Row 4, “Vidēji mēnesī”, adds up others and is left out.",
        "Row 5 is left out: “Avots: Meta Business Suite”.",
    ]


def test_a_list_that_begins_again_further_down_has_two_tables():
    found = read(
        book(
            ("Facebook rādītāji",),
            ("Datums", "Sekotāji"),
            (JAN1, 8404),
            (),
            ("Instagram rādītāji",),
            ("Datums", "Reakcijas", "Sekotāji"),
            (JAN1, 77, 3112),
        )
    )

    assert figures(found) == [
        (3, "followers", "Facebook", "2026-01-01", 8404),
        (7, "reactions", "Instagram", "2026-01-01", 77),
        (7, "followers", "Instagram", "2026-01-01", 3112),
    ]


def test_dates_without_a_title_over_them():
    found = read(book((None, "Sekotāji FB", "Reakcijas FB"), (JAN1, 8404, 47)))

    assert [figure[1:4] for figure in figures(found)] == [
        ("followers", "Facebook", "2026-01-01"),
        ("reactions", "Facebook", "2026-01-01"),
    ]


def test_tables_beside_each_other_are_read_one_after_another():
    found = read(
        book(
            ("Facebook", None, None, "Instagram", None),
            ("Datums", "Sekotāji", "Reakcijas", "Datums", "Sekotāji"),
            (JAN1, 8404, 47, JAN2, 3112),
        )
    )

    assert figures(found) == [
        (3, "followers", "Facebook", "2026-01-01", 8404),
        (3, "reactions", "Facebook", "2026-01-01", 47),
        (3, "followers", "Instagram", "2026-01-02", 3112),
    ]
    assert found.sheets == ["Dati"]


def test_figures_without_a_title_over_them_are_said_to_be_left_out():
    found = read(book(("Datums", "Reakcijas"), (JAN1, 47, None, 99)))

    assert [figure[4] for figure in figures(found)] == [47]
    assert found.notices == ["Column D holds figures without a title: left out."]


def test_remarks_are_not_taken_for_comments():
    found = read(book(("Datums", "Reakcijas", "Komentārs"), (JAN1, 47, "Svētki")))

    assert [figure[1] for figure in figures(found)] == ["reactions"]
    assert found.notices == ["The column “Komentārs” is left out."]


def test_weeks_are_refused_row_by_row_for_only_days_and_months_are_kept():
    found = read(book(("Nedēļa", "Reakcijas"), ("2026-W05", 1)))

    assert refused(found)[0][1].startswith("“2026-W05” is not a date.")


# Dates


def test_strokes_are_read_as_the_one_date_that_can_only_be_read_one_way():
    found = read(
        book(("Date", "Reactions"), ("01/02/2026", 1), ("01/13/2026", 2), ("02/01/2026", 3))
    )

    assert [figure[3] for figure in figures(found)] == ["2026-01-02", "2026-01-13", "2026-02-01"]
    assert (found.order, found.needs_order) == (Order.MONTH_FIRST, False)
    assert found.notices == ["Dates like 01/02/2026 are read with the month first."]


def test_strokes_that_may_be_two_days_are_refused_until_somebody_says_which():
    rows = [("Date", "Reactions"), ("01/02/2026", 1), ("05/05/2026", 2)]

    asked, told = read(book(*rows)), read(book(*rows), order=Order.DAY_FIRST)

    assert [figure[3] for figure in figures(asked)] == ["2026-05-05"]
    assert refused(asked)[0][1].startswith("“01/02/2026” may be two days")
    assert asked.needs_order
    assert [figure[3] for figure in figures(told)] == ["2026-02-01", "2026-05-05"]


def test_strokes_that_contradict_each_other_are_not_guessed():
    found = read(book(("Date", "Reactions"), ("13/01/2026", 1), ("01/13/2026", 2)))

    assert figures(found) == []
    assert found.needs_order


def test_a_date_there_is_not_is_refused_with_its_row():
    found = read(book(("Datums", "Reakcijas"), ("31.02.2026.", 1), ("vakar", 2), (JAN1, 3)))

    assert refused(found) == [
        (2, "“31.02.2026.” is no day there is."),
        (3, "“vakar” is not a date. Write it like 12.03.2026 or 2026-03-12."),
    ]


# Months


MONTHS = ("janv.", "febr.", "marts")


def test_months_side_by_side_under_a_title_that_tells_the_year():
    found = read(
        book(
            ("Sociālo tīklu rādītāji 2026. gadā", None, None, None, None),
            (),
            ("Rādītājs", *MONTHS, "Kopā", "I cet."),
            ("Sekotāju skaits (FB)", "7 957", 7888, None, None, None),
            ("Iesaiste, %", "3,4", "-", "n/a", None, None),
            ("Kopā", 1, 2, 3, 6, 6),
        )
    )

    assert figures(found) == [
        (4, "followers", "Facebook", "2026-01", "7 957"),
        (4, "followers", "Facebook", "2026-02", 7888),
        (5, "engagement", "", "2026-01", "3,4"),
        (5, "engagement", "", "2026-02", "-"),
        (5, "engagement", "", "2026-03", "n/a"),
    ]
    assert found.notices == [
        "The column “Kopā” is left out.",
        "The column “I cet.” is left out.",
        "Row 6, “Kopā”, adds up others and is left out.",
    ]


@pytest.mark.parametrize(
    "titles",
    [
        ("janvāris", "februāris", "marts"),
        ("Janvārī", "Februārī", "Martā"),
        ("January", "Feb", "March"),
        ("1", "2", "3"),
        (1, 2, 3),
        ("01.2026", "02.2026", "03.2026"),
        ("2026-01", "2026-02", "2026-03"),
        ("I", "II", "III"),
        (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)),
        ("Jan-26", "Feb-26", "Mar-26"),
        ("2026. gada janvāris", "2026. gada februāris", "2026. gada marts"),
    ],
)
def test_months_are_known_however_they_are_written(titles):
    found = read(book(("Rādītājs", *titles), ("Reakcijas", 1, 2, 3)), filename="kpi-2026.xlsx")

    assert [figure[3:] for figure in figures(found)] == [
        ("2026-01", 1),
        ("2026-02", 2),
        ("2026-03", 3),
    ]


def test_the_year_comes_from_the_sheet_when_no_title_tells_it():
    rows = [("Rādītājs", *MONTHS), ("Reakcijas", 1, None, None)]

    found = read(book(**{"2025": rows, "2026": rows}))

    assert [figure[3] for figure in figures(found)] == ["2025-01", "2026-01"]


def test_a_year_from_titles_and_names_is_told_and_can_be_answered_otherwise():
    rows = [("Rādītāji 2026",), ("Rādītājs", *MONTHS), ("Reakcijas", 1, None, None)]

    taken = read(book(*rows), filename="2025.xlsx")
    answered = read(book(*rows), filename="2025.xlsx", year=2024)

    assert (taken.years, [figure[3] for figure in figures(taken)]) == ({2026}, ["2026-01"])
    assert [figure[3] for figure in figures(answered)] == ["2024-01"]


def test_a_year_from_the_title_of_months_down_can_be_answered_otherwise():
    rows = [("2026",), ("Mēnesis", "Reakcijas"), ("janv.", 1), ("febr. 2025", 2)]

    taken, answered = read(book(*rows)), read(book(*rows), year=2024)

    assert taken.years == {2026}
    assert [figure[3] for figure in figures(answered)] == ["2024-01", "2025-02"]


@pytest.mark.parametrize(
    "rows",
    [
        [("Datums", "Reakcijas 2026"), (JAN1, 1), ("02.01.2026.", 2)],
        [("Rādītājs 2026", "janv. 2026", "febr. 2026"), ("Reakcijas", 1, 2)],
        [("Rādītājs", "janv. 26", "febr. 26"), ("Reakcijas", 1, 2)],
        [("Gads", "Mēnesis", "Reakcijas"), (2026, "janv.", 1)],
    ],
)
def test_a_year_in_the_cells_themselves_is_not_asked_about(rows):
    assert read(book(*rows), filename="2025.xlsx").years == set()


def test_the_day_a_file_was_made_is_not_the_year_of_its_months():
    rows = [("Sagatavots: 12.01.2027.",), ("Rādītājs", "1", "2", "3"), ("Reakcijas", 1, 2, 3)]

    found = read(book(*rows), filename="kpi-2026-07-15.xlsx")

    assert (found.needs_year, figures(found)) == (True, [])


def test_the_year_is_asked_for_when_nothing_tells_it():
    rows = [("Rādītājs", *MONTHS), ("Reakcijas", 1, None, None)]

    asked, told = read(book(*rows)), read(book(*rows), year=2024)

    assert (asked.needs_year, figures(asked)) == (True, [])
    assert [figure[3] for figure in figures(told)] == ["2024-01"]


def test_years_that_are_merged_over_their_months():
    found = read(
        book(
            (None, 2025, None, "2026. gads", None),
            ("Rādītājs", "nov.", "dec.", "nov.", "dec."),
            ("Reakcijas", 1, 2, 3, 4),
        )
    )

    assert [figure[3] for figure in figures(found)] == ["2025-11", "2025-12", "2026-11", "2026-12"]


def test_a_year_of_studies_goes_on_into_the_next():
    found = read(
        book(
            ("Mācību gads 2025/2026",),
            ("Rādītājs", "nov.", "dec.", "janv."),
            ("Reakcijas", 1, 2, 3),
        )
    )

    assert [figure[3] for figure in figures(found)] == ["2025-11", "2025-12", "2026-01"]


def test_months_down():
    found = read(
        book(
            ("2026. gads",),
            ("Mēnesis", "Sekotāji (FB)", "Sekotāji (IG)", "Jaunie līdi"),
            ("Janvāris", 7957, 3244, 79),
            ("febr.", 7888, 3386, 83),
            ("Kopā", 15845, 6630, 162),
        )
    )

    assert [figure[1:4] for figure in figures(found)] == [
        ("followers", "Facebook", "2026-01"),
        ("followers", "Instagram", "2026-01"),
        ("new_leads", "", "2026-01"),
        ("followers", "Facebook", "2026-02"),
        ("followers", "Instagram", "2026-02"),
        ("new_leads", "", "2026-02"),
    ]


def test_a_column_for_the_channel_whose_indicator_is_merged_over_several_rows():
    found = read(
        book(
            ("2026",),
            ("Rādītājs", "Kanāls", *MONTHS),
            ("Sekotāju skaits", "FB", 1, 2, 3),
            (None, "IG", 4, 5, 6),
        )
    )

    assert {figure[:3] for figure in figures(found)} == {
        (3, "followers", "FB"),
        (4, "followers", "IG"),
    }


def test_sections_by_channel_inside_a_table():
    found = read(
        book(
            ("Rādītāji 2026",),
            ("Rādītājs", *MONTHS),
            ("Facebook", None, None, None),
            ("Sekotāji", 1, 2, 3),
            ("Instagram", None, None, None),
            ("Sekotāji", 4, 5, 6),
        )
    )

    assert {figure[:3] for figure in figures(found)} == {
        (4, "followers", "Facebook"),
        (6, "followers", "Instagram"),
    }


def test_sections_by_indicator_inside_a_table():
    found = read(
        book(
            ("2026",),
            ("", *MONTHS),
            ("Sekotāju skaits", None, None, None),
            ("Facebook", 1, 2, 3),
            ("Instagram", 4, 5, 6),
        )
    )

    assert {figure[:3] for figure in figures(found)} == {
        (4, "followers", "Facebook"),
        (5, "followers", "Instagram"),
    }


def test_a_title_names_the_indicator_of_a_table_of_channels():
    found = read(book(("Sekotāju skaits 2026",), ("Kanāls", *MONTHS), ("Facebook", 1, 2, 3)))

    assert {figure[1:3] for figure in figures(found)} == {("followers", "Facebook")}


def test_channels_under_months_that_are_merged_over_them():
    found = read(
        book(
            ("2026",),
            (None, "Janvāris", None, "Februāris", None),
            ("Rādītājs", "FB", "IG", "FB", "IG"),
            ("Sekotāji", 1, 2, 3, 4),
        )
    )

    assert figures(found) == [
        (4, "followers", "Facebook", "2026-01", 1),
        (4, "followers", "Instagram", "2026-01", 2),
        (4, "followers", "Facebook", "2026-02", 3),
        (4, "followers", "Instagram", "2026-02", 4),
    ]


def test_what_was_planned_is_left_out_beside_what_was():
    found = read(
        book(
            ("2026",),
            ("Rādītājs", "Janvāris", None, "Februāris", None),
            (None, "Plāns", "Fakts", "Plāns", "Fakts"),
            ("Reakcijas", 10, 11, 20, 21),
        )
    )

    assert figures(found) == [
        (4, "reactions", "", "2026-01", 11),
        (4, "reactions", "", "2026-02", 21),
    ]
    assert found.notices == ["The column “Plāns” is left out."]


def test_a_table_that_begins_further_right_with_numbers_and_units_before_its_months():
    found = read(
        book(
            (),
            (None, None, "Nr.", "Rādītājs 2026", "Mērv.", *MONTHS),
            (None, None, 1, "Sekotāji FB", "gab.", 1, 2, 3),
        )
    )

    assert figures(found) == [
        (3, "followers", "Facebook", f"2026-0{month}", month) for month in (1, 2, 3)
    ]


def test_a_sheet_of_one_month_with_channels_side_by_side():
    found = read(
        book(
            ("2026. gada marts",),
            ("Rādītājs", "Facebook", "Instagram", "Kopā"),
            ("Sekotāji", 8554, 3469, 12023),
        )
    )

    assert figures(found) == [
        (3, "followers", "Facebook", "2026-03", 8554),
        (3, "followers", "Instagram", "2026-03", 3469),
    ]


def test_days_side_by_side():
    found = read(
        book(
            ("Facebook 2026",),
            ("Rādītājs", JAN1, JAN2, datetime(2026, 1, 3)),
            ("Reakcijas", 1, 2, "-"),
        )
    )

    assert figures(found) == [
        (3, "reactions", "Facebook", "2026-01-01", 1),
        (3, "reactions", "Facebook", "2026-01-02", 2),
        (3, "reactions", "Facebook", "2026-01-03", "-"),
    ]


def test_a_year_of_days_side_by_side():
    days = [date.fromordinal(date(2026, 1, 1).toordinal() + number) for number in range(365)]
    found = read(book(("Rādītājs", *days), ("Reakcijas", *range(365))))

    assert (len(found.entries), figures(found)[-1][3:]) == (365, ("2026-12-31", 364))


# Files


LINES = "Datums;Kanāls;Sekotāju skaits;Iesaiste, %\n06.01.2026.;Facebook;8 428;3,4\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1257", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_text_file_in_every_encoding_excel_writes(encoding, delimiter):
    found = read(csv_file(LINES.replace(";", delimiter), encoding))

    assert figures(found) == [
        (2, "followers", "Facebook", "2026-01-06", "8 428"),
        (2, "engagement", "Facebook", "2026-01-06", "3,4"),
    ]


def test_a_text_file_with_commas_and_quoted_decimal_commas():
    found = read(csv_file('Date,Channel,Engagement\n2026-01-06,FB,"3,4"\n'))

    assert figures(found) == [(2, "engagement", "FB", "2026-01-06", "3,4")]


def test_a_text_file_without_a_title_over_its_dates():
    found = read(csv_file(";Sekotāji (FB)\n06.01.2026;8 404\n"))

    assert figures(found) == [(2, "followers", "Facebook", "2026-01-06", "8 404")]


def test_decimal_commas_that_end_cells_are_refused_and_not_cut_off():
    found = read(csv_file("Date,Engagement\n06.01.2026,3,4\n"))

    assert figures(found) == []
    assert refused(found)[0][1].startswith("The row has more cells than there are titles")


def test_a_remark_without_a_title_does_not_cost_its_row_where_semicolons_end_cells():
    found = read(csv_file("Datums;Reakcijas\n06.01.2026;3;svētki\n07.01.2026;4;;12\n"))

    assert [figure[4] for figure in figures(found)] == ["3", "4"]
    assert refused(found) == []
    assert found.notices == ["Column D holds figures without a title: left out."]


def test_a_formula_without_its_result_is_kept_to_be_refused():
    found = read(book(("Datums", "Reakcijas"), (JAN1, "=1+1")))

    assert figures(found) == [(2, "reactions", "", "2026-01-01", Uncalculated("=1+1"))]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (bytes.fromhex("D0CF11E0A1B11AE1") + "Workbook".encode("utf-16-le"), "old Excel file"),
        (b"%PDF-1.7", "not a spreadsheet"),
        (b"<html><table>", "web page"),
        (b"PK\x03\x04rubbish", "damaged"),
        (b"Vards;Uzvards\nAnna;Ozola\n", "No table of figures was found."),
    ],
)
def test_what_is_no_list_of_figures_is_refused_with_a_sentence(content, said):
    with pytest.raises(ListError, match=said):
        read(csv_file("") if not content else type(csv_file(""))(content))


def test_a_list_of_participants_is_no_list_of_figures():
    with pytest.raises(ListError, match="No table of figures"):
        read(book(("Vārds", "E-pasts", "Datums"), ("Anna", "anna@example.org", JAN1)))
