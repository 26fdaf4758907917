"""However many events or people there are, a page asks the database as often."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events import reminders
from outbox import delivery
from tests.factories import START, arm_rules, make_event, make_offer, make_registration, make_user

pytestmark = pytest.mark.django_db


def count(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@time_machine.travel(START - timedelta(days=1), tick=False)
@pytest.mark.parametrize("query", ["", "?kind=open_day", "?when=all&q=diena"])
def test_the_list(client_for, query):
    arm_rules()
    client = client_for(make_user())
    make_registration(make_event())
    one = count(client, reverse("events:event_list") + query)
    for _ in range(2):
        make_registration(make_event())

    three = count(client, reverse("events:event_list") + query)

    assert three == one


@pytest.mark.parametrize("minutes", [-3000, -14, 9, 140])
@pytest.mark.parametrize("name", ["event_detail", "event_messages", "event_registrations"])
def test_an_event(client_for, sent, name, minutes):
    arm_rules()
    client = client_for(make_user())
    counts = []
    for people in (1, 30):
        event = make_event(offer=make_offer(), title=f"With {people}")
        for _ in range(people):
            make_registration(event, person={"offers_by_email_at": START})
        now = START + timedelta(minutes=minutes)
        reminders.queue_due(now)
        delivery.send_due("recording", lambda now=now: now)
        with time_machine.travel(now, tick=False):
            counts.append(count(client, reverse(f"events:{name}", args=[event.pk])))

    assert counts[1] == counts[0]
