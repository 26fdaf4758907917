"""Google Analytics as a source: whole days, networks apart, users never added up."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from goals.models import Series
from integrations.ga4.sandbox import Fault, Property, running_sandbox
from kpi import figures, reading
from kpi.models import EarlierValue, Measurement, Reading, Traffic
from kpi.periods import Span
from kpi.sources import get_source
from tests.factories import riga

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 26)
NOW = riga(2026, 11, 26, 7)
FIRST, LAST = date(2026, 11, 20), date(2026, 11, 25)


@pytest.fixture
def website(settings):
    """Run a sandbox Google Analytics and connect the application to it; give its property."""
    with running_sandbox(Property(today=TODAY)) as sandbox:
        settings.GA4_PROPERTY_ID = sandbox.property.number
        settings.GA4_ENDPOINT = sandbox.endpoint
        yield sandbox.property


def read(first=FIRST, last=LAST, now=NOW):
    row = reading.begin("ga4", first, last, now=now)
    assert not reading.carry_on(row.pk, lambda: now)
    row.refresh_from_db()
    return row


def value(key, day, channel=None):
    return Measurement.objects.get(series__key=key, day=day, channel__key=channel).value


def sessions(day, **where):
    return sum(Traffic.objects.filter(day=day, **where).values_list("sessions", flat=True))


def test_each_day_has_its_visits_users_and_page_views_and_the_networks_make_up_the_visits(website):
    row = read()

    assert (row.state, row.error) == (Reading.State.DONE, "")
    whole = value("home_page_traffic", FIRST)
    networks = ("facebook", "instagram", "other_social", "not_social")
    parts = {each: value("home_page_traffic", FIRST, each) for each in networks}
    assert whole == sum(parts.values()) == sessions(FIRST)
    assert parts["facebook"] == sessions(FIRST, network="facebook") > 0
    assert parts["instagram"] == sessions(FIRST, network="instagram") > 0
    assert 0 < value("users", FIRST) < whole < value("page_views", FIRST)


def test_visits_that_were_paid_for_stay_apart_within_a_network(website):
    read()

    paid = Traffic.objects.filter(day=FIRST, network="facebook", is_paid=True)
    assert {each.channel_group for each in paid} == {"Paid Social"}
    assert sessions(FIRST, network="facebook", is_paid=False) > 0


def test_users_of_a_stretch_are_their_mean_and_never_their_sum(website):
    read()
    users = Series.objects.get(key="users")

    days = [value("users", FIRST + timedelta(number)) for number in range(6)]
    mean = figures.total([users], FIRST, LAST, today=TODAY)[users.pk].value
    assert min(days) < mean < max(days)


def test_a_day_that_google_does_not_name_had_no_visit_and_a_day_not_read_has_no_data(website):
    website.empty_days = {FIRST}

    row = read(FIRST, FIRST + timedelta(1))

    assert row.state == Reading.State.DONE
    assert value("home_page_traffic", FIRST) == 0
    assert value("home_page_traffic", FIRST, "facebook") == 0
    series = Series.objects.get(key="home_page_traffic")
    after = FIRST + timedelta(2)
    (figure,) = figures.read([series], Span.DAY, after, after, today=TODAY)[series.pk]
    assert figure.value is None


def test_restated_days_replace_the_visits_of_the_whole_day_and_keep_what_was_there(website):
    read()
    before = value("home_page_traffic", FIRST)
    assert Traffic.objects.filter(day=FIRST, source="niid.lv").exists()
    website.factor, website.hidden_sources = 1.2, {"niid.lv"}

    row = read(FIRST, FIRST)

    assert value("home_page_traffic", FIRST) == sessions(FIRST) > before
    assert not Traffic.objects.filter(day=FIRST, source="niid.lv").exists()
    assert row.changed > 0
    earlier = EarlierValue.objects.get(
        measurement__series__key="home_page_traffic", measurement__channel=None
    )
    assert earlier.value == before


@pytest.mark.parametrize(
    ("fault", "words", "is_repeated"),
    [
        (Fault.PERMISSION, "as a viewer", False),
        (Fault.UNAUTHENTICATED, "GA4_CREDENTIALS_FILE", False),
        (Fault.EXHAUSTED, "quota", True),
    ],
)
def test_a_failure_is_told_in_words_and_leaves_what_was_there(
    website, settings, fault, words, is_repeated
):
    settings.LANGUAGE_CODE = "en"
    read()
    before = value("home_page_traffic", FIRST)
    website.always, website.calls = fault, 0

    row = read()

    assert row.state == Reading.State.FAILED
    assert words in row.error
    assert (row.repeat_at is not None) == is_repeated
    assert website.calls == 1
    assert value("home_page_traffic", FIRST) == before


def test_after_the_quota_it_is_read_in_the_next_hour(website):
    website.always = Fault.EXHAUSTED
    read()
    website.always = None

    (number,) = [
        each
        for each in reading.start_due(NOW + timedelta(hours=1))
        if Reading.objects.get(pk=each).source == "ga4"
    ]
    reading.carry_on(number, lambda: NOW + timedelta(hours=1))

    assert Reading.objects.get(pk=number).state == Reading.State.DONE


def test_what_makes_the_figures_approximate_is_kept_with_the_reading(website):
    website.thresholded, website.time_zone = True, "America/New_York"

    details = read().details

    assert (details["thresholded"], details["sampled"]) == (True, False)
    assert details["time_zone"] == "America/New_York"
    assert details["quota"]["tokens_per_day"][1] > 0


@pytest.mark.parametrize(
    ("number", "endpoint", "file", "words"),
    [
        ("", "", "", "GA4_PROPERTY_ID"),
        ("G-ABC123", "", "key.json", "GA4_PROPERTY_ID"),
        ("123456789", "grpc+insecure://analytics.example.org:80", "", "GA4_ENDPOINT"),
        ("123456789", "", "", "GA4_CREDENTIALS_FILE"),
        ("123456789", "", "/nowhere/key.json", "GA4_CREDENTIALS_FILE"),
        ("123456789", "", __file__, ""),
        ("123456789", "grpc+insecure://127.0.0.1:8026", "", ""),
    ],
)
def test_it_says_what_is_not_set_up(settings, number, endpoint, file, words):
    settings.GA4_PROPERTY_ID, settings.GA4_ENDPOINT = number, endpoint
    settings.GA4_CREDENTIALS_FILE = file

    missing = get_source("ga4").missing()

    assert missing.startswith(words) if words else missing == ""


def test_a_file_that_is_no_key_is_told_with_the_setting_that_names_it_and_without_its_text(
    settings, tmp_path
):
    key = tmp_path / "key.json"
    key.write_text('{"private_key": "not for the log"}')
    settings.GA4_PROPERTY_ID, settings.GA4_CREDENTIALS_FILE = "123456789", str(key)

    row = read()

    assert row.state == Reading.State.FAILED
    assert "GA4_CREDENTIALS_FILE" in row.error
    assert "not for the log" not in row.error


def test_the_first_reading_takes_a_year_in_pieces_of_a_month(website):
    first, last = reading.days_due(get_source("ga4"), NOW)
    assert (first, last) == (date(2025, 1, 1), timezone.localdate(NOW) - timedelta(1))

    row = read(first, last)

    assert (row.state, row.progress_done) == (Reading.State.DONE, 694)
    assert Measurement.objects.filter(series__key="users").count() == 694
