import csv
import io
import struct
import zipfile

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from events.list_headers import Field
from events.list_rows import Kind, Problem
from events.participant_list import EMPTY_ROWS_TO_STOP, read
from files import list_files
from files.list_files import ListError

HEADER = ("Vārds", "Uzvārds", "E-pasts", "Tālrunis", "Piekrītu saņemt piedāvājumus")
ANNA = ("Anna", "Ozola", "anna@example.org", "20033441", "jā")
JANIS = ("Jānis", "Bērziņš", "janis@example.org", "20033442", "nē")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def xlsx(*rows, sheets=None):
    """Build a workbook: rows for one sheet, or a dictionary of sheets."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, sheet_rows in (sheets or {"Dalībnieki": rows}).items():
        sheet = workbook.create_sheet(title)
        for row in sheet_rows:
            sheet.append(row)
    return saved(workbook)


def saved(workbook):
    file = io.BytesIO()
    workbook.save(file)
    return file


def repacked(file, **members):
    """Replace parts of a workbook; a name's double underscore stands for a slash."""
    replaced = {name.replace("__", "/") + ".xml": text for name, text in members.items()}
    output = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, replaced.get(name) or old.read(name))
    return output


def text_file(text, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


def people(found):
    return [(row.number, row.full_name, row.email, row.phone) for row in found.rows]


def told(found):
    return [(problem.row, problem.kind, problem.reason) for problem in found.all_problems()]


def refusal(file):
    with pytest.raises(ListError) as refused:
        read(file)
    return str(refused.value)


# A list with everything that lists are known for


def test_a_list_with_every_oddity_is_read_and_each_row_is_accounted_for():
    found = read(
        xlsx(
            HEADER,
            ("Kristīne", "Krūmiņa", "kristine@example.org", "37120033001", False),
            ("Zane", "Ūdre", "  ZANE.UDRE@EXAMPLE.ORG ", "+371 20033002", "Jā"),
            ("Zane", "Ūdre", "zane.udre@example.org", "0037120033002", ""),
            ("Rihards", "O'Konors", "zane.udre@example.org", "20 033 003", True),
            ("Ņina", "Čakste", None, "(+371) 2003-3004", None),
            ("Toms", "Ģēģeris", "toms@example.org", None, "1"),
            ("Evija", "Vītola", None, None, "jā"),
            ("Dace", "Liepa", "nav-epasta", 20033005, "x"),
            ("Uldis", "Briedis-Kalns", "uldis@example.org", "12345", True),
            ("Edgars", "Zariņš", "edgars@example.org", "+49 151 23456789", "x"),
            ('=HYPERLINK("http://evil.example","x")', "Saule", "saule@example.org", 20033006, "1"),
            ("Līga", "<b>Žagare</b>", "liga@example.org", 20033007.0, "nē"),
            (None, None, None, None, None),
            ("Baiba", "Egle", "nav", "99", "varbūt"),
        ),
        filename="saraksts.xlsx",
    )

    assert people(found) == [
        (2, "Kristīne Krūmiņa", "kristine@example.org", "+37120033001"),
        (3, "Zane Ūdre", "zane.udre@example.org", "+37120033002"),
        (5, "Rihards O'Konors", "zane.udre@example.org", "+37120033003"),
        (6, "Ņina Čakste", "", "+37120033004"),
        (7, "Toms Ģēģeris", "toms@example.org", ""),
        (9, "Dace Liepa", "", "+37120033005"),
        (10, "Uldis Briedis-Kalns", "uldis@example.org", ""),
        (11, "Edgars Zariņš", "edgars@example.org", "+4915123456789"),
        (12, "Saule", "saule@example.org", "+37120033006"),
        (13, "Līga Žagare", "liga@example.org", "+37120033007"),
    ]
    assert [row.offer_consent for row in found.rows] == [
        *(False, True, True, None, True),
        *(True, True, True, True, False),
    ]
    assert told(found) == [
        (4, Kind.MERGED, "The same person as in row 3 (Zane Ūdre); they are taken as one."),
        (
            5,
            Kind.WARNING,
            "The same e-mail address as in row 3 (Zane Ūdre), but another name:"
            " taken as two people.",
        ),
        (
            8,
            Kind.SKIPPED,
            "There is neither an e-mail address nor a phone number. Add one of them.",
        ),
        (
            9,
            Kind.WARNING,
            "“nav-epasta” is not a valid e-mail address. Correct it, or leave it empty."
            " The person stays on the list and gets no e-mails.",
        ),
        (
            10,
            Kind.WARNING,
            "“12345” is not a valid phone number. Write it with its country code, for example"
            " +371 20000000. The person stays on the list and gets no SMS.",
        ),
        (
            12,
            Kind.WARNING,
            "“=HYPERLINK("
            '"http://evil.example","x")” is a formula. Copy the column and paste it as values.'
            " It was left out.",
        ),
        (13, Kind.WARNING, "“<b>Žagare</b>” holds markup; only its text is kept."),
        (
            15,
            Kind.SKIPPED,
            "“99” is not a valid phone number."
            " Write it with its country code, for example +371 20000000.",
        ),
    ]
    assert (found.merged, found.skipped, found.empty_rows) == (1, 2, 1)
    assert (found.filename, found.sheet, found.ignored_columns) == (
        "saraksts.xlsx",
        "Dalībnieki",
        (),
    )


def test_a_row_with_two_bad_addresses_is_skipped_with_both_reasons():
    found = read(xlsx(HEADER, ("Anna", "Ozola", "anna(at)example.org", "123", None), JANIS))

    assert found.problems == [
        Problem(
            2,
            "",
            "“anna(at)example.org” is not a valid e-mail address. Correct it, or leave it empty."
            " “123” is not a valid phone number."
            " Write it with its country code, for example +371 20000000.",
            Kind.SKIPPED,
        )
    ]


def test_a_warning_names_the_column_as_the_file_does():
    found = read(
        xlsx(("Vārds", "Uzvārds", "Epasts", "Mob. tālr."), ("Anna", "Ozola", "a@b.lv", "67222222"))
    )

    assert found.rows[0].warnings == [
        Problem(
            2, "Mob. tālr.", "+37167222222 is not a mobile number and gets no SMS.", Kind.WARNING
        )
    ]
    assert not found.rows[0].can_receive_sms


# Columns


@pytest.mark.parametrize(
    ("titles", "fields"),
    [
        (HEADER, "first_name last_name email phone consent"),
        (
            (
                "VARDS",
                "uzvards:",
                "e-pasta adrese",
                "Tālruņa numurs",
                "PIEKRITU SANEMT PIEDAVAJUMUS",
            ),
            "first_name last_name email phone consent",
        ),
        (
            ("First name", "Surname", "E-mail", "Mobile phone", "Marketing consent"),
            "first_name last_name email phone consent",
        ),
        (
            ("Name", "Last name", "Email", "Phone", "Language"),
            "first_name last_name email phone language",
        ),
        (
            ("Vrds", "Uzvads", "E-pasrs", "Tālrūniss", "Valodaa"),
            "first_name last_name email phone language",
        ),
        (
            ("Dalībnieka vārds", "Jūsu uzvārds *", "Your e-mail (required)", "Kontakttālrunis", ""),
            "first_name last_name email phone -",
        ),
        (
            ("Vārds / Name", "Uzvārds / Surname", "E-pasts (e-mail)", "Tālrunis\nPhone", "Nr."),
            "first_name last_name email phone -",
        ),
        (
            (
                "Vārds, uzvārds",
                "Epasts",
                "Mob. tālr.",
                "Piekrītu e-pastiem",
                "Piekrītu SMS saņemšanai",
            ),
            "full_name email phone email_consent sms_consent",
        ),
        (
            (
                "Uzvārds, vārds",
                "E-pasts",
                "Nepiekrītu reklāmai",
                "Piekrītu datu apstrādei",
                "Piezīmes",
            ),
            "full_name_reversed email - - -",
        ),
        (
            ("Name", "Phone", "Consent to terms", "I agree to receive offers", "x"),
            "full_name phone - consent -",
        ),
    ],
)
def test_a_column_is_known_by_its_title(titles, fields):
    found = read(xlsx(titles, ("Anna Ozola",) * 2 + ("a@example.org", "20033441", "")))

    expected = {index: Field(name) for index, name in enumerate(fields.split()) if name != "-"}
    assert {index: field for field, index in found.header.columns.items()} == expected


@pytest.mark.parametrize("order", [(3, 1, 4, 0, 2), (4, 3, 2, 1, 0)])
def test_columns_may_stand_in_any_order(order):
    found = read(xlsx([HEADER[i] for i in order], [ANNA[i] for i in order]))

    assert people(found) == [(2, "Anna Ozola", "anna@example.org", "+37120033441")]
    assert found.rows[0].offer_consent is True


def test_the_header_may_stand_below_a_title_and_beside_empty_columns():
    found = read(
        xlsx(
            ("Dalībnieku saraksts 2026. gada pavasarī",),
            (),
            (None, "Nr.", *HEADER, None, "Piezīmes"),
            (None, 1, *ANNA, None, "zvanīt"),
            (None, 2, None, None, None, None, False, None, None),
        )
    )

    assert people(found) == [(4, "Anna Ozola", "anna@example.org", "+37120033441")]
    assert (found.header.row, found.ignored_columns) == (3, ("Nr.", "Piezīmes"))


def test_a_full_name_is_split():
    names = ["Anna Ozola", "Anna Marija Ozola", "Ozola, Anna", "OZOLA, ANNA", "Anna"]

    found = read(
        xlsx(
            ("Vārds un uzvārds", "E-pasts"), *((name, f"a{i}@b.lv") for i, name in enumerate(names))
        )
    )

    assert [(row.first_name, row.last_name) for row in found.rows] == [
        ("Anna", "Ozola"),
        ("Anna Marija", "Ozola"),
        ("Anna", "Ozola"),
        ("Anna", "Ozola"),
        ("Anna", ""),
    ]


def test_a_full_name_may_begin_with_the_last_name():
    found = read(xlsx(("Uzvārds, vārds", "E-pasts"), ("Ozola Anna Marija", "a@b.lv")))

    assert (found.rows[0].first_name, found.rows[0].last_name) == ("Anna Marija", "Ozola")


def test_a_list_without_a_header_is_refused_with_what_was_found_and_what_is_needed():
    assert refusal(xlsx(ANNA, JANIS)) == (
        "No header was found in the first 20 rows;"
        " row 1 holds: “Anna”, “Ozola”, “anna@example.org”, “20033441”, “jā”."
        " The header needs a column with the name (“Vārds”, “Uzvārds”, “First name”, “Last name”)"
        " and one with the e-mail or phone (“E-pasts”, “Tālrunis”, “E-mail”, “Phone”)."
    )


@pytest.mark.parametrize(
    ("titles", "sentence"),
    [
        (
            ("Vārds", "Uzvārds", "Adrese"),
            "There is no column with the e-mail or phone;"
            " the header in row 1 holds: “Vārds”, “Uzvārds”, “Adrese”. The header needs",
        ),
        (
            ("E-pasts", "Adrese"),
            "There is no column with the name; the header in row 1 holds: “E-pasts”, “Adrese”. The",
        ),
        (
            ("Vārds", "Uzvārds", "Tālrunis", "Mobilais"),
            "Several columns look like the same thing: “Tālrunis”, “Mobilais”."
            " Rename or delete all but one of them.",
        ),
    ],
)
def test_a_header_that_lacks_or_repeats_a_column_is_refused(titles, sentence):
    assert refusal(xlsx(titles, ANNA)).startswith(sentence)


def test_the_first_visible_sheet_with_a_header_is_read_and_named():
    workbook = openpyxl.load_workbook(
        xlsx(
            sheets={"Vecie": [HEADER, JANIS], "Info": [("Lasi mani",)], "Saraksts": [HEADER, ANNA]}
        )
    )
    workbook["Vecie"].sheet_state = "hidden"

    found = read(saved(workbook))

    assert people(found) == [(2, "Anna Ozola", "anna@example.org", "+37120033441")]
    assert found.notices == ["The list was read from sheet “Saraksts”. Not read: “Info”."]


# Cells


@pytest.mark.parametrize(
    ("written", "consent"),
    [
        *(
            (word, True)
            for word in ("jā", "JA", "j", "Yes", "y", "1", 1, 1.0, "true", "X", "✓", True)
        ),
        *((word, True) for word in ("Piekrītu", "=TRUE()", "PATIESS", " jā. ")),
        *(
            (word, False)
            for word in ("nē", "Ne", "n", "no", "0", 0, "false", "-", False, "Nepiekrītu")
        ),
        *((word, None) for word in (None, "", " ")),
    ],
)
def test_a_consent_is_yes_no_or_not_said(written, consent):
    found = read(xlsx(HEADER, (*ANNA[:4], written)))

    assert (found.rows[0].offer_consent, found.rows[0].warnings) == (consent, [])


def test_a_consent_that_is_neither_yes_nor_no_is_none_and_is_reported():
    found = read(xlsx(HEADER, (*ANNA[:4], "varbūt vēlāk")))

    assert found.rows[0].offer_consent is None
    assert told(found) == [
        (
            2,
            Kind.WARNING,
            "“varbūt vēlāk” is neither yes nor no and counts as no consent. Write “jā” or “nē”.",
        )
    ]


def test_separate_consents_outweigh_the_general_one():
    found = read(
        xlsx(
            ("Vārds", "E-pasts", "Piekrītu saņemt piedāvājumus", "Piekrītu SMS"),
            ("Anna", "anna@example.org", "jā", "nē"),
        )
    )

    row = found.rows[0]
    assert (row.accepts_offers_by_email, row.accepts_offers_by_sms) == (True, False)


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("LV", "lv"),
        ("Latviešu", "lv"),
        ("latviešu valoda", "lv"),
        ("English", "en"),
        ("angļu", "en"),
        ("", ""),
    ],
)
def test_a_language_is_known_by_its_name(written, language):
    found = read(xlsx(("Vārds", "E-pasts", "Valoda"), ("Anna", "a@b.lv", written)))

    assert (found.rows[0].language, found.rows[0].warnings) == (language, [])


