"""The page of a series: its line, its table, what happened, where a number comes from, notes."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from files.uploads import store
from kpi import figures
from kpi.asked import Asked
from kpi.charts import Chart, Line, Mark, placed
from kpi.models import Channel, Note, Reading
from kpi.origin import growth_begins_at, sources_of
from kpi.periods import Period, Span, period_of, periods
from kpi.series_page import described, entries, target_line, targets_of
from tests.factories import make_event, make_kpi_channel, make_reading, make_user, measure, riga
from tests.kpi.making import NOW, TODAY, days, make_aimed, measure_leads, series
from tests.plans.making import make_activity, make_channel, make_intake, make_publication

pytestmark = pytest.mark.django_db
JANUARY = date(2026, 1, 1)


@pytest.fixture
def head():
    return make_user(full_name="Anna Ozoliņa")


@pytest.fixture
def page(client_for, head):
    """Give a page as the marketing head gets it, on 11 March."""
    client = client_for(head)

    def get(address="/kpi/new_leads/", **posted):
        with time_machine.travel(NOW, tick=False):
            return client.post(address, posted) if posted else client.get(address)

    return get


def drawn(response):
    """Give what the chart of a page is drawn from."""
    script = re.search(r'<script id="chart"[^>]*>(.*?)</script>', response.content.decode())
    return json.loads(script.group(1))


def asked(span=Span.MONTH, first=JANUARY, last=TODAY):
    return Asked(span, first, last)


def test_the_page_names_the_sources_of_its_days_each_with_its_last_reading(page, head):
    ga4, again = make_reading(source="ga4"), make_reading(source="ga4")
    typed = make_reading(source="hand", by=head, started_at=riga(2026, 3, 10, 9, 30))
    measure(series(), days(date(2026, 2, 1), 20), reading=ga4)
    measure(series(), {date(2026, 2, 20): 5}, reading=again)
    measure(series(), {date(2026, 3, 9): 3}, reading=typed)
    measure(series(), {date(2025, 1, 1): 3}, reading=make_reading(source="bitrix24"))

    found = sources_of(series(), None, Period(JANUARY, TODAY))
    said = page("/kpi/new_leads/?span=month&first=2026-01-01&last=2026-03-11").content.decode()

    assert [(each.last, each.count, each.last_day) for each in found] == [
        (again, 20, date(2026, 2, 20)),
        (typed, 1, date(2026, 3, 9)),
    ]
    for words in (
        '<a href="/kpi/sources/ga4/">Google Analytics</a>',
        "20 values, up to 20 Feb 2026",
        "last read: typed in by hand, Anna Ozoliņa, 10 Mar 2026, 09:30",
    ):
        assert words in said
    assert "Bitrix24" not in said.split('id="sources"')[1].split('id="notes"')[0]


def test_a_day_that_was_not_measured_is_a_gap_in_the_line_and_no_data_in_the_table(page):
    measure(series(), {date(2026, 3, 8): 3, date(2026, 3, 10): 0})

    response = page("/kpi/new_leads/?span=day&first=2026-03-08&last=2026-03-10")

    assert drawn(response)["lines"][0]["values"] == [3, None, 0]
    assert response.content.decode().count("no data</span>") >= 1


@pytest.mark.parametrize("span", Span)
def test_the_running_period_is_marked_and_has_the_same_days_of_a_year_before_beside(span):
    measure_leads(date(2025, 1, 1), date(2025, 12, 31), 1)
    measure_leads()

    last = entries(series(), asked(span), TODAY)[-1]

    assert last.figure.is_so_far
    passed = {Span.DAY: None, Span.WEEK: 2, Span.MONTH: 10, Span.YEAR: 69}[span]
    if passed:
        assert (last.figure.value, last.before.value) == (2 * passed, passed)
        assert last.change == 100
    else:
        assert (last.figure.value, last.before.value) == (None, 1)


def test_a_week_that_the_year_before_did_not_have_stands_alone():
    measure_leads(date(2020, 12, 28), date(2021, 1, 3))

    [week] = entries(series(), asked(Span.WEEK, date(2020, 12, 28), date(2021, 1, 3)), TODAY)

    assert week.figure.period.first.isocalendar().week == 53
    assert (week.figure.value, week.before) == (14, None)


def test_events_publications_and_notes_stand_on_the_days_they_happened(page, head):
    make_event(starts_at=riga(2026, 3, 4, 0, 30), title="Naktī", title_en="At night")
    activity = make_activity(make_intake(), title_en="Free webinar")
    channel = make_channel(activity.intake, name="Facebook")
    make_publication(
        activity, channel, published_at=riga(2026, 3, 5, 23, 30), url="https://example.org"
    )
    make_publication(activity, channel)
    Note.objects.create(series=series(), day=date(2026, 3, 6), text="A fair", by=head, at=NOW)
    measure_leads()

    chart = drawn(page("/kpi/new_leads/?span=day&first=2026-03-01&last=2026-03-10"))

    assert [(mark["at"], mark["kind"]) for mark in chart["marks"]] == [
        (3, "event"),
        (4, "publication"),
        (5, "note"),
    ]
    assert chart["marks"][0]["name"] == "At night"


@given(st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.sampled_from(Span), st.integers(1, 900))
def test_what_happened_is_put_into_the_period_that_has_its_day(first, span, count):
    shown = periods(span, first, first + timedelta(days=count))
    marks = [Mark(first + timedelta(days=at), "", "note") for at in range(-400, count + 400, 7)]

    for at, mark in placed(marks, shown):
        assert shown[at].first <= mark.day <= shown[at].last
    inside = [mark for mark in marks if shown[0].first <= mark.day <= shown[-1].last]
    assert len(placed(marks, shown)) == len(inside)


@pytest.mark.parametrize("span", [Span.DAY, Span.WEEK, Span.MONTH, Span.YEAR])
def test_the_target_of_what_adds_up_is_shared_out_over_the_periods_whole(span):
    for year in (2025, 2026, 2027):
        make_aimed(target=730, year=year)
    indicators = list(targets_of(series()))
    shown = [
        each
        for each in periods(span, date(2025, 12, 20), date(2027, 1, 10))
        if each.first.year <= 2027
    ]

    due = target_line(series(), indicators, shown, TODAY)

    assert due == pytest.approx([2 * each.length for each in shown], rel=1e-9)


def test_a_level_has_the_way_to_its_target_drawn():
    make_aimed("followers", start=1000, target=1365)
    found = target_line(
        series("followers"),
        list(targets_of(series("followers"))),
        periods(Span.MONTH, date(2026, 1, 1), date(2026, 12, 31)),
        TODAY,
    )

    assert (found[0], found[-1]) == (1031, 1365)


def test_the_way_to_a_target_begins_at_the_level_measured_before_where_its_goal_has_no_start():
    make_aimed("followers", target=1365)
    make_aimed("followers", target=1000, year=2025)
    measure(series("followers"), {date(2025, 12, 30): 1000, date(2026, 1, 9): 1200})

    found = target_line(
        series("followers"),
        list(targets_of(series("followers"))),
        periods(Span.MONTH, date(2025, 12, 1), date(2026, 12, 31)),
        TODAY,
    )

    assert (found[0], found[1], found[-1]) == (None, 1031, 1365)


def test_a_line_of_one_channel_has_no_target_of_all(page):
    facebook = Channel.objects.get(key="facebook")
    make_aimed()
    measure(series(), days(JANUARY, 69, 5), facebook)
    measure(series(), days(JANUARY, 69, 7), Channel.objects.get(key="instagram"))

    whole, part = page("/kpi/new_leads/"), page("/kpi/new_leads/?channel=facebook&span=month")

    assert drawn(whole)["target"]["name"] == "Target"
    assert drawn(part)["target"] is None
    assert drawn(part)["lines"][0]["values"][-2:] == [140, 50]


def test_the_chart_says_in_words_what_it_shows():
    measure(series(), {date(2026, 3, 8): 3, date(2026, 3, 10): 7})

    with override("en"):
        found = entries(series(), asked(Span.DAY, date(2026, 3, 8), date(2026, 3, 10)), TODAY)
        said = described(series(), found, asked(Span.DAY, date(2026, 3, 8), date(2026, 3, 10)))

    assert said == (
        "New leads, 08 Mar 2026 – 10 Mar 2026: lowest 3 (08 Mar 2026), highest 7 (10 Mar 2026),"
        " last 7 (10 Mar 2026); periods without data: 1."
    )


def test_a_number_leads_to_its_file_row_person_and_what_it_was_before(
    page, head, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("marts.csv", b"1;2")
    file = store(upload, by=head, at=NOW)
    measure(series(), {date(2026, 3, 4): 3}, reading=make_reading(source="ga4"))
    listed = make_reading(source=Reading.LIST, by=head, file=file)
    measure(series(), {date(2026, 3, 4): 5}, reading=listed, at=NOW)

    said = page("/kpi/new_leads/origin/?first=2026-03-04&last=2026-03-04").content.decode()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", said))

    assert "an imported list: marts.csv.txt, Anna Ozoliņa" in words
    assert "3 Google Analytics" in words


def begins_at(of, channel=None):
    found = growth_begins_at(series("followers_growth"), channel and channel.pk, of, TODAY)
    return [(each.channel, each.day, each.value) for each in found]


def test_a_growth_names_the_levels_it_is_counted_from_on_the_channels_that_count(page):
    facebook, instagram, other = Channel.objects.exclude(key="home_page")
    tiktok, levels = make_kpi_channel(), series("followers")
    measure(levels, {date(2026, 1, 30): 90, date(2026, 1, 31): 100}, facebook)
    measure(levels, {date(2026, 1, 3): 40}, other)
    measure(levels, {date(2026, 1, 31): 70}, tiktok)  # gone in February: it does not count
    measure(levels, {date(2025, 12, 31): 1}, instagram)  # and what began before January
    measure(levels, {date(2026, 2, 28): 130}, facebook)
    measure(levels, {date(2026, 2, 27): 50}, other)
    measure(levels, {date(2026, 2, 27): 5}, instagram)
    february = period_of(Span.MONTH, date(2026, 2, 1))

    assert begins_at(february) == [
        (facebook, date(2026, 1, 31), 100),
        (other, date(2026, 1, 3), 40),
    ]
    assert begins_at(february, other) == [(other, date(2026, 1, 3), 40)]
    [figure] = figures.read(
        [series("followers_growth")], Span.MONTH, february.first, february.last, today=TODAY
    )[series("followers_growth").pk]
    assert figure.value == 30 + 10
    assert growth_begins_at(levels, None, february, TODAY) == []
    shown = page("/kpi/followers_growth/?span=month&first=2026-02-01&last=2026-02-28")
    address = "/kpi/followers_growth/origin/?first=2026-02-01&amp;last=2026-02-28&amp;span=month"
    assert address in shown.content.decode()
    said = page(address.replace("&amp;", "&")).content.decode()
    assert "Where the growth begins" in said
    assert "03 Jan 2026" in said


def test_a_growth_without_a_period_before_is_counted_from_the_first_level_in_its_days():
    facebook = Channel.objects.get(key="facebook")
    measure(series("followers"), {date(2026, 2, 3): 90, date(2026, 2, 28): 100}, facebook)

    february = period_of(Span.MONTH, date(2026, 2, 1))

    assert begins_at(february) == [(facebook, date(2026, 2, 3), 90)]


def test_a_growth_begins_at_the_level_given_for_the_month_where_that_is_what_counts():
    facebook = Channel.objects.get(key="facebook")
    measure(series("followers"), {date(2026, 1, 20): 90}, facebook)
    measure(series("followers"), {date(2026, 1, 1): 95}, facebook, span=Span.MONTH)
    measure(series("followers"), {date(2026, 2, 28): 100}, facebook)

    assert begins_at(period_of(Span.MONTH, date(2026, 2, 1))) == [(facebook, date(2026, 1, 1), 95)]


def test_only_the_rows_of_a_page_are_fetched_of_where_numbers_come_from(page):
    measure(series(), days(date(2026, 1, 1), 60))

    with CaptureQueriesContext(connection) as queries:
        page("/kpi/new_leads/origin/?first=2026-01-01&last=2026-03-01&page=2")

    of_page = [each["sql"] for each in queries if 'FROM "kpi_measurement"' in each["sql"]]
    assert sum("LIMIT" in sql for sql in of_page) == 1
    assert all("LIMIT" in sql or "COUNT(*)" in sql for sql in of_page)


def test_a_note_is_written_and_only_its_writer_or_the_head_takes_it_out(client_for, page):
    specialist, other = (make_user(role=Role.SPECIALIST) for _ in range(2))
    with time_machine.travel(NOW, tick=False):
        client_for(specialist).post(
            "/kpi/new_leads/notes/add/", {"day": "2026-03-04", "text": "A fair"}
        )
    note = Note.objects.get()

    assert (note.day, note.text, note.by, note.at) == (date(2026, 3, 4), "A fair", specialist, NOW)
    assert client_for(other).post(f"/kpi/notes/{note.pk}/take-out/").status_code == 403
    assert Note.objects.exists()
    page(f"/kpi/notes/{note.pk}/take-out/", really="yes")
    assert not Note.objects.exists()


def test_a_note_without_a_sentence_is_refused(page):
    page("/kpi/new_leads/notes/add/", day="2026-03-04", text="")

    assert not Note.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "span=decade",
        "first=yesterday",
        "first=2026-13-45",
        "first=2026-03-10&last=2026-03-01",
        "first=0001-01-01&last=9999-12-31",
        "channel=nowhere",
        "page=-5",
        "span=day&first=2006-03-12",
    ],
)
def test_whatever_is_asked_for_a_page_is_shown(page, query):
    measure_leads()

    assert page(f"/kpi/new_leads/?{query}").status_code == 200
    assert page(f"/kpi/new_leads/origin/?{query}").status_code == 200


def test_a_series_that_is_not_there_is_not_found(page):
    assert page("/kpi/nothing/").status_code == 404


def test_the_page_asks_as_often_for_a_few_days_as_for_years(page):
    def count(address):
        with CaptureQueriesContext(connection) as queries:
            assert page(address).status_code == 200
        return len(queries)

    make_aimed()
    make_event(starts_at=NOW)
    measure_leads(date(2026, 3, 1))
    few = count("/kpi/new_leads/?span=day"), count("/kpi/new_leads/origin/?span=day")
    for year in (2024, 2025):
        measure_leads(date(year, 1, 1), date(year, 12, 31))
        make_event(starts_at=riga(year, 5, 5))
        make_aimed(year=year)
    several = count("/kpi/new_leads/?span=day"), count("/kpi/new_leads/origin/?span=day")

    assert several == few


def test_a_chart_of_parts_is_lines_and_of_one_thing_that_adds_up_bars():
    of = [period_of(Span.DAY, TODAY)]
    one = Chart("", of, [Line("a", [Decimal(1)])], "", is_flow=True)
    parts = Chart("", of, [Line(name, [Decimal("1.5")], "part") for name in "ab"], "", is_flow=True)

    assert (one.config()["shape"], one.config()["decimals"]) == ("bars", 0)
    assert (parts.config()["shape"], parts.config()["decimals"]) == ("line", 2)
