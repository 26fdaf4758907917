"""The client of Google Analytics against a server that speaks the real messages."""

import json
import time
from datetime import date, timedelta

import pytest

from integrations.ga4 import client as client_module
from integrations.ga4 import errors, open_client
from integrations.ga4.addresses import AddressError, checked_property, sandbox_address
from integrations.ga4.answers import rows_of
from integrations.ga4.reports import BY_SOURCE, Flags, Report
from integrations.ga4.sandbox import Fault, Property, running_sandbox

TODAY = date(2026, 11, 26)
MONDAY = date(2026, 11, 16)
DAY = timedelta(days=1)


@pytest.fixture
def property_():
    return Property(today=TODAY)


@pytest.fixture
def sandbox(property_):
    with running_sandbox(property_) as sandbox:
        yield sandbox


@pytest.fixture
def no_waiting(monkeypatch):
    monkeypatch.setattr(client_module.random, "uniform", lambda *bounds: 0)


@pytest.fixture
def client(sandbox, no_waiting):
    with open_client("123456789", endpoint=sandbox.endpoint, timeout=5) as client:
        yield client


def test_days_and_sources_come_as_dates_and_whole_numbers(client):
    daily = client.daily(MONDAY, MONDAY + 2 * DAY)

    assert {row.day for row in daily.rows} == {MONDAY, MONDAY + DAY, MONDAY + 2 * DAY}
    assert [total.day for total in daily.totals] == [MONDAY, MONDAY + DAY, MONDAY + 2 * DAY]
    assert all(isinstance(row.sessions, int) and row.sessions > 0 for row in daily.rows)
    assert daily.time_zone == "Europe/Riga"


def test_visits_add_up_and_users_do_not(client):
    daily = client.daily(MONDAY, MONDAY)

    [total] = daily.totals
    assert sum(row.sessions for row in daily.rows) == total.sessions
    assert sum(row.page_views for row in daily.rows) == total.page_views
    assert sum(row.users for row in daily.rows) > total.users


def test_several_reports_go_in_one_call(client, property_):
    client.daily(MONDAY, MONDAY)

    assert property_.calls == 1