def test_a_language_we_do_not_write_in_is_reported():
    found = read(xlsx(("Vārds", "E-pasts", "Valoda"), ("Anna", "a@b.lv", "krievu")))

    assert found.rows[0].language == ""
    assert told(found) == [
        (2, Kind.WARNING, "“krievu” is not a language of our messages; the usual one is taken.")
    ]


def test_formulas_that_only_protect_digits_are_read_and_others_are_not():
    found = read(
        xlsx(
            HEADER,
            ("Anna", "Ozola", None, '="0037120033441"', None),
            ("Jānis", "Liepa", None, "=+37120033442", None),
            ("Zane", "Egle", "=B3&A3", "=A1+1", None),
            ("Toms", "Zars", "toms@example.org", "#N/A", None),
        )
    )

    assert people(found) == [
        (2, "Anna Ozola", "", "+37120033441"),
        (3, "Jānis Liepa", "", "+37120033442"),
        (5, "Toms Zars", "toms@example.org", ""),
    ]
    assert told(found) == [
        (
            4,
            Kind.SKIPPED,
            "“=B3&A3” is a formula. Copy the column and paste it as values."
            " “=A1+1” is a formula. Copy the column and paste it as values.",
        ),
        (
            5,
            Kind.WARNING,
            "The cell shows the error “#N/A”. Correct it."
            " The person stays on the list and gets no SMS.",
        ),
    ]


