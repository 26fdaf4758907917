"""Two workers at once, in threads with connections of their own, on the suite's database."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from accounts.models import Role
from kpi import alerts, weekly
from kpi.lists import importing, taking_back
from kpi.models import Alert, EarlierValue, ListImport, Measurement
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


def beside(work):
    """Do this on a connection of its own, and give what it returns."""
    heard = []

    def run():
        try:
            heard.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    return heard[0]


def test_a_long_taking_back_keeps_no_other_worker_waiting():
    head = make_user(role=Role.MARKETING_HEAD)
    record = imported(head, (datetime(2026, 1, 1), "Facebook", 50))
    assert taking_back.begin(record, by=head, now=NOW)
    much_later, can_lock_a_row = (
        NOW + timedelta(minutes=3),
        connection.features.has_select_for_update_skip_locked,
    )
    seen = []

    def look():
        other = ListImport.objects.get()
        if can_lock_a_row:
            # Where the whole database is locked, writing has to wait all the same.
            taking_back.take_back(other, lambda: much_later)
            assert importing.take_up_stuck(much_later) == []
        return other.is_stuck(much_later)

    def clock():
        seen.append(beside(look))
        return much_later

    taking_back.take_back(record, clock)

    assert seen == [not can_lock_a_row]
    assert ListImport.objects.get().taken_back_at == much_later


def keeps_somebody_waiting():
    """Say whether another connection waits for what this one has locked."""
    waiting = "NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM pg_locks WHERE {waiting})")
        return cursor.fetchone()[0]


def test_a_look_whether_a_worker_is_at_a_list_makes_none_leave_it():
    head = make_user(role=Role.MARKETING_HEAD)
    record = imported(head, (datetime(2026, 1, 1), "Facebook", 50))
    assert taking_back.begin(record, by=head, now=NOW)
    worker = threading.Thread(
        target=beside, args=(lambda: taking_back.take_back(record, lambda: NOW),)
    )

    with transaction.atomic():
        assert not record.is_held()
        worker.start()
        while connection.features.has_select_for_update_skip_locked and worker.is_alive():
            if keeps_somebody_waiting():
                break
    worker.join(60)

    assert ListImport.objects.get().taken_back_at == NOW


def test_a_taking_back_whose_worker_is_gone_is_taken_up():
    head = make_user(role=Role.MARKETING_HEAD)
    record = imported(head, (datetime(2026, 1, 1), "Facebook", 50))
    assert taking_back.begin(record, by=head, now=NOW)

    assert record.is_stuck(NOW + timedelta(minutes=3))
    assert importing.take_up_stuck(NOW + timedelta(minutes=3)) == [record.pk]
