"""The Celery application; its periodic tasks are listed in the settings."""

import os
from typing import Any

from celery import Celery, Task
from celery.signals import task_prerun
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smmprocess.settings")

app = Celery("smmprocess")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def keep_a_good_connection(sender: Task, **_signal: Any) -> None:
    """Treat the database as a request does: a connection that is broken or old is closed.

    Celery's own way, which the settings switch off, is a new one for every task. A task that is
    called like a function shares its caller's.
    """
    if not sender.request.is_eager:
        close_old_connections()