def test_an_array_formula_is_a_formula():
    workbook = openpyxl.load_workbook(xlsx(HEADER, ANNA))
    workbook.active["A2"] = openpyxl.worksheet.formula.ArrayFormula("A2", "=UPPER(B2)")

    found = read(saved(workbook))

    assert people(found) == [(2, "Ozola", "anna@example.org", "+37120033441")]
    assert told(found)[0][2].startswith("“=UPPER(B2)” is a formula.")


# The same person


@pytest.mark.parametrize(
    "again",
    [
        ANNA,
        ("ANNA", "OZOLA", "Anna@Example.org", None, None),
        ("anna", "ozola", None, "+371 20033441", None),
        ("Ozola", "Anna", "anna@example.org", None, None),
        ("Anna", None, "anna@example.org", None, None),
        (None, None, "anna@example.org", None, None),
    ],
)
def test_a_shared_address_and_names_that_agree_are_one_person(again):
    found = read(xlsx(HEADER, ANNA, again))

    assert people(found) == [(2, "Anna Ozola", "anna@example.org", "+37120033441")]
    assert told(found) == [
        (3, Kind.MERGED, "The same person as in row 2 (Anna Ozola); they are taken as one.")
    ]


def test_a_merged_row_completes_the_first_and_a_refusal_outweighs_a_consent():
    found = read(
        xlsx(
            (*HEADER, "Valoda"),
            ("Anna", None, "anna@example.org", None, "jā", None),
            ("Anna", "Ozola", "anna@example.org", "20033441", "nē", "en"),
            ("Anna", "Ozola", "anna.ozola@example.org", "20033441", None, None),
        )
    )

    row = found.rows[0]
    assert people(found) == [(2, "Anna Ozola", "anna@example.org", "+37120033441")]
    assert (row.offer_consent, row.language, row.can_receive_sms) == (False, "en", True)
    assert found.merged == 2
    assert [warning.reason for warning in row.warnings] == [
        "Row 2 gives anna@example.org for this person;"
        " that is kept and anna.ozola@example.org is not."
    ]


