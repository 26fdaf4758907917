"""Figures written out as a list, and read in again as what they were."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from files.models import StoredFile
from goals.models import Series, Unit
from kpi.lists import deciding, exporting, importing, mapping, reading
from kpi.lists.hints import Hints
from kpi.models import Channel, EarlierValue, Measurement, Reading
from kpi.periods import Span
from kpi.store import Value, write
from tests.factories import make_kpi_channel, make_reading, make_series, make_user, measure, riga
from tests.kpi.listed import book

pytestmark = pytest.mark.django_db

NOW = riga(2026, 11, 20, 12)
FIRST, LAST = date(2024, 1, 1), date(2026, 11, 20)
FORMULA = '=HYPERLINK("http://evil.example","x")'


def written(what, form):
    listed = exporting.WRITERS[what](FIRST, LAST)
    return exporting.as_csv(listed) if form == "csv" else exporting.as_xlsx([listed])


def read_again(content):
    """Say what importing a list would do, as it is suggested."""
    words = mapping.vocabulary()
    found = reading.read(io.BytesIO(content), words, Hints("kpi-days.xlsx"))
    choices = mapping.suggest(found, words)
    assert choices.unanswered == []
    return deciding.decide(found, choices, LAST)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("written_in", ["lv", "en"])
def test_what_is_written_in_either_language_and_form_changes_nothing(written_in, form):
    facebook, instagram = Channel.objects.filter(key__in=["facebook", "instagram"])
    followers, engagement = Series.objects.filter(key__in=["followers", "engagement"])
    measure(followers, {date(2026, 1, 5): 8404, date(2026, 1, 6): 8405}, facebook)
    measure(engagement, {date(2026, 1, 5): "3.45"}, instagram)
    measure(followers, {date(2025, 12, 31): 9}, None)
    measure(followers, {date(2025, 12, 1): 8000, date(2026, 2, 1): 8300}, facebook, span=Span.MONTH)

    with translation.override(written_in):
        days, months = read_again(written("days", form)), read_again(written("months", form))

    assert (days.counts["same"], days.counts["new"], days.counts["changed"]) == (4, 0, 0)
    assert (months.counts["same"], months.counts["new"], months.counts["changed"]) == (2, 0, 0)


NAMES = st.one_of(
    st.sampled_from(
        [
            *(
                "Kopā",
                "Datums",
                "Kanāls",
                "Vērtība",
                "Reakcijas",
                "Reakcijas (FB)",
                "2026",
                "janv.",
            ),
            *("Piezīmes", "=1+1", "-", "Facebook", "Visi kanāli", "Q1", "a;b", '"', "Facebook [x]"),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20),
)
# Making a failing example smaller writes and reads hundreds of lists.
SEARCHING = [phase for phase in Phase if phase != Phase.shrink]
FIGURES = st.decimals(-(10**6), 10**11, places=2)


@settings(
    max_examples=25,
    deadline=None,
    phases=SEARCHING,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    names=st.lists(NAMES, min_size=1, max_size=3),
    kinds=st.lists(st.sampled_from(["flow", "stock", "average"]), min_size=3, max_size=3),
    units=st.lists(st.sampled_from([*Unit.values]), min_size=3, max_size=3),
    channel=NAMES,
    figures=st.dictionaries(
        st.tuples(
            st.integers(0, 2),
            st.booleans(),
            st.sampled_from(["day", "month"]),
            st.dates(FIRST, LAST),
        ),
        FIGURES,
        min_size=1,
        max_size=12,
    ),
    language=st.sampled_from(["lv", "en"]),
    form=st.sampled_from(["xlsx", "csv"]),
)
def test_whatever_there_is_written_out_and_read_again_changes_nothing(
    names, kinds, units, channel, figures, language, form
):
    for model in (EarlierValue, Measurement, Reading):
        model.objects.all().delete()
    series = [
        make_series(name=name, name_en="", kind=kind, unit=unit)
        for name, kind, unit in zip(names, kinds, units, strict=False)
    ]
    place = make_kpi_channel(name=channel)
    values = {}
    for (number, is_of_channel, span, day), figure in figures.items():
        of = series[number % len(series)].pk, place.pk if is_of_channel else None
        day = day.replace(day=1) if span == "month" else day
        values[(*of, span, day)] = figure
    reading_of_all = make_reading()
    write(reading_of_all, [Value(*key, each) for key, each in values.items()], at=NOW)

    with translation.override(language):
        plans = [
            read_again(written("days" if span == "day" else "months", form))
            for span in {key[2] for key in values}
        ]

    assert sum(plan.counts["same"] for plan in plans) == len(values)
    assert [plan.counts[fate] for plan in plans for fate in ("new", "changed", "refused")] == (
        [0, 0, 0] * len(plans)
    )
    for each in [*series, place]:
        each.name = "x"
        each.save(update_fields=["name"])


def test_a_name_that_looks_like_a_formula_stays_text():
    measure(make_series(name=FORMULA, name_en=""), {date(2026, 1, 5): 1})

    sheet = openpyxl.load_workbook(io.BytesIO(written("days", "xlsx"))).active

    cell = next(cell for cell in sheet[1] if FORMULA in str(cell.value))
    assert cell.data_type == "s"
    assert f"'{FORMULA}".replace('"', '""') in written("days", "csv").decode("utf-8-sig")


def test_what_was_taken_back_or_never_measured_is_an_empty_cell():
    reactions, comments = Series.objects.filter(key__in=["reactions", "comments"])
    measure(reactions, {date(2026, 1, 5): 1, date(2026, 1, 6): 2})
    measure(comments, {date(2026, 1, 5): 0})
    measure(reactions, {date(2026, 1, 6): None})

    with translation.override("en"):
        lines = written("days", "csv").decode("utf-8-sig").splitlines()

    assert lines == [
        f"Date;Channel;{reactions.name_en};{comments.name_en}",
        "2026-01-05;All channels;1,00;0,00",
    ]


# The page


def test_the_page_gives_the_list_that_was_asked_for(client_for):
    measure(Series.objects.get(key="reactions"), {date(2026, 1, 5): 7})
    client = client_for(make_user(role=Role.SPECIALIST))
    query = {"what": "days", "first": "2026-01-01", "last": "2026-12-31", "form": "csv"}

    answer = client.get(reverse("kpi:list_export", query=query))

    assert answer["Content-Disposition"] == (
        'attachment; filename="kpi-days-2026-01-01-2026-12-31.csv"'
    )
    assert "2026-01-05;All channels;7,00" in answer.content.decode()
    wrong = client.get(reverse("kpi:list_export", query=query | {"last": "2025-12-31"}))
    assert (wrong.status_code, "The last day is before the first." in wrong.content.decode()) == (
        *(400, True),
    )


# The command

ROWS = [("Datums", "Kanāls", "Reakcijas", "Dalīšanās"), ("05.01.2026.", "TikTok", "1 234", "x1")]


def run(path, *options):
    out = io.StringIO()
    by = make_user().email
    call_command(
        "import_measurements", str(path), "--by", by, *options, stdout=out, stderr=io.StringIO()
    )
    return out.getvalue()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "kpi.xlsx"
    path.write_bytes(book(*ROWS).getvalue())
    return path


def test_the_command_stops_at_titles_nobody_knows(path):
    with pytest.raises(CommandError, match="“Dalīšanās”, “TikTok”"):
        run(path)


def test_the_command_says_and_does_what_the_page_does(path):
    said = run(path, "--unknown", "make", "--dry-run")
    assert "“x1” is not a number." in said
    assert "Would be: 1 refused, 0 warning, 0 changed, 1 new, 0 same" in said
    assert not StoredFile.objects.exists()
    assert not Channel.objects.filter(name="TikTok").exists()

    assert "Done: 1 refused, 0 warning, 0 changed, 1 new" in run(path, "--unknown", "make")
    assert "Done: 1 refused, 0 warning, 0 changed, 0 new, 1 same" in run(path)
    row = Measurement.objects.select_related("reading__file").get()
    assert (row.value, row.row, row.reading.file.name) == (Decimal(1234), 2, "kpi.xlsx")


def test_the_command_refuses_what_is_no_list(tmp_path):
    path = tmp_path / "kpi.pdf"
    path.write_bytes(b"%PDF-1.7")

    with pytest.raises(CommandError, match="not a spreadsheet"):
        run(path)


def test_the_page_imports_what_the_export_has_written(client_for):
    measure(Series.objects.get(key="reactions"), {date(2026, 1, 5): 7})
    record = importing.receive(
        importing.UploadedFile(io.BytesIO(written("days", "xlsx")), "kpi.xlsx", size=5000),
        by=make_user(),
        language="en",
        now=NOW,
    )
    importing.go_on(record, lambda: NOW)

    assert importing.Choices.from_json(record.choices).unanswered == []
