"""A busy portal makes an SMS only after it was given up: it goes once, and the ledger says so."""

from datetime import timedelta

import pytest

from outbox import confirmation, decisions, delivery, delivery_reports
from outbox.models import Status
from tests.acceptance.evening import DUE, MINUTE, SMS, make_person
from tests.factories import make_message, make_user

pytestmark = pytest.mark.django_db


class LateWorkflow:
    """Of the one SMS the portal shows nothing, as if its workflow had not run yet."""

    def __init__(self, portal):
        [self.activity] = portal.portal.activities.rows.values()
        self.text = self.activity["DESCRIPTION"]
        self.activity["DESCRIPTION"] = ""

    def run(self):
        self.activity["DESCRIPTION"] = self.text


def at(minutes):
    return lambda: DUE + minutes * MINUTE


@pytest.fixture
def message(portal):
    person = make_person(portal)
    text = "https://smm.example.org/j/AB12CD34EF Sākam!"
    fields = {"address": person.phone, "body": text, "token": "AB12CD34EF"}
    message = make_message(channel=SMS, medium="sms", participant=person, **fields)
    delivery.send_due(SMS, at(0))
    return message


@pytest.fixture
def workflow(portal, message):
    """Give the workflow of the message, which has failed as not confirmed."""
    workflow = LateWorkflow(portal)
    confirmation.confirm_due(at(5))
    assert state(message) == (Status.FAILED, "refused")
    return workflow


def state(message):
    message.refresh_from_db()
    return message.status, message.reason


def history(message):
    return [attempt.outcome for attempt in message.history.all()]


def send_again(message, minutes):
    decisions.retry(message, by_id=make_user().pk, at=at(minutes)())
    delivery.send_due(SMS, at(minutes))


def test_what_the_portal_made_late_is_found_and_counts_as_handed_over(portal, message, workflow):
    confirmation.confirm_due(at(8))
    still = state(message)
    workflow.run()
    portal.portal.settings.sms_status = "Delivered"
    confirmation.confirm_due(at(12))
    found = state(message)
    confirmation.confirm_due(at(13))
    delivery_reports.take(at(13)())

    assert still == (Status.FAILED, "refused")
    assert found == (Status.HANDED_OVER, "")
    assert state(message) == (Status.DELIVERED, "")
    assert history(message) == ["handed_over", "absent", "found", "delivered"]
    assert message.detail == ""


def test_what_a_person_sends_again_stays_unsent_if_the_portal_made_it_late(
    portal, message, workflow
):
    workflow.run()
    send_again(message, minutes=6)

    assert len(portal.sent) == 1
    assert state(message) == (Status.HANDED_OVER, "")
    assert history(message) == ["handed_over", "absent", "decided", "handed_over"]


def test_what_the_portal_never_made_goes_once_more_when_a_person_wants_it(
    portal, message, workflow
):
    send_again(message, minutes=6)

    assert len(portal.sent) == 2
    assert state(message) == (Status.HANDED_OVER, "")


def test_it_is_not_sent_again_while_the_portal_cannot_say_whether_it_is_there(
    portal, message, workflow
):
    fault = portal.portal.faults.add_spec(
        "error:method=crm.activity.list,code=ACCESS_DENIED,status=403"
    )
    workflow.run()
    send_again(message, minutes=6)
    waiting = state(message)
    portal.portal.faults.remove(fault.id)
    delivery.send_due(SMS, at(7))

    assert waiting == (Status.PLANNED, "")
    assert state(message) == (Status.HANDED_OVER, "")
    assert len(portal.sent) == 1


def test_that_it_is_there_counts_also_if_it_waits_to_go_again(portal, message, workflow):
    workflow.run()
    asked = confirmation.get_channel(SMS)
    message.refresh_from_db()
    [(_message, found)] = asked.look_up([message])
    decisions.retry(message, by_id=make_user().pk, at=at(6)())

    assert confirmation.take_in(asked, message, found, at(6)())

    delivery.send_due(SMS, at(6))
    assert len(portal.sent) == 1
    assert state(message) == (Status.HANDED_OVER, "")


def test_after_two_hours_nobody_asks_any_more(message, workflow):
    confirmation.confirm_due(at(119))
    asked_again = state(message)
    last = message.look_up_at
    confirmation.confirm_due(lambda: last + timedelta(minutes=1))

    assert asked_again == state(message) == (Status.FAILED, "refused")
    assert last is not None
    assert message.look_up_at is None
    assert history(message) == ["handed_over", "absent"]
