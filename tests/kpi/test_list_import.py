"""Importing a list of figures: what would happen is shown before, and happens once."""

from datetime import date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from files.models import StoredFile
from files.tables import ListError
from goals.models import Series, Unit
from kpi import tasks
from kpi.lists import importing, mapping
from kpi.lists.dates import Order
from kpi.lists.mapping import Choices, HeadingChoice
from kpi.models import Channel, ListImport, Mapping, Measurement, Reading
from kpi.periods import Span
from tests.factories import make_kpi_channel, make_series, make_user, measure, riga
from tests.kpi.listed import book

pytestmark = pytest.mark.django_db

NOW = riga(2026, 3, 10, 12)
JAN1, JAN2 = datetime(2026, 1, 1), datetime(2026, 1, 2)
DAILY = [
    ("Datums", "Kanāls", "Sekotāju skaits", "Reakcijas"),
    (JAN1, "Facebook", 8404, 47),
    ("02.01.2026.", "Instagram", "3 112", "n/a"),
]


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def clock():
    return NOW


def received(*rows, name="kpi.xlsx", **sheets):
    """Upload a list and read it for the first time."""
    upload = SimpleUploadedFile(name, book(*rows, **sheets).getvalue())
    record = importing.receive(upload, by=make_user(), language="en", now=NOW)
    importing.go_on(record, clock)
    return record


def answered(record, choices=None, **hints):
    """Answer as suggested, or otherwise, up to the preview."""
    choices = choices or Choices.from_json(record.choices)
    wanted = {"year": None, "order": None, "left_out": []} | hints
    importing.answer(record, choices, now=NOW, **wanted)
    importing.go_on(record, clock)
    return record


def imported(record):
    assert importing.confirm(record, NOW)
    importing.go_on(record, clock)
    return record


def lines(record, fate):
    return [line for page in record.pages.filter(fate=fate) for line in page.lines]


def measured():
    rows = Measurement.objects.order_by("series", "channel", "day")
    return [
        (each.series.key, each.channel and each.channel.key, each.day.isoformat(), str(each.value))
        for each in rows.select_related("series", "channel")
    ]


def test_a_list_is_imported_as_the_preview_said():
    record = answered(received(*DAILY))

    assert record.state == ListImport.State.READY
    assert record.summary["counts"] == {"new": 3, "missing": 1, "refused": 0, "warning": 0}
    assert lines(record, "new")[0] == [
        *("Dati", 2, "Total followers", "Facebook", "01 Jan 2026", "", "8\u00a0404", "")
    ]
    assert measured() == []

    imported(record)

    assert record.state == ListImport.State.DONE
    assert measured() == [
        ("followers", "facebook", "2026-01-01", "8404.00"),
        ("followers", "instagram", "2026-01-02", "3112.00"),
        ("reactions", "facebook", "2026-01-01", "47.00"),
    ]


def test_the_origin_of_each_figure_is_its_file_sheet_row_and_person():
    record = imported(answered(received(*DAILY, name="kpi-2026.xlsx")))

    row = Measurement.objects.select_related("reading__file").first()
    assert (row.reading.source, row.reading.by, row.reading.file.name, row.row) == (
        *(Reading.LIST, record.by, "kpi-2026.xlsx", 2),
    )
    assert row.reading.details == {"sheet": "Dati"}
    assert (row.reading.new, row.reading.first_day, row.reading.last_day) == (
        *(3, date(2026, 1, 1), date(2026, 1, 2)),
    )


def test_the_same_list_twice_changes_nothing():
    imported(answered(received(*DAILY)))
    before = list(Measurement.objects.order_by("pk").values())

    again = imported(answered(received(*DAILY)))

    assert again.summary["counts"]["same"] == 3
    assert again.summary["written"] == {"new": 0, "changed": 0}
    assert list(Measurement.objects.order_by("pk").values()) == before


def test_a_changed_figure_is_shown_with_what_it_was_and_keeps_it():
    imported(answered(received(*DAILY)))

    changed = answered(received(DAILY[0], (JAN1, "Facebook", 8405, 47)))

    assert [line[5:7] for line in lines(changed, "changed")] == [["8\u00a0404", "8\u00a0405"]]
    imported(changed)
    row = Measurement.objects.get(series__key="followers", channel__key="facebook")
    assert (row.value, row.earlier.get().value) == (8405, 8404)


