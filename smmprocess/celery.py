"""The Celery application; its periodic tasks are listed in the settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smmprocess.settings")

app = Celery("smmprocess")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
