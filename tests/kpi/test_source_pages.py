"""The pages of the sources and of traffic: state in words, reading again, visits apart."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.models import Role, User
from goals.models import Series
from kpi import reading
from kpi.models import Reading, Traffic
from kpi.periods import Period, Span
from kpi.traffic_line import over_time
from tests.factories import make_reading, make_user, measure, riga

pytestmark = pytest.mark.django_db

NOW = riga(2026, 11, 26, 9)


@pytest.fixture
def steady(settings):
    settings.KPI_SOURCES = {"steady": "tests.fakes.SteadySource"}


@pytest.fixture
def head(client_for):
    return client_for(make_user(role=Role.MARKETING_HEAD, language="en"))


def page(client, name="source_detail", *args, **query):
    with time_machine.travel(NOW, tick=False):
        return client.get(reverse(f"kpi:{name}", args=args), query).content.decode()


def ask(client, first, last, key="steady"):
    with time_machine.travel(NOW, tick=False):
        days = {"first": first, "last": last}
        return client.post(reverse("kpi:source_read", args=[key]), days, follow=True)


def read_until(day, **fields):
    return make_reading(
        source="steady", first_day=day, last_day=day, progress_done=1, progress_of=1, **fields
    )


def test_a_source_that_has_read_yesterday_is_up_to_date(steady, head):
    read_until(date(2026, 11, 25))

    shown = page(head, "source_list")

    assert "up to date" in shown
    with override("en"):
        yesterday, tomorrow = (
            date_format(date(2026, 11, day), "SHORT_DATE_FORMAT") for day in (25, 27)
        )
    assert yesterday in shown
    assert f"{tomorrow}, 06:30" in shown


def test_a_source_that_has_not_is_behind_once_the_morning_is_over(steady, head):
    read_until(date(2026, 11, 24))

    assert "days are missing" in page(head, "source_list")
    with time_machine.travel(riga(2026, 11, 26, 7), tick=False):
        early = head.get(reverse("kpi:source_list")).content.decode()
    assert "up to date" in early


def test_why_a_source_was_not_read_stands_in_words_with_when_it_is_tried_again(steady, head):
    make_reading(
        source="steady",
        state=Reading.State.FAILED,
        error="The quota is used up.",
        repeat_at=riga(2026, 11, 26, 10),
    )

    for shown in (page(head, "source_list"), page(head, "source_detail", "steady")):
        assert "not read" in shown
        assert "The quota is used up." in shown
    assert "It is tried again on" in shown


def test_a_source_that_is_on_and_was_never_read_says_so(steady, head):
    assert "not read yet" in page(head, "source_list")


def test_a_source_that_is_off_says_what_is_not_set_up_and_cannot_be_read(settings, head):
    settings.KPI_SOURCES = {"off": "tests.fakes.SourceThatIsOff"}

    shown = page(head, "source_detail", "off")

    assert "not read" not in page(head, "source_list")
    assert "It is not connected." in shown
    assert "Read days again" not in shown
    ask(head, "2026-11-01", "2026-11-02", key="off")
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("quota", "is_told"),
    [
        ({"tokens_per_day": [4, 19_999]}, True),
        ({"tokens_per_day": [4, 20_000]}, False),
        ({"tokens_per_hour": [4, 3_999], "tokens_per_day": [4, 150_000]}, True),
        ({"a quota of later": [4, 1]}, False),
    ],
)
def test_less_than_a_tenth_of_what_google_grants_is_told(steady, head, quota, is_told):
    """A request costs a few tokens: what it cost says nothing of what was granted."""
    read_until(date(2026, 11, 25), details={"quota": quota})

    said = page(head, "source_detail", "steady")

    assert ("Less than a tenth of a quota of Google is left" in said) == is_told


def test_days_are_read_again_on_demand_by_who_asked_in_the_background(
    steady, head, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr("kpi.tasks.read_source.delay", asked.append)

    with django_capture_on_commit_callbacks(execute=True):
        shown = ask(head, "2026-11-01", "2026-11-08").content.decode()

    row = Reading.objects.get()
    assert asked == [row.pk]
    assert (row.first_day, row.last_day) == (date(2026, 11, 1), date(2026, 11, 8))
    assert row.by.role == Role.MARKETING_HEAD
    assert "0 of 8 days are done" in shown


def test_the_progress_is_shown_alone_until_the_reading_ends_and_then_the_page_is_fetched(
    steady, head
):
    row = reading.begin("steady", date(2026, 11, 1), date(2026, 11, 8), now=NOW)
    reading._step(row, lambda: NOW)
    address = reverse("kpi:source_detail", args=["steady"])

    running = head.get(address, headers={"HX-Request": "true"})
    reading.carry_on(row.pk, lambda: NOW)
    ended = head.get(address, headers={"HX-Request": "true"})

    assert "3 of 8 days are done" in running.content.decode()
    assert "<html" not in running.content.decode()
    assert ended.headers["HX-Refresh"] == "true"


def test_a_source_that_is_being_read_is_not_read_twice(steady, head):
    reading.begin("steady", date(2026, 11, 1), date(2026, 11, 8), now=NOW)

    shown = ask(head, "2026-11-01", "2026-11-08").content.decode()

    assert "It is being read already" in shown
    assert Reading.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-01", "2026-11-26", "Yesterday at the latest"),
        ("2026-11-08", "2026-11-01", "before the last day"),
        ("2020-01-01", "2026-11-01", "days are read at once"),
        ("1999-01-01", "1999-01-02", "before the year 2000"),
        ("", "2026-11-01", "required"),
    ],
)
def test_days_that_cannot_be_read_are_refused_in_words(steady, head, first, last, words):
    assert words in ask(head, first, last).content.decode()
    assert not Reading.objects.exists()


def test_what_makes_figures_approximate_stands_above_them(steady, head):
    read_until(date(2026, 11, 25), details={"thresholded": True, "time_zone": "America/New_York"})

    shown = page(head, "source_detail", "steady")

    assert "withholds rows" in shown
    assert "America/New_York" in shown


def test_the_history_takes_as_many_queries_for_thirty_readings_as_for_three(steady, head):
    counts = []
    for _round in (3, 22):
        for _number in range(_round):
            read_until(date(2026, 11, 25), by=make_user())
        with CaptureQueriesContext(connection) as queries:
            page(head, "source_detail", "steady")
        counts.append(len(queries))

    assert counts[0] == counts[1]


# Traffic -----------------------------------------------------------------------------------------


def visit(source, sessions, **fields):
    row = {"day": date(2026, 11, 20), "channel_group": "Organic Social", "medium": "referral"}
    return Traffic.objects.create(
        **{**row, "network": "", "reading": make_reading(), **fields},
        source=source,
        sessions=sessions,
        page_views=2 * sessions,
    )


@pytest.fixture
def visited():
    """Have visits of a day, from Facebook with and without money, and from a search."""
    visit("m.facebook.com", 30, network="facebook")
    visit("facebook", 20, network="facebook", is_paid=True, channel_group="Paid Social")
    visit("google", 50, channel_group="Organic Search", medium="organic")
    visit("google", 1000, day=date(2025, 11, 20))
    measure(Series.objects.get(key="home_page_traffic"), {date(2026, 11, 20): 100})


def test_visits_are_shown_by_network_group_and_source_with_paid_ones_apart(visited, head):
    shown = page(head, "traffic", first="2026-11-20", last="2026-11-20")

    assert "100 visits; 50 from social networks, of which 20 paid for." in shown
    assert "have not been read" not in shown
    for words in ("m.facebook.com", "Paid Social", "Organic Search", "not a social network"):
        assert words in shown


def test_days_of_which_nothing_was_read_are_told(visited, head):
    shown = page(head, "traffic", first="2026-11-19", last="2026-11-30")

    # The 20th is read, and from the 26th on nothing can be read yet.
    assert "6 days of this period have not been read" in shown


def test_traffic_comes_as_a_file_as_well(visited, head):
    with time_machine.travel(NOW, tick=False):
        query = {"first": "2026-11-20", "last": "2026-11-20", "as": "csv"}
        text = head.get(reverse("kpi:traffic"), query).content.decode("utf-8-sig")

    assert "Social networks;Facebook;;no;30;60;30.0;no data" in text.splitlines()


def test_visits_stand_beside_those_of_the_same_days_a_year_before(visited, head):
    visit("m.facebook.com", 7, network="facebook", day=date(2025, 11, 20))
    measure(Series.objects.get(key="home_page_traffic"), {date(2025, 11, 20): 1007})
    with time_machine.travel(NOW, tick=False):
        query = {"first": "2026-11-20", "last": "2026-11-20", "as": "csv"}
        text = head.get(reverse("kpi:traffic"), query).content.decode("utf-8-sig")

    assert "Social networks;Facebook;;no;30;60;30.0;7" in text.splitlines()
    assert "Social networks;Facebook;;yes;20;40;20.0;0" in text.splitlines()
    shown = page(head, "traffic", first="2026-11-20", last="2026-11-20")
    assert "The same days a year before (20 Nov 2025 – 20 Nov 2025): 1007 visits" in shown


def test_visits_have_a_line_for_each_channel_group(visited, head):
    user = User.objects.get()
    series = Series.objects.get(key="home_page_traffic")
    measure(series, {date(2026, 11, 12): 60})
    measure(series, {date(2026, 11, 3): 0}, reading=make_reading(source="ga4"))
    measure(series, {date(2026, 10, 28): 70}, reading=make_reading(source=Reading.LIST))
    visit("google", 60, day=date(2026, 11, 12), channel_group="Organic Search")
    measure(series, {date(2025, 11, 10): 5})
    days = Period(date(2026, 10, 25), date(2026, 11, 20))

    line = over_time(days, Span.WEEK, user, NOW.date())

    assert [(group.name, group.visits) for group in line.groups] == [
        ("Organic Search", [None, None, 0, 60, 50]),
        ("Organic Social", [None, None, 0, 0, 30]),
        ("Paid Social", [None, None, 0, 0, 20]),
    ]
    assert line.together[1].figure.value == 70  # of which group, no list tells
    week = line.together[3]
    assert (week.figure.value, week.before.value) == (60, 5)


def test_the_page_of_traffic_asks_as_often_for_many_groups_as_for_one(visited, head):
    def count():
        with CaptureQueriesContext(connection) as queries:
            page(head, "traffic", first="2026-11-01", last="2026-11-20")
        return len(queries)

    few = count()
    for number in range(9):
        visit("x", 5, channel_group=f"Group {number}", day=date(2026, 11, 10 + number))

    assert count() == few


def test_days_the_wrong_way_round_or_none_at_all_are_taken_as_they_were_meant(visited, head):
    shown = page(head, "traffic", first="2026-11-21", last="2026-11-20")
    assert "100 visits" in shown
    assert "100 visits" in page(head, "traffic", first="nonsense")


def test_the_last_moment_of_a_morning_is_the_same_by_any_clock():
    """Half past six in Riga is an hour earlier in UTC in summer than in winter."""
    summer = reading.last_due(riga(2026, 7, 1, 12)).astimezone(UTC)
    winter = reading.last_due(riga(2026, 12, 1, 12)).astimezone(UTC)

    assert summer == datetime(2026, 7, 1, 3, 30, tzinfo=UTC)
    assert winter == datetime(2026, 12, 1, 4, 30, tzinfo=UTC)
    assert reading.last_due(riga(2026, 7, 1, 6)) == riga(2026, 6, 30, 6, 30)