def test_missing_figures_leave_what_is_there():
    followers = Series.objects.get(key="followers")
    measure(followers, {date(2026, 1, 1): 5}, Channel.objects.get(key="facebook"))

    imported(answered(received(DAILY[0], (JAN1, "Facebook", "-", "47"))))

    assert ("followers", "facebook", "2026-01-01", "5.00") in measured()


def test_refused_figures_say_where_and_why_and_the_others_are_imported():
    record = answered(
        received(
            DAILY[0],
            (JAN1, "Facebook", "apm. 8400", datetime(2026, 4, 3)),
            ("31.02.2026.", "Facebook", 1, None),
            (datetime(2026, 3, 11), "Facebook", 8500, None),
            (JAN2, "Facebook", 8416, None),
        )
    )

    assert [(line[1], line[6], line[7]) for line in lines(record, "refused")] == [
        (3, "1", "“31.02.2026.” is no day there is."),
        (2, "apm. 8400", "“apm. 8400” is not a number."),
        (
            2,
            "2026-04-03 00:00:00",
            "Excel keeps “03.04.2026” here, a date or a time and no number:"
            " it took what was typed for one. Type the number again.",
        ),
        (4, "8500", "The day is still to come; only what was can be measured."),
    ]
    imported(record)
    assert measured() == [("followers", "facebook", "2026-01-02", "8416.00")]


def test_doubtful_figures_are_imported_with_a_warning():
    rows = [(datetime(2026, 1, day), "Facebook", 8400, 40) for day in range(1, 11)]
    record = answered(
        received(
            DAILY[0],
            *rows,
            (datetime(2026, 1, 11), "Facebook", -5, 12.5),
            (datetime(2026, 1, 12), "Facebook", 84000000, None),
        )
    )

    assert [(line[1], line[7]) for line in lines(record, "warning")] == [
        (12, "The figure is negative."),
        (12, "The figure counts things and is not whole."),
        (13, "The figure is far from the others, which are about 8\u00a0400."),
    ]
    assert record.summary["counts"]["new"] == 23


def test_of_a_figure_given_twice_the_row_further_down_counts_and_a_warning_says_so():
    record = answered(received(DAILY[0], (JAN1, "Facebook", 1, 5), ("01.01.2026.", "FB", 2, 5)))

    assert [(line[1], line[7]) for line in lines(record, "warning")] == [
        (3, "Row 2 says 1 for the same; the row further down counts.")
    ]
    assert record.summary["counts"]["repeated"] == 1
    imported(record)
    assert [value for *_key, value in measured()] == ["2.00", "5.00"]


def test_a_month_and_a_day_beside_it_are_different_figures():
    imported(
        answered(
            received(
                Dienas=DAILY,
                Mēneši=[("Rādītājs 2026", "janv."), ("Reakcijas (FB)", 900)],
            )
        )
    )

    spans = Measurement.objects.filter(series__key="reactions").values_list("span", "value")
    assert set(spans) == {(Span.DAY, 47), (Span.MONTH, 900)}
    assert Reading.objects.filter(source=Reading.LIST).count() == 2


# What titles mean


def test_unknown_titles_and_channels_are_asked_about():
    record = received(("Datums", "Kanāls", "Dalīšanās", "Reakcijas"), (JAN1, "TikTok", 5, 6))

    assert Choices.from_json(record.choices).unanswered == ["Dalīšanās", "TikTok"]


def test_new_series_and_channels_are_made_only_when_the_list_is_imported():
    record = received(("Datums", "Kanāls", "Dalīšanās", "Reakcijas"), (JAN1, "TikTok", 5, 6))
    choices = mapping.without_questions(Choices.from_json(record.choices), make=True)
    answered(record, choices)

    assert not Series.objects.filter(name="Dalīšanās").exists()
    assert [line[2:4] for line in lines(record, "new")] == [
        ["new: Dalīšanās", "new: TikTok"],
        ["Reactions", "new: TikTok"],
    ]

    imported(record)

    assert set(measured()) == {
        ("dalisanas", "tiktok", "2026-01-01", "5.00"),
        ("reactions", "tiktok", "2026-01-01", "6.00"),
    }
    assert Series.objects.get(key="dalisanas").kind == Series.Kind.FLOW


