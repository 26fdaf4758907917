"""What a worker does with the database's connection between its tasks."""

import pytest
from celery import signals
from celery.fixups.django import DjangoWorkerFixup
from django.db import DatabaseError, connection

from events import tasks
from events.models import Event
from smmprocess.celery import app

pytestmark = pytest.mark.django_db(transaction=True)


def test_celery_does_not_hang_up_on_the_database_after_every_task():
    Event.objects.exists()
    kept = connection.connection

    celery = DjangoWorkerFixup(app)
    celery.on_task_postrun(sender=tasks.queue_due_reminders)
    celery.on_task_prerun(sender=tasks.queue_due_reminders)

    assert kept is not None
    assert connection.connection is kept


def test_a_task_does_not_inherit_a_connection_that_broke_in_the_one_before():
    Event.objects.exists()
    connection.connection.close()
    with pytest.raises(DatabaseError):
        Event.objects.exists()

    signals.task_prerun.send(sender=tasks.queue_due_reminders)

    assert Event.objects.exists() is False