def test_an_address_that_another_row_makes_up_for_is_not_called_missing():
    found = read(
        xlsx(
            HEADER,
            ("Anna", "Ozola", "anna(at)example.org", "20033441", None),
            ("Anna", "Ozola", "anna@example.org", "20033441", None),
            ("Jānis", "Liepa", "janis(at)example.org", "20033442", None),
        )
    )

    refused = "is not a valid e-mail address. Correct it, or leave it empty."
    assert [reason for _row, _kind, reason in told(found)] == [
        f"“anna(at)example.org” {refused}",
        "The same person as in row 2 (Anna Ozola); they are taken as one.",
        f"“janis(at)example.org” {refused} The person stays on the list and gets no e-mails.",
    ]


def test_a_shared_phone_under_another_name_is_another_person():
    found = read(xlsx(HEADER, ANNA, ("Pēteris", "Ozols", None, "20033441", None)))

    assert [row.full_name for row in found.rows] == ["Anna Ozola", "Pēteris Ozols"]
    assert told(found) == [
        (
            3,
            Kind.WARNING,
            "The same phone number as in row 2 (Anna Ozola), but another name:"
            " taken as two people.",
        )
    ]


def test_the_same_name_without_a_shared_address_is_another_person():
    found = read(xlsx(HEADER, ANNA, ("Anna", "Ozola", "cita@example.org", "20033499", None)))

    assert (len(found.rows), found.all_problems()) == (2, [])


