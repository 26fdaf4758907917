"""The project: settings, URLs, Celery, and the home page that draws the process."""

from smmprocess.celery import app as celery_app

__all__ = ["celery_app"]
