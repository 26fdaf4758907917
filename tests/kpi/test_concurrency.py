"""Two workers at once, in threads with connections of their own, on the suite's database."""

import pytest

from kpi import alerts
from kpi.models import Alert
from outbox.models import Message
from tests.factories import make_user
from tests.kpi.making import NOW, make_aimed, measure_leads
from tests.outbox.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_tell_of_an_alert_once():
    make_aimed(owner=make_user())
    measure_leads(value=1)

    together(*[lambda: alerts.look(NOW)] * 3)

    assert (Alert.objects.count(), Message.objects.count()) == (1, 1)
