"""A worker that is frozen in the middle of a transaction keeps its rows locked, for a while."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from outbox import delivery, look_up, tasks
from outbox.beginning import begin
from outbox.models import Message, Status
from tests import fakes
from tests.factories import START, make_message
from tests.outbox.test_concurrency import together
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

DUE = START - timedelta(minutes=15)


@contextmanager
def frozen_after(lock):
    """Have another worker lock something in a transaction, and freeze; at the end it goes on.

    PostgreSQL ends its session, here after a second instead of half a minute. On SQLite all is one
    machine, and nothing but the worker itself can let go: it goes on at once.
    """
    has_locked, goes_on = threading.Event(), threading.Event()

    def work():
        if connection.vendor == "postgresql":
            _shorten_patience()
        with transaction.atomic():
            lock()
            has_locked.set()
            goes_on.wait(60)

    def worker():
        if connection.vendor == "sqlite":
            work()
            return
        with pytest.raises(DatabaseError):
            work()

    thread = threading.Thread(target=together, args=(worker,))
    thread.start()
    assert has_locked.wait(30)
    try:
        yield goes_on
    finally:
        goes_on.set()
        thread.join(60)


def _shorten_patience():
    """Only where there is an end to it at all: without one this would wait for ever as well."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(name, '1000', false) FROM pg_settings"
            " WHERE name = 'idle_in_transaction_session_timeout' AND setting <> '0'"
        )


def let_go(goes_on):
    if connection.vendor == "sqlite":
        goes_on.set()


def test_what_a_worker_frozen_while_stamping_has_locked_is_sent_by_another(sent):
    make_message()

    def lock():
        waiting = Message.objects.sendable("recording", DUE)
        assert len(waiting.select_for_update(skip_locked=True)) == 1

    with frozen_after(lock) as goes_on:
        let_go(goes_on)
        wait_until(lambda: delivery.send_due("recording", lambda: DUE), "another sends it")


def test_a_worker_frozen_while_recording_holds_up_one_thread_and_not_for_long(sent, monkeypatch):
    make_message()
    begin(delivery.claim(fakes.RecordingChannel(), DUE, 10).messages)
    Message.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    abandon, calls, is_waiting = look_up.abandon_expired_leases, [], threading.Event()

    def note_and_abandon(now):
        calls.append(now)
        is_waiting.set()
        return abandon(now)

    monkeypatch.setattr(look_up, "abandon_expired_leases", note_and_abandon)

    with frozen_after(lambda: Message.objects.all().update_in_one_order(detail="")) as goes_on:
        first = threading.Thread(target=together, args=(tasks.resolve_unclear_messages,))
        first.start()
        assert is_waiting.wait(30)
        for _tick in range(5):
            tasks.resolve_unclear_messages()
        let_go(goes_on)
        first.join(30)

        assert len(calls) == 1
        assert Message.objects.get().status != Status.CALLING
