"""Counting leads: whole Riga days, each lead in one of them, few requests."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.bitrix24 import counts
from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.counts import CONVERTED, NEW, DayCount, Days
from integrations.bitrix24.errors import Bitrix24Error
from integrations.bitrix24.owners import OwnerKind
from integrations.bitrix24.sandbox import ManualClock, running_sandbox
from integrations.bitrix24.sandbox.lead_history import catch_up, leads_of
from tests.integrations.bitrix24.sandbox_calls import result

RIGA = ZoneInfo("Europe/Riga")
CLOCK = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def sandbox():
    with running_sandbox(clock=ManualClock(CLOCK)) as running:
        yield running


@pytest.fixture
def client(sandbox):
    return Bitrix24.at(sandbox.webhook_url, patience=20)


def come(sandbox, *moments, source="WEB", entity=1, stage="NEW"):
    """Let leads come in at moments written as ISO text."""
    stage_field = {"stageId": stage}
    items = [{"createdTime": each, "sourceId": source, **stage_field} for each in moments]
    result(sandbox, "crm.item.batchImport", {"entityTypeId": entity, "data": items})


def counted(client, first, last, codes=("WEB",), kind=OwnerKind.LEAD):
    found = counts.by_day(client, kind, Days(first, last, RIGA), codes)
    return {each for each in found if each.amount}


def test_a_lead_of_the_last_second_before_midnight_is_in_that_day_and_at_midnight_in_the_next(
    client, sandbox
):
    come(sandbox, "2026-11-10T23:59:59+02:00", "2026-11-11T00:00:00+02:00")

    found = counted(client, date(2026, 11, 10), date(2026, 11, 11))

    days = sorted((each.day.day, each.amount) for each in found if each.source == "WEB")
    assert days == [(10, 1), (11, 1)]


@pytest.mark.parametrize(
    ("day", "moments"),
    [
        # The clock goes forward: the day begins at +02:00, ends at +03:00, and has 23 hours.
        (date(2026, 3, 29), ("2026-03-29T00:00:00+02:00", "2026-03-29T23:59:59+03:00")),
        # It goes back: from +03:00 to +02:00, 25 hours, and half past three comes twice.
        (
            date(2026, 10, 25),
            (
                *("2026-10-25T00:00:00+03:00", "2026-10-25T03:30:00+03:00"),
                *("2026-10-25T03:30:00+02:00", "2026-10-25T23:59:59+02:00"),
            ),
        ),
    ],
)
def test_a_day_of_a_clock_change_is_asked_for_from_its_own_midnight_to_the_next(
    client, sandbox, day, moments
):
    come(sandbox, *moments)

    days = [day + timedelta(number) for number in (-1, 0, 1)]
    found = counted(client, days[0], days[-1])

    assert {(each.day, each.amount) for each in found} == {(day, len(moments))}


def test_leads_are_counted_in_all_and_by_source_and_those_without_one_only_in_all(client, sandbox):
    day = date(2026, 11, 10)
    come(sandbox, "2026-11-10T10:00:00+02:00", "2026-11-10T11:00:00+02:00", source="FACEBOOK")
    come(sandbox, "2026-11-10T12:00:00+02:00", source="A source that was deleted")

    assert counted(client, day, day, ["WEB", "FACEBOOK"]) == {
        DayCount(NEW, day, None, 3),
        DayCount(NEW, day, "FACEBOOK", 2),
    }


def test_every_day_and_source_that_was_asked_for_is_answered_also_with_nought(client):
    days = Days(date(2026, 11, 9), date(2026, 11, 10), RIGA)

    found = counts.by_day(client, OwnerKind.LEAD, days, ["WEB", "CALL"])

    expected = {
        (what, day, source)
        for what in (NEW, CONVERTED)
        for day in (days.first, days.last)
        for source in (None, "WEB", "CALL")
    }
    assert {each[:3] for each in found} == expected
    assert {each.amount for each in found} == {0}


def test_a_lead_is_won_on_the_day_it_came_to_that_stage(client, sandbox):
    come(sandbox, "2026-11-10T10:00:00+02:00")
    result(
        sandbox, "crm.item.update", {"entityTypeId": 1, "id": 1, "fields": {"stageId": "CONVERTED"}}
    )

    found = counted(client, date(2026, 11, 9), date(2026, 11, 24))

    assert {(each.what.name, each.day) for each in found} == {
        ("new", date(2026, 11, 10)),
        ("converted", date(2026, 11, 24)),
    }


def test_a_portal_without_leads_counts_its_deals(client, sandbox):
    come(sandbox, "2026-11-10T10:00:00+02:00", entity=2, stage="WON")
    assert counts.kind_that_comes_in(client) == OwnerKind.LEAD

    sandbox.portal.configure(crm_mode=2)

    kind = counts.kind_that_comes_in(client)
    assert kind == OwnerKind.DEAL
    found = counted(client, date(2026, 11, 10), date(2026, 11, 10), kind=kind)
    assert {(each.what.name, each.source, each.amount) for each in found} == {
        *(("new", None, 1), ("new", "WEB", 1)),
        *(("converted", None, 1), ("converted", "WEB", 1)),
    }


def test_fifty_counts_go_in_one_request_and_a_pause_may_be_made_before_each(client, sandbox):
    come(sandbox, "2026-11-10T10:00:00+02:00")
    before = sandbox.portal.statistics.requests
    pauses = []
    days = Days(date(2026, 11, 1), date(2026, 11, 20), RIGA)

    counts.by_day(
        client, OwnerKind.LEAD, days, ["WEB", "CALL"], before_each=lambda: pauses.append(1)
    )

    # 6 counts of the whole, then 20 days in all and by WEB; nobody was won and nobody called.
    assert sandbox.portal.statistics.methods["crm.item.list"] == 6 + 40
    assert len(pauses) == 2
    assert sandbox.portal.statistics.requests - before <= 8


def test_the_sources_are_the_portals_own_in_its_order(client, sandbox):
    sandbox.portal.lead_sources = (("UC_1", "Skolu vizītes"), ("WEB", "Mājaslapa"))

    assert list(counts.sources(client).items()) == [("UC_1", "Skolu vizītes"), ("WEB", "Mājaslapa")]


def test_what_the_webhook_may_not_read_is_an_error_and_not_nought(client, sandbox):
    sandbox.portal.configure(can_read=False)

    with pytest.raises(Bitrix24Error, match="Access denied"):
        counted(client, date(2026, 11, 10), date(2026, 11, 10))


def test_the_made_up_history_is_the_same_at_every_start_and_goes_on_where_it_was(sandbox):
    portal, clock = sandbox.portal, sandbox.portal.clock
    catch_up(portal, 40)
    first = len(portal.leads.rows)

    catch_up(portal, 40)
    assert len(portal.leads.rows) == first > 40

    clock.advance(3 * 86400)
    catch_up(portal, 43)
    days = [date(2026, 11, 27) - timedelta(number) for number in range(44)]
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    expected = [lead for day in days for lead in leads_of(day) if lead.came_at <= now]
    assert len(portal.leads.rows) == len(expected) > first
    stages = Counter(lead.stage if lead.moved_at <= now else "NEW" for lead in expected)
    assert Counter(row["STATUS_ID"] for row in portal.leads.rows.values()) == stages