def test_an_address_of_a_whole_school_is_still_read_quickly_and_finds_equal_names():
    rows = [(f"Vārds{n % 3000}", "Ozols", "skola@example.org", None, None) for n in range(6000)]

    found = read(xlsx(HEADER, *rows))

    assert (len(found.rows), found.merged) == (3000, 3000)


# Size and progress


def test_progress_is_told_and_ends_with_all_rows_done():
    seen = []
    rows = [("Anna", f"Ozola{n}", f"a{n}@example.org", None, None) for n in range(450)]

    read(xlsx(HEADER, *rows), progress=lambda done, total: seen.append((done, total)))

    assert seen == [(200, 451), (400, 451), (451, 451)]


def test_empty_formatted_rows_at_the_end_are_not_read_to_the_last():
    workbook = openpyxl.load_workbook(xlsx(HEADER, ANNA))
    sheet = workbook.active
    for number in range(3, EMPTY_ROWS_TO_STOP + 500):
        sheet.cell(number, 1).font = openpyxl.styles.Font(bold=True)

    found = read(saved(workbook))

    assert (len(found.rows), found.empty_rows) == (1, 0)
    assert found.notices == [
        "Reading stopped at row 2002, after 2000 empty rows; nothing below was read."
    ]


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(list_files, "MAX_ROWS", 2)

    assert refusal(xlsx(HEADER, ANNA, JANIS, ANNA)) == (
        "The list has more than 2 rows. Split it into several files."
    )