def test_answers_are_remembered_for_the_next_list_with_the_same_titles():
    shares = make_series(key="shares", name="Nekas līdzīgs", name_en="")
    tiktok = make_kpi_channel(key="tt", name="TT")
    rows = [("Datums", "Kanāls", "Dalīšanās!", "Reakcijas"), (JAN1, "TikTok", 5, 6)]
    record = received(*rows)
    answered(
        record,
        Choices(
            {"Dalīšanās!": HeadingChoice(str(shares.pk)), "Reakcijas": HeadingChoice("out")},
            {"TikTok": str(tiktok.pk)},
        ),
    )
    imported(record)

    again = Choices.from_json(received(*rows).choices)

    assert again.headings == {
        "Dalīšanās!": HeadingChoice(str(shares.pk), "list"),
        "Reakcijas": HeadingChoice("out", "list"),
    }
    assert again.channels == {"TikTok": str(tiktok.pk)}
    assert Mapping.objects.count() == 3


def test_answers_of_a_list_that_changed_nothing_are_not_remembered():
    rows = [DAILY[0], (JAN1, "Facebook", 5, 6)]
    imported(answered(received(*rows)))
    right, remembered = Choices.from_json(received(*rows).choices), Mapping.objects.count()
    wrong = Choices(
        {text: HeadingChoice("out") for text in right.headings},
        {"Facebook": right.channels["Facebook"]},
    )

    imported(answered(received(*rows), wrong))

    assert remembered
    assert Mapping.objects.count() == remembered
    assert Choices.from_json(received(*rows).choices) == right


def test_what_is_calculated_is_not_taken_from_a_list():
    record = received(("Datums", "Sekotāju pieaugums", "Sekotāju skaits"), (JAN1, 5, 100))

    choices = Choices.from_json(record.choices)

    assert choices.headings["Sekotāju pieaugums"].series == "out"
    imported(answered(record))
    assert measured() == [("followers", None, "2026-01-01", "100.00")]


def test_sums_in_the_column_of_channels_are_left_out_and_all_channels_are_not():
    record = received(DAILY[0], (JAN1, "Kopā", 1, 2), (JAN1, "Visi kanāli", 3, 4))

    assert Choices.from_json(record.choices).channels == {"Kopā": "out", "Visi kanāli": "all"}
    imported(answered(record))
    assert [row[1:] for row in measured()] == [
        (None, "2026-01-01", "3.00"),
        (None, "2026-01-01", "4.00"),
    ]


def test_a_year_that_stands_nowhere_is_asked_for_and_the_list_is_read_again():
    record = received(("Rādītājs", "janv.", "febr."), ("Reakcijas", 5, 6))
    assert record.found["needs_year"]

    answered(record, year=2025)
    assert record.state == ListImport.State.MAPPING
    imported(answered(record, year=2025))

    assert [row[2] for row in measured()] == ["2025-01-01", "2025-02-01"]


def test_the_order_of_strokes_is_asked_for_and_the_list_is_read_again():
    record = received(("Date", "Reactions"), ("01/02/2026", 5))
    assert record.found["needs_order"]

    answered(record, order=Order.MONTH_FIRST)
    imported(answered(record, order=Order.MONTH_FIRST))

    assert [row[2] for row in measured()] == ["2026-01-02"]


def test_a_sheet_can_be_left_out():
    record = received(
        Plāns=[("Datums", "Reakcijas"), (JAN1, 900)], Fakts=[("Datums", "Reakcijas"), (JAN1, 5)]
    )

    answered(record, left_out=["Plāns"])
    imported(answered(record, left_out=["Plāns"]))

    assert [value for *_key, value in measured()] == ["5.00"]


def test_what_was_planned_is_left_out_at_first():
    record = received(("Datums", "Reakcijas", "Reakcijas (plāns)"), (JAN1, 5, 900))

    imported(answered(record))

    assert [value for *_key, value in measured()] == ["5.00"]
    assert record.found["notices"] == [
        "“Reakcijas (plāns)” is of what was planned: it is left out at first."
    ]


def test_a_title_with_an_unknown_channel_is_asked_about_and_makes_one_channel():
    record = received(
        ("Datums", "Sekotāji (TikTok)", "TikTok: reakcijas", "Sekotāji (FB)"), (JAN1, 5, 6, 7)
    )
    suggested = Choices.from_json(record.choices)
    followers, reactions = (
        str(Series.objects.get(key=key).pk) for key in ("followers", "reactions")
    )
    assert [(each.series, each.channel) for each in suggested.headings.values()][:2] == [
        ("", ""),
        ("", ""),
    ]

    choices = Choices(
        suggested.headings
        | {
            "Sekotāji (TikTok)": HeadingChoice(followers, "new:TikTok"),
            "TikTok: reakcijas": HeadingChoice(reactions, "new:TikTok"),
        },
        {},
    )
    imported(answered(record, choices))

    assert {row[1:] for row in measured()} == {
        ("tiktok", "2026-01-01", "5.00"),
        ("tiktok", "2026-01-01", "6.00"),
        ("facebook", "2026-01-01", "7.00"),
    }
    assert Channel.objects.filter(name="TikTok").count() == 1


