"""Two workers at once, in threads with connections of their own, on the suite's database."""

from datetime import datetime

import pytest

from accounts.models import Role
from kpi import alerts, weekly
from kpi.lists import taking_back
from kpi.models import Alert, EarlierValue, Measurement
from outbox.models import Message
from tests.factories import make_user
from tests.kpi.making import NOW, make_aimed, measure_leads
from tests.kpi.test_list_taking_back import imported
from tests.outbox.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_tell_of_an_alert_once():
    make_aimed(owner=make_user())
    measure_leads(value=1)

    together(*[lambda: alerts.look(NOW)] * 3)

    assert (Alert.objects.count(), Message.objects.count()) == (1, 1)


def test_two_beats_write_one_report_of_a_week():
    make_aimed(owner=make_user())
    monday = NOW.replace(day=9, hour=8)

    together(*[lambda: weekly.queue_due(monday)] * 3)

    assert Message.objects.count() == 1


def test_two_workers_take_an_import_back_once():
    head = make_user(role=Role.MARKETING_HEAD)
    record = imported(head, (datetime(2026, 1, 1), "Facebook", 50))
    assert taking_back.begin(record, by=head, now=NOW)

    together(*[lambda: taking_back.take_back(record, lambda: NOW)] * 3)

    assert (Measurement.objects.get().value, EarlierValue.objects.count()) == (None, 1)