def test_too_many_columns_are_refused():
    assert refusal(xlsx(HEADER + tuple(f"K{n}" for n in range(200)), ANNA)) == (
        "The sheet has more than 200 columns. Keep only those of the list."
    )


def test_a_wrong_stated_size_and_a_cell_far_to_the_right_do_no_harm():
    file = xlsx(HEADER, ANNA)
    with zipfile.ZipFile(file) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    sheet = sheet.replace('ref="A1:E2"', 'ref="A1"')
    sheet = sheet.replace("</row></sheetData>", '<c r="ZZZ2"><v>1</v></c></row></sheetData>')

    found = read(repacked(file, xl__worksheets__sheet1=sheet))

    assert people(found) == [(2, "Anna Ozola", "anna@example.org", "+37120033441")]


# CSV


def csv_text(*rows, delimiter=","):
    output = io.StringIO()
    csv.writer(output, delimiter=delimiter).writerows(rows)
    return output.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1257"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_in_every_usual_encoding_and_with_every_usual_delimiter(encoding, delimiter):
    text = csv_text(
        HEADER, ANNA, ("Ķērija", 'Ļauda, "Ķē"; x', "k@b.lv", "", ""), delimiter=delimiter
    )

    found = read(text_file(text, encoding))

    assert people(found) == [
        (2, "Anna Ozola", "anna@example.org", "+37120033441"),
        (3, 'Ķērija Ļauda, "Ķē"; x', "k@b.lv", ""),
    ]


def test_the_delimiter_is_the_one_that_gives_a_header():
    found = read(text_file("Vārds, uzvārds;E-pasts\nOzola, Anna;anna@example.org\n"))

    assert people(found) == [(2, "Anna Ozola", "anna@example.org", "")]


def test_a_stated_delimiter_is_obeyed():
    found = read(text_file("sep=|\r\nVārds|E-pasts\r\nAnna, Ozola|anna@example.org\r\n"))

    assert people(found) == [(2, "Ozola Anna", "anna@example.org", "")]


def test_a_row_number_in_csv_is_the_one_a_spreadsheet_shows():
    found = read(text_file('Vārds,E-pasts\n\n"Anna\nOzola",a@b.lv\nJānis,j@b.lv\n'))

    assert people(found) == [(3, "Anna Ozola", "a@b.lv", ""), (4, "Jānis", "j@b.lv", "")]


def test_csv_keeps_digits_that_were_protected_and_refuses_those_that_were_lost():
    found = read(
        text_file('Vārds;E-pasts;Tālrunis\nAnna;;"=""0037120033441"""\nJānis;j@b.lv;3.712E+10\n')
    )

    assert people(found) == [(2, "Anna", "", "+37120033441"), (3, "Jānis", "j@b.lv", "")]
    assert told(found)[0][2].startswith("The spreadsheet has shortened the phone number")


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_list():
    rows = "".join(f"Anna{n};a{n}@b.lv\n" for n in range(100))

    assert refusal(text_file('Vārds;E-pasts\n"Jānis;j@b.lv\n' + rows)) == (
        "A quotation mark opened in line 2 is never closed."
        " Correct the line, or save the list as .xlsx."
    )


# Files that are refused


def ole(*names):
    return io.BytesIO(
        bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 504 + "\x00".join(names).encode("utf-16-le")
    )


def archive(*names, **contents):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as new:
        for name in names:
            new.writestr(name, "x")
        for name, text in contents.items():
            new.writestr(name, text)
    return output


def truncated(file, keep):
    return io.BytesIO(file.getvalue()[:keep])


