"""Bitrix24 as a source: leads of each day by where they came from."""

from datetime import date, datetime, timedelta
from math import inf

import pytest
import time_machine

from integrations.bitrix24.errors import Bitrix24Error
from integrations.bitrix24.sandbox.clock import PORTAL_ZONE
from integrations.outcomes import Kind, NotExecuted, Refused, Unclear, Why
from kpi import reading
from kpi.models import Channel, Measurement, Reading
from kpi.sources import bitrix24, get_source
from kpi.sources.bitrix24 import Bitrix24Leads, failure
from outbox.models import Message, Reason, Status
from tests.factories import START, make_message, riga
from tests.integrations.bitrix24.sandbox_calls import result

pytestmark = pytest.mark.django_db

NOW = riga(2026, 11, 26, 7)
DAY, NEXT = date(2026, 11, 10), date(2026, 11, 11)


class QuickLeads(Bitrix24Leads):
    def let_messages_go(self, until):
        """Nobody else asks this portal anything."""


@pytest.fixture
def crm(portal, settings):
    """Connect the application to a sandbox in which nobody else asks."""
    settings.KPI_SOURCES = {"bitrix24": f"{__name__}.QuickLeads"}
    portal.portal.lead_sources = (("WEB", "Mājaslapa"), ("UC_FB", "Facebook veidlapa"))
    return portal


def come(crm, *moments, source="WEB", entity=1):
    items = [{"createdTime": each, "sourceId": source} for each in moments]
    result(crm, "crm.item.batchImport", {"entityTypeId": entity, "data": items})


def read(first=DAY, last=NEXT):
    row = reading.begin("bitrix24", first, last, now=NOW)
    assert not reading.carry_on(row.pk, lambda: NOW)
    row.refresh_from_db()
    return row


def found(key="new_leads"):
    rows = Measurement.objects.filter(series__key=key).values_list("day", "channel__key", "value")
    return {(day.day, channel): int(value) for day, channel, value in rows}


def test_leads_are_kept_by_day_in_all_by_source_and_without_one(crm):
    come(crm, "2026-11-10T00:00:00+02:00", "2026-11-10T23:59:59+02:00")
    come(crm, "2026-11-10T12:00:00+02:00", source="UC_FB")
    come(crm, "2026-11-11T12:00:00+02:00", source="")

    row = read()

    assert (row.state, row.details) == (Reading.State.DONE, {"counted": "leads"})
    assert found() == {
        (10, None): 3,
        (10, "lead_web"): 2,
        (10, "lead_uc_fb"): 1,
        (10, "lead_without_source"): 0,
        (11, None): 1,
        (11, "lead_web"): 0,
        (11, "lead_uc_fb"): 0,
        (11, "lead_without_source"): 1,
    }
    assert set(found("converted_leads").values()) == {0}


def test_a_lead_counts_as_converted_on_the_day_it_was(crm):
    come(crm, "2026-11-10T12:00:00+02:00")
    moved = {"STATUS_ID": "CONVERTED", "STATUS_SEMANTIC_ID": "S"}
    moved["MOVED_TIME"] = datetime(2026, 11, 11, 9, tzinfo=PORTAL_ZONE).isoformat()
    crm.portal.leads.put(1, crm.portal.leads.rows[1] | moved)

    read()

    assert (found()[10, "lead_web"], found()[11, "lead_web"]) == (1, 0)
    converted = found("converted_leads")
    assert (converted[10, "lead_web"], converted[11, "lead_web"]) == (0, 1)
    assert converted[11, None] == 1


def test_the_sources_of_the_portal_become_channels_that_people_may_rename(crm):
    read()
    channel = Channel.objects.get(key="lead_uc_fb")
    assert (channel.name, channel.kind) == ("Facebook veidlapa", Channel.Kind.LEAD_SOURCE)
    channel.name = "Facebook forma"
    channel.save(update_fields=["name"])

    read()

    assert Channel.objects.get(key="lead_uc_fb").name == "Facebook forma"


def test_a_portal_without_leads_counts_deals_and_says_so(crm):
    crm.portal.configure(crm_mode=2)
    come(crm, "2026-11-10T12:00:00+02:00", entity=2)

    row = read()

    assert row.details == {"counted": "deals"}
    assert found()[10, None] == 1


def test_a_lead_that_was_merged_away_is_counted_no_more(crm):
    come(crm, "2026-11-10T12:00:00+02:00", "2026-11-10T13:00:00+02:00")
    read()
    crm.portal.leads.delete(1)

    row = read()

    assert found()[10, None] == 1
    assert row.changed == 2


def test_a_refusal_is_told_in_words_and_is_not_nought(crm, settings):
    settings.LANGUAGE_CODE = "en"
    crm.portal.configure(can_read=False)

    row = read()

    assert (row.state, row.repeat_at) == (Reading.State.FAILED, None)
    assert "may see all leads" in row.error
    assert crm.portal.settings.webhook_secret not in row.error
    assert found() == {}


@pytest.mark.parametrize(
    ("outcome", "is_temporary"),
    [
        (NotExecuted(Why.NO_CONNECTION), True),
        (Unclear(Why.TIMEOUT), True),
        (Refused("ACCESS_DENIED", "Access denied.", Kind.ACCOUNT), False),
    ],
)
def test_a_portal_that_is_silent_is_asked_again_and_one_that_refuses_is_not(outcome, is_temporary):
    assert failure(Bitrix24Error("crm.item.list", outcome)).is_temporary == is_temporary


def test_seven_days_are_read_again_each_night():
    source = get_source("bitrix24")

    assert source.days_to_read(date(2026, 11, 26)) == (date(2026, 11, 19), date(2026, 11, 25))


def test_without_a_webhook_it_is_off(settings):
    settings.BITRIX24_WEBHOOK_URL = ""

    assert "BITRIX24_WEBHOOK_URL" in get_source("bitrix24").missing()


@pytest.mark.parametrize(
    ("channel", "until", "waits"),
    [
        ("bitrix24_sms", inf, [0.5, 0.5, 0.5, 1]),
        ("bitrix24_email", inf, [0.5, 0.5, 0.5, 1]),
        ("bitrix24_sms", 0, [1]),
        ("smtp", inf, [1]),
    ],
)
def test_nothing_is_asked_while_messages_wait_for_the_portal(monkeypatch, channel, until, waits):
    """They share what it lets us ask; after a while the reading goes on beside them."""
    make_message(channel=channel)
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            Message.objects.update(status=Status.SKIPPED, reason=Reason.MOVED)

    monkeypatch.setattr(bitrix24.time, "sleep", sleep)
    with time_machine.travel(START - timedelta(minutes=15), tick=False):
        Bitrix24Leads().let_messages_go(until)

    assert slept == waits


def test_a_reading_lets_messages_go_before_its_first_question(crm, monkeypatch):
    asked = []

    def note(self, until):
        asked.append(sum(crm.portal.statistics.methods.values()))

    monkeypatch.setattr(QuickLeads, "let_messages_go", note)
    read()

    assert asked[0] == 0
    assert len(asked) > 1