def test_pages_are_read_until_every_row_is_there_once(sandbox, property_):
    with open_client("123456789", endpoint=sandbox.endpoint) as whole:
        expected = whole.daily(MONDAY, MONDAY + DAY).rows
    calls = property_.calls

    with open_client("123456789", endpoint=sandbox.endpoint, page=10) as paging:
        found = paging.daily(MONDAY, MONDAY + DAY).rows

    assert found == expected
    assert property_.calls - calls == -(-len(expected) // 10)


def test_a_page_that_is_emptied_midway_ends_the_reading(sandbox, property_, monkeypatch):
    with open_client("123456789", endpoint=sandbox.endpoint, page=10) as client:
        read = client._call

        def emptied(batch):
            if batch["requests"][0]["offset"] > 0:
                property_.empty_days = {MONDAY}
            answer = read(batch)
            for report in answer.reports:
                report.row_count = 25
            return answer

        monkeypatch.setattr(client, "_call", emptied)
        assert len(client.daily(MONDAY, MONDAY).rows) == 10


def test_a_report_the_service_would_refuse_cannot_be_defined():
    with pytest.raises(ValueError, match="at most 9 dimensions and 10 metrics"):
        Report(tuple("abcdefghij"), ("sessions",))
    with pytest.raises(ValueError, match="at most 9 dimensions and 10 metrics"):
        Report(("date",), tuple("abcdefghijk"))


def test_an_unknown_dimension_is_refused_once_and_never_tried_again(client, property_):
    with pytest.raises(errors.DefinitionError, match="cityOfBirth is not a valid dimension"):
        client._read([Report(("cityOfBirth",), ("sessions",))], MONDAY, MONDAY)

    assert property_.calls == 1


def test_what_cannot_be_reached_twice_is_read_the_third_time(client, property_):
    property_.faults.extend([Fault.UNAVAILABLE, Fault.UNAVAILABLE])

    assert client.daily(MONDAY, MONDAY).rows
    assert property_.calls == 3


@pytest.mark.parametrize(
    ("fault", "error", "calls"),
    [
        (Fault.UNAVAILABLE, errors.NotAnsweringError, 3),
        (Fault.INTERNAL, errors.NotAnsweringError, 2),
        (Fault.PERMISSION, errors.NoAccessError, 1),
        (Fault.UNAUTHENTICATED, errors.SignInError, 1),
        (Fault.EXHAUSTED, errors.QuotaError, 1),
    ],
)
def test_each_error_is_told_apart_and_tried_no_more_than_it_may(
    client, property_, fault, error, calls
):
    property_.always = fault

    with pytest.raises(error) as raised:
        client.daily(MONDAY, MONDAY)

    assert property_.calls == calls
    assert raised.value.is_temporary == (fault in (Fault.UNAVAILABLE, Fault.INTERNAL, "exhausted"))


def test_repetitions_keep_to_their_budget_of_time(client, property_, monkeypatch):
    property_.always = Fault.UNAVAILABLE
    monkeypatch.setattr(client_module, "BUDGET", 0.9)
    monkeypatch.setattr(client_module.random, "uniform", lambda *bounds: 1)

    with pytest.raises(errors.NotAnsweringError):
        client.daily(MONDAY, MONDAY)

    assert property_.calls == 1


def test_a_repetition_that_is_not_answered_ends_with_the_budget(client, property_, monkeypatch):
    property_.faults.append(Fault.UNAVAILABLE)
    property_.always, property_.slow_seconds = Fault.SLOW, 30
    monkeypatch.setattr(client_module, "BUDGET", 1)
    began = time.monotonic()

    with pytest.raises(errors.NotAnsweringError):
        client.daily(MONDAY, MONDAY)

    assert property_.calls == 2
    assert time.monotonic() - began < 4


def test_a_service_that_does_not_answer_is_given_up(sandbox, property_, no_waiting):
    property_.always, property_.slow_seconds = Fault.SLOW, 30
    began = time.monotonic()

    with (
        open_client("123456789", endpoint=sandbox.endpoint, timeout=0.3) as client,
        pytest.raises(errors.NotAnsweringError),
    ):
        client.daily(MONDAY, MONDAY)

    assert property_.calls == 2
    assert time.monotonic() - began < 20


def test_an_unknown_property_is_not_tried_again(sandbox, property_):
    with (
        open_client("987654321", endpoint=sandbox.endpoint) as client,
        pytest.raises(errors.PropertyUnknownError),
    ):
        client.daily(MONDAY, MONDAY)

    assert property_.calls == 1


def test_nobody_listening_is_an_error_of_the_connection(no_waiting):
    with running_sandbox() as sandbox:
        endpoint = sandbox.endpoint

    with (
        open_client("123456789", endpoint=endpoint, timeout=1) as client,
        pytest.raises(errors.NotAnsweringError),
    ):
        client.daily(MONDAY, MONDAY)


def test_what_is_restated_is_read_anew(client, property_):
    before = client.daily(MONDAY, MONDAY)
    property_.factor = 1.2
    property_.hidden_sources = {"delfi.lv"}

    after = client.daily(MONDAY, MONDAY)

    assert sum(row.sessions for row in after.rows) > sum(row.sessions for row in before.rows)
    assert "delfi.lv" not in {row.source for row in after.rows}


def test_yesterday_grows_while_it_is_still_counted(sandbox, property_):
    with open_client("123456789", endpoint=sandbox.endpoint) as client:
        [early] = client.daily(TODAY - DAY, TODAY - DAY).totals
        property_.today = TODAY + 5 * DAY
        [late] = client.daily(TODAY - DAY, TODAY - DAY).totals

    assert early.sessions < late.sessions


def test_a_day_without_visits_is_not_in_the_answer(client, property_):
    property_.empty_days = {MONDAY}

    daily = client.daily(MONDAY, MONDAY)

    assert (daily.rows, daily.totals) == ([], [])


def test_what_makes_numbers_approximate_is_told(client, property_):
    assert client.daily(MONDAY, MONDAY).flags == Flags()

    property_.thresholded = property_.other_row = property_.sampled = True
    property_.time_zone = "America/New_York"

    daily = client.daily(MONDAY, MONDAY)
    assert daily.flags == Flags(thresholded=True, other_row=True, sampled=True)
    assert daily.time_zone == "America/New_York"


def test_the_quota_that_is_left_is_told(client, property_):
    assert client.daily(MONDAY, MONDAY).quota["tokens_per_day"][1] < property_.tokens


def test_columns_are_read_by_their_names_in_whatever_order():
    from google.analytics.data_v1beta import types

    answer = types.RunReportResponse(
        dimension_headers=[{"name": "sessionSource"}, {"name": "date"}],
        metric_headers=[
            {"name": "screenPageViews", "type_": 1},
            {"name": "engagementRate", "type_": 2},
        ],
        rows=[
            {
                "dimension_values": [{"value": "ig"}, {"value": "20261116"}],
                "metric_values": [{"value": "12"}, {"value": "0.25"}],
            }
        ],
    )

    [row] = rows_of(answer)

    assert (row["date"], row["sessionSource"], row["screenPageViews"]) == ("20261116", "ig", 12)
    assert str(row["engagementRate"]) == "0.25"


def test_days_are_asked_for_as_dates_and_in_an_order():
    request = BY_SOURCE.request(MONDAY, MONDAY + DAY, offset=0, limit=5)

    assert request["date_ranges"] == [{"start_date": "2026-11-16", "end_date": "2026-11-17"}]
    assert len(request["order_bys"]) == len(request["dimensions"])


@pytest.mark.parametrize("text", ["", "G-ABC123", "UA-1-1", "12", "properties/123456"])
def test_a_measurement_id_is_no_property(text):
    with pytest.raises(AddressError, match="is a number of 4 to 12 digits"):
        checked_property(text)


@pytest.mark.parametrize(
    "endpoint",
    [
        "grpc+insecure://analytics.example.org:443",
        "grpc+insecure://10.0.0.1:443",
        "127.0.0.1:443",
        "grpc+insecure://127.0.0.1",
        "https://127.0.0.1:443",
    ],
)
def test_without_tls_only_this_machine_is_asked(endpoint):
    with pytest.raises(AddressError, match="sandbox on this machine"):
        sandbox_address(endpoint)


@pytest.mark.parametrize(
    ("endpoint", "address"),
    [
        ("", ""),
        ("grpc+insecure://127.0.0.1:8026", "127.0.0.1:8026"),
        ("grpc+insecure://localhost:8026", "localhost:8026"),
        ("grpc+insecure://[::1]:8026", "[::1]:8026"),
    ],
)
def test_a_sandbox_on_this_machine_has_an_address(endpoint, address):
    assert sandbox_address(endpoint) == address


def test_a_missing_or_damaged_key_is_said_without_its_content(tmp_path):
    damaged = tmp_path / "key.json"
    damaged.write_text(json.dumps({"type": "service_account", "private_key": "SECRET-STUFF"}))

    for path in (str(tmp_path / "none.json"), str(damaged)):
        with (
            pytest.raises(errors.SignInError) as raised,
            open_client("123456789", credentials_file=path),
        ):
            pass
        assert "SECRET-STUFF" not in str(raised.value)
        assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_no_access_names_the_account_to_be_added(client, property_, monkeypatch):
    property_.always = Fault.PERMISSION
    monkeypatch.setattr(client, "_account", "reader@project.iam.example")

    with pytest.raises(errors.NoAccessError) as raised:
        client.daily(MONDAY, MONDAY)

    assert raised.value.service_account == "reader@project.iam.example"
