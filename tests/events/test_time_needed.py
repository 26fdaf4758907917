"""Acceptance 22: what does not fit into a minute is said while one plans."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine

from events import going_out, outcome
from events.models import ReminderRule
from events.time_needed import Rush, biggest_rush, seconds_for, seconds_needed, warnings
from outbox import pace
from outbox.channels.messente_sms import MessenteSmsChannel
from outbox.models import Detour
from tests.factories import START, arm_rules, make_event, make_registration, make_user

DAY_BEFORE = START - timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_measured():
    pace._shared.cache_clear()
    yield
    pace._shared.cache_clear()


@pytest.mark.parametrize(
    ("messages", "seconds"),
    [(0, 0), (85, 0), (2_000, 0), (2_500, 0), (2_600, 1), (8_500, 60), (10_000, 75)],
)
def test_22_seconds_needed_under_the_limit_of_bitrix24(messages, seconds):
    assert seconds_needed(messages, burst=50, drain=2, batch=50) == seconds


def test_a_higher_plan_takes_less():
    assert seconds_needed(20_000, burst=250, drain=5, batch=50) == 30


def test_slow_messages_take_longer_than_the_limit():
    assert seconds_needed(2_000, 50, 2, 50, seconds_each=0.2, side_by_side=4) == 100


@pytest.mark.django_db
def test_22_a_thousand_people_by_two_media_fit_into_a_minute_also_before_anything_is_measured(
    portal,
):
    rush = Rush(START, Counter(email=1_000, sms=1_000))

    assert seconds_for(rush) == pytest.approx(26.5)


@pytest.mark.django_db
def test_ten_thousand_do_not(portal):
    assert seconds_for(Rush(START, Counter(email=10_000))) == pytest.approx(226.5)


@pytest.mark.django_db
def test_what_goes_by_our_own_mail_server_is_not_limited(portal, settings):
    settings.EMAIL_CHANNEL = "smtp"

    assert seconds_for(Rush(START, Counter(email=10_000))) == 0


@pytest.mark.django_db
def test_22_sms_that_are_a_call_each_are_reckoned_before_anything_is_measured(portal, settings):
    settings.SMS_CHANNEL = "messente_sms"

    assert seconds_for(Rush(START, Counter(sms=1_000))) == pytest.approx(50)


@pytest.mark.django_db
@pytest.mark.parametrize(("batch", "seconds"), [(20, 500), (19, 50)], ids=["full", "small"])
def test_22_what_full_batches_took_by_another_channel_says_what_a_rush_takes(
    portal, settings, batch, seconds
):
    settings.SMS_CHANNEL = "messente_sms"
    pace.learn(MessenteSmsChannel(), batch, batch * 3.0)

    assert seconds_for(Rush(START, Counter(sms=1_000))) == pytest.approx(seconds)


@pytest.mark.django_db
def test_what_takes_a_detour_is_reckoned_by_the_way_it_takes(portal):
    Detour.objects.create(channel="bitrix24_email", goes_by="smtp", began_at=DAY_BEFORE)

    assert seconds_for(Rush(START, Counter(email=10_000))) == 0


@pytest.fixture
def event(db):
    arm_rules()
    event = make_event(moderator=make_user())
    for _number in range(3):
        make_registration(event)
    return event


def lines_of(event, now):
    rules = list(ReminderRule.objects.for_kind(event.kind))
    return going_out.lines(event, rules, outcome.outcomes(event), now)


def test_the_rush_is_the_moment_with_the_most_messages_still_to_come(event):
    quarter_to = START - timedelta(minutes=15)

    before = biggest_rush(lines_of(event, DAY_BEFORE), DAY_BEFORE)
    after = biggest_rush(lines_of(event, START), START)

    assert before == Rush(quarter_to, Counter(email=3, sms=3))
    assert after == Rush(START + timedelta(minutes=10), Counter(sms=3))


def test_the_event_page_warns_while_one_plans(event, portal, settings, client_for):
    settings.BITRIX24_BURST, settings.BITRIX24_DRAIN_PER_SECOND = 1, 0.01
    for _number in range(10):
        make_registration(event)
    client = client_for(make_user())

    with time_machine.travel(DAY_BEFORE, tick=False):
        page = client.get(f"/events/{event.pk}/").content.decode()

    assert "takes about 100 s, more than the 60 s" in page
    assert "26 messages are due at 17:45 (e-mails: 13, SMS: 13). Under the" in page


def test_the_event_page_says_nothing_where_there_is_time(event, portal):
    assert warnings(lines_of(event, DAY_BEFORE), DAY_BEFORE) == []
