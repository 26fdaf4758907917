"""From registration to lead: what counts at each step, and what is not known yet."""

from datetime import timedelta

import pytest

from events.models import Registration, ReminderDispatch, ReminderRule
from opendays.funnel import funnel
from tests.factories import START, make_event, make_message, make_offer, make_registration

pytestmark = pytest.mark.django_db

AFTER = START + timedelta(hours=3)


def counts(event, now=AFTER, leads=None):
    return [step.count for step in funnel(event, leads, now)]


def remind(*registrations, key="before_15", status="handed_over", at=START - timedelta(minutes=15)):
    """Write into the ledger what a rule sent to these people, each as an occasion of its own."""
    rule = ReminderRule.objects.get(event_type="open_day", key=key)
    for registration in registrations:
        taken_at = at if status == "handed_over" else None
        message = make_message(
            participant=registration.participant, due_at=at, status=status, handed_over_at=taken_at
        )
        ReminderDispatch.objects.create(
            event=registration.event,
            rule=rule,
            dispatch=message.dispatch,
            moment=START + timedelta(seconds=message.pk),
        )


def test_before_anything_has_happened_only_the_registrations_are_known():
    event = make_event(offer=make_offer())
    make_registration(event)
    make_registration(event).cancel(START)

    assert counts(event, START - timedelta(days=1)) == [1, None, None, None, None]


def test_each_step_counts_people_and_once():
    event = make_event(offer=make_offer())
    twice, came, neither, _unknown = (make_registration(event) for _ in range(4))
    remind(twice, came)
    remind(twice)
    remind(neither, status="planned")
    Registration.objects.filter(pk__in=[twice.pk, came.pk]).update(attendance="present")
    Registration.objects.filter(pk=neither.pk).update(attendance="absent")
    Registration.objects.filter(pk=came.pk).update(offer_opened_at=AFTER)

    assert counts(event, leads=3) == [4, 2, 2, 1, 3]


def test_what_went_after_the_start_reminded_nobody_before_it():
    event = make_event()
    remind(make_registration(event), key="begun_10", at=START + timedelta(minutes=10))

    assert counts(event)[1] == 0


def test_whoever_cancelled_counts_nowhere():
    event = make_event(offer=make_offer())
    gone = make_registration(event)
    remind(gone)
    Registration.objects.filter(pk=gone.pk).update(attendance="present", offer_opened_at=AFTER)
    gone.cancel(START)

    assert counts(event) == [0, 0, 0, 0, None]


def test_without_an_offer_nobody_knows_who_opened_it():
    event = make_event(offer=None)
    make_registration(event)

    assert counts(event)[3] is None


def test_more_leads_than_people_do_not_break_the_chart():
    event = make_event()
    make_registration(event)

    leads = funnel(event, 3, AFTER)[-1]

    assert (leads.percent, leads.length) == (300.0, 100.0)


def test_of_nobody_registered_there_are_no_parts():
    assert [step.percent for step in funnel(make_event(), None, AFTER)] == [None] * 5
