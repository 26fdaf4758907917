"""Rows written many at a time hold what Django would have written one by one."""

import sqlite3
from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from outbox.models import Attempt, Message, Status
from people.rows import insert, write_fields
from tests.factories import make_message, make_participant

pytestmark = pytest.mark.django_db


def unsaved(pattern, **changes):
    """Return a message like this one to somebody else, not stored yet."""
    fields = {
        field.attname: getattr(pattern, field.attname)
        for field in Message._meta.concrete_fields
        if field.name not in ("id", "uid", "participant")
    }
    return Message(**fields | {"participant": make_participant()} | changes)


def as_stored(message):
    stored = Message.objects.get(uid=message.uid)
    return model_to_dict(stored, exclude=["id"]) | {"created_at": stored.created_at}


def test_inserted_rows_hold_every_value():
    pattern = make_message()
    moment = timezone.now()
    rows = [
        unsaved(pattern, body="Labdien, Anna! %s {}", look_up_at=moment, attempts=3),
        unsaved(pattern, body="Zaļā „zāle” 😀", lease_until=None, about_at=moment),
    ]

    insert(rows)

    for row in rows:
        expected = model_to_dict(row, exclude=["id"]) | {"created_at": row.created_at}
        assert as_stored(row) == expected


def test_a_row_whose_key_is_there_stays_as_it_is():
    there = make_message(body="first")
    again = unsaved(there, participant=there.participant, body="second")
    another = unsaved(there, body="third")

    insert([again, another], or_ignore=True)

    assert sorted(Message.objects.values_list("body", flat=True)) == ["first", "third"]


def test_what_the_database_refuses_is_one_of_djangos_errors():
    there = make_message()

    with pytest.raises(IntegrityError), transaction.atomic():
        insert([unsaved(there, participant=there.participant)])


def test_a_line_that_breaks_is_one_of_djangos_errors(monkeypatch):
    """Whoever writes down what went waits and tries again for those, and for no others."""
    if connection.vendor != "postgresql":
        broken = "django.db.backends.sqlite3.base.SQLiteCursorWrapper.executemany"
        error = sqlite3.OperationalError("disk I/O error")
    else:
        broken = "psycopg.Copy.write_row"
        error = psycopg.OperationalError("server closed the connection")

    def fail(*_arguments):
        raise error

    pattern = make_message()
    monkeypatch.setattr(broken, fail)

    with pytest.raises(OperationalError), transaction.atomic():
        insert([unsaved(pattern)])


def test_nothing_to_write_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert([])
        write_fields([], ["status"])


def test_fields_are_written_to_each_row_its_own():
    first, second, other = make_message(), make_message(), make_message()
    moment = timezone.now()
    first.status, first.handed_over_at, first.provider_id = Status.HANDED_OVER, moment, "1"
    second.status = Status.HANDED_OVER
    second.handed_over_at, second.provider_id = moment + timedelta(seconds=1), "2"
    first.body = "not written"

    write_fields([first, second], ["status", "handed_over_at", "provider_id"])

    fields = ["status", "handed_over_at", "provider_id"]
    assert list(Message.objects.order_by("pk").values_list(*fields)) == [
        (Status.HANDED_OVER, moment, "1"),
        (Status.HANDED_OVER, moment + timedelta(seconds=1), "2"),
        (Status.PLANNED, None, ""),
    ]
    assert not Message.objects.filter(body="not written").exists()
    assert other.pk


def test_attempts_are_inserted_with_who_made_them():
    message = make_message()
    moment = timezone.now()

    insert(
        [
            Attempt(
                message=message,
                number=1,
                channel="smtp",
                worker="one",
                ended_at=moment,
                outcome=Attempt.Outcome.HANDED_OVER,
            )
        ]
    )

    attempt = Attempt.objects.get()
    assert (attempt.message, attempt.worker, attempt.ended_at, attempt.by) == (
        message,
        "one",
        moment,
        None,
    )