def bomb():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("[Content_Types].xml", "x")
        new.writestr("xl/worksheets/sheet1.xml", b" " * 30 * 1024**2)
    return output


def entities():
    file = xlsx(HEADER, ANNA)
    with zipfile.ZipFile(file) as old:
        sheet = old.read("xl/worksheets/sheet1.xml").decode()
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    return repacked(file, xl__worksheets__sheet1=bomb + sheet)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (io.BytesIO(), "The file is empty."),
        (io.BytesIO(b"%PDF-1.7 \x00"), "This is not a spreadsheet."),
        (io.BytesIO(b"\x89PNG\r\n\x1a\n\x00"), "This is not a spreadsheet."),
        (io.BytesIO(b"Vards\x07\x1b[0m"), "This is not a spreadsheet."),
        (archive("word/document.xml", "[Content_Types].xml"), "This is not a spreadsheet."),
        (archive("readme.txt"), "This is not a spreadsheet."),
        (archive(), "This is not a spreadsheet."),
        (ole("Root Entry", "WordDocument"), "This is not a spreadsheet."),
        (ole("Root Entry", "Workbook"), "This is an old Excel file (.xls)."),
        (ole("EncryptionInfo", "EncryptedPackage"), "The file is protected by a password."),
        (
            archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
            "This is an OpenDocument file (.ods).",
        ),
        (archive("Index/Document.iwa"), "This is an Apple Numbers file."),
        (archive("[Content_Types].xml", "xl/workbook.bin"), "This is a binary Excel file (.xlsb)."),
        (
            io.BytesIO(b"\r\n<html><table>"),
            "This is a web page or XML file, whatever its name says.",
        ),
        (truncated(xlsx(HEADER, ANNA), 2000), "The file is damaged or was not sent completely."),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "The file is damaged or"),
        (bomb(), "The file unpacks to 30 MB, far more than a list needs"),
        (entities(), "The file holds XML entities, which Excel never writes"),
        (io.BytesIO(b"Vards;E-pasts\nAn\x00na;a@b.lv"), "The file holds NUL bytes"),
        (io.BytesIO(b"V\x81rds;E-pasts\n"), "The letters of the file cannot be read."),
        (xlsx(HEADER), "The list has a header, but no rows below it."),
        (xlsx(), "The file has no text in its first 20 rows."),
        (io.BytesIO(b"\n\n\n"), "The file has no text in its first 20 rows."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_own_sentence(file, sentence):
    assert refusal(file)[: len(sentence)] == sentence


def test_a_file_too_large_is_refused_unread(monkeypatch):
    monkeypatch.setattr(list_files, "MAX_BYTES", 3 * 1024**2)

    assert refusal(io.BytesIO(b"x" * (3 * 1024**2 + 1))) == (
        "The file is larger than 3 MB. Remove pictures and other sheets, or split the list."
    )


def test_a_workbook_that_states_a_smaller_size_than_it_has_is_refused():
    file = xlsx(HEADER, *[ANNA] * 50)
    content = bytearray(file.getvalue())
    with zipfile.ZipFile(file) as old:
        size = old.getinfo("xl/worksheets/sheet1.xml").file_size
    stated = content.rindex(struct.pack("<L", size))
    content[stated : stated + 4] = struct.pack("<L", 300)

    assert refusal(io.BytesIO(content)).startswith(
        "The file is damaged or was not sent completely."
    )


cells_like = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    st.sampled_from(["=1+1", "#N/A", "jā", "a@b.lv", "20033441", "Anna", "<b>"]),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(*[cells_like] * 5), min_size=1, max_size=8))
def test_whatever_the_cells_hold_every_row_is_accounted_for(rows):
    found = read(xlsx(HEADER, *rows, ANNA))

    assert len(found.rows) + len(found.problems) + found.empty_rows == len(rows) + 1
    assert all(row.email or row.phone for row in found.rows)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_the_bytes_are_a_file_is_read_or_refused_with_a_sentence(content):
    try:
        read(io.BytesIO(content))
    except ListError as error:
        sentence = str(error)
    else:
        sentence = "."

    assert sentence.endswith(".")