def test_a_new_indicator_written_with_signs_of_per_cent_is_of_per_cent():
    record = received(("Datums", "Atvērumi"), (JAN1, "3,4%"), (JAN2, "n/a"), (JAN2, "5 %"))
    choices = Choices({"Atvērumi": HeadingChoice("new:average", "all")}, {})

    imported(answered(record, choices))

    assert [value for *_key, value in measured()] == ["3.40", "5.00"]
    assert Series.objects.get(name="Atvērumi").unit == Unit.PERCENT


# One after another


def test_a_list_is_confirmed_and_carried_out_once():
    record = answered(received(*DAILY))

    assert importing.confirm(record, NOW)
    assert not importing.confirm(record, NOW)
    importing.go_on(record, clock)
    late = ListImport.objects.get(pk=record.pk)
    late.state = ListImport.State.WRITING
    importing.go_on(late, clock)

    assert Reading.objects.filter(source=Reading.LIST).count() == 1


def test_a_worker_that_was_overtaken_stops_and_changes_nothing():
    record = received(*DAILY)
    late = ListImport.objects.select_related("file", "by").get(pk=record.pk)
    late.state = ListImport.State.READING

    importing.go_on(late, clock)

    record.refresh_from_db()
    assert record.state == ListImport.State.MAPPING


def test_a_worker_whose_list_was_discarded_meanwhile_stops():
    record = received(*DAILY)
    answered_elsewhere = ListImport.objects.select_related("file", "by").get(pk=record.pk)
    answered_elsewhere.state = ListImport.State.DECIDING
    importing.discard(record)

    importing.go_on(answered_elsewhere, clock)

    assert not ListImport.objects.exists()


def test_a_list_whose_worker_is_gone_is_taken_up_once_and_then_left_to_people(monkeypatch):
    record = received(*DAILY)
    ListImport.objects.update(state="deciding", moved_at=riga(2026, 3, 10, 11, 50))
    asked = []
    monkeypatch.setattr("kpi.tasks.go_on_with_list.delay", asked.append)

    for minute in (0, 1, 10):
        with time_machine.travel(riga(2026, 3, 10, 12, minute), tick=False):
            tasks.take_up_stuck_lists()

    assert asked == [record.pk]


def test_a_discarded_list_leaves_nothing(django_capture_on_commit_callbacks):
    record = answered(received(*DAILY))
    file, path = record.file.file, record.file.file.path

    with django_capture_on_commit_callbacks(execute=True):
        assert importing.discard(record)

    assert not ListImport.objects.exists()
    assert not StoredFile.objects.exists()
    assert not file.storage.exists(path)
    assert measured() == []


def test_an_imported_list_is_not_discarded():
    record = imported(answered(received(*DAILY)))

    assert not importing.discard(record)
    assert record.file.file.storage.exists(record.file.file.path)


def test_forgotten_lists_go_after_a_week():
    record = answered(received(*DAILY))

    assert importing.discard_forgotten(riga(2026, 3, 17, 11)) == 0
    assert importing.discard_forgotten(riga(2026, 3, 17, 13)) == 1
    assert not ListImport.objects.filter(pk=record.pk).exists()


def test_a_list_in_the_baltic_page_is_kept_as_it_was_sent():
    content = "Datums;Reakcijas (FB);Iesaiste, %\n01.01.2026.;47;3,4\n".encode("cp1257")
    upload = SimpleUploadedFile("Rādītāji.csv", content)

    record = importing.receive(upload, by=make_user(), language="en", now=NOW)
    importing.go_on(record, clock)
    imported(answered(record))

    assert (record.file.name, record.file.content_type) == ("Rādītāji.csv", "text/csv")
    with record.file.file.open() as kept:
        assert kept.read() == content
    assert [Decimal(row[3]) for row in measured()] == [47, Decimal("3.4")]


def test_what_is_no_list_is_refused_before_it_is_kept():
    with pytest.raises(ListError, match="not a spreadsheet"):
        importing.receive(
            SimpleUploadedFile("kpi.xlsx", b"%PDF-1.7"), by=make_user(), language="en", now=NOW
        )

    assert not StoredFile.objects.exists()
