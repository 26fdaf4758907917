"""The sandbox keeps the limits of the real service."""

from datetime import date, timedelta

import grpc
import pytest
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.services.beta_analytics_data.transports import (
    BetaAnalyticsDataGrpcTransport,
)
from google.api_core import exceptions

from integrations.ga4.sandbox import Property, running_sandbox
from integrations.ga4.sandbox.visits import visits_on

DAYS = [{"start_date": "2026-11-16", "end_date": "2026-11-18"}]
NAME = "properties/123456789"
REPORT = {"dimensions": [{"name": "date"}], "metrics": [{"name": "sessions"}], "date_ranges": DAYS}


@pytest.fixture
def property_():
    return Property(today=date(2026, 11, 26))


@pytest.fixture
def service(property_):
    with running_sandbox(property_) as sandbox:
        channel = grpc.insecure_channel(sandbox.endpoint.removeprefix("grpc+insecure://"))
        service = BetaAnalyticsDataClient(transport=BetaAnalyticsDataGrpcTransport(channel=channel))
        yield service
        channel.close()


def test_reports_are_answered_in_the_order_of_the_batch(service):
    by_source = {**REPORT, "dimensions": [{"name": "sessionSource"}]}

    answer = service.batch_run_reports(
        {"property": NAME, "requests": [REPORT, by_source, REPORT]}, timeout=5
    )

    assert [each.dimension_headers[0].name for each in answer.reports] == [
        "date",
        "sessionSource",
        "date",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"dimensions": [{"name": "date"}] * 10},
        {"metrics": [{"name": "sessions"}] * 11},
        {"dimensions": [{"name": "cityOfBirth"}]},
        {"metrics": [{"name": "happiness"}]},
        {"date_ranges": DAYS * 5},
        {"date_ranges": [{"start_date": "2026-11-18", "end_date": "2026-11-16"}]},
        {"date_ranges": [{"start_date": "yesterdays", "end_date": "today"}]},
        {"limit": 250_001},
    ],
)
def test_a_wrong_report_is_an_invalid_argument(service, wrong):
    with pytest.raises(exceptions.InvalidArgument):
        service.run_report({"property": NAME, **REPORT, **wrong}, timeout=5)


def test_six_reports_are_too_many_for_a_batch(service):
    with pytest.raises(exceptions.InvalidArgument, match="at most 5"):
        service.batch_run_reports({"property": NAME, "requests": [REPORT] * 6}, timeout=5)


def test_relative_days_are_the_propertys(service):
    days = [{"start_date": "9daysAgo", "end_date": "yesterday"}]

    answer = service.run_report({"property": NAME, **REPORT, "date_ranges": days}, timeout=5)

    assert next(row.dimension_values[0].value for row in answer.rows) == "20261117"
    assert answer.row_count == 9


def test_a_used_up_quota_ends_in_resource_exhausted(service, property_):
    property_.tokens = 1
    service.run_report({"property": NAME, **REPORT}, timeout=5)

    with pytest.raises(exceptions.ResourceExhausted):
        service.run_report({"property": NAME, **REPORT}, timeout=5)


def test_the_made_up_visits_are_the_same_on_every_machine():
    today = date(2026, 11, 26)

    [facebook] = [
        each.sessions
        for each in visits_on(date(2026, 3, 11), today)
        if (each.source.source, each.source.medium) == ("m.facebook.com", "referral")
    ]

    assert facebook == 29


def test_there_are_fewer_visits_at_weekends_and_more_from_year_to_year():
    today = date(2026, 11, 26)

    def visits(first, days):
        return sum(
            each.sessions
            for number in range(days)
            for each in visits_on(first + timedelta(days=number), today)
        )

    assert visits(date(2026, 3, 14), 1) < visits(date(2026, 3, 11), 1)
    assert visits(date(2026, 3, 1), 31) > visits(date(2025, 3, 1), 31)
