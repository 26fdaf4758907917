"""Celery tasks of webinars; each calls one function."""

from celery import shared_task
from django.utils import timezone

from webinars import warnings


@shared_task
def warn_unpublished() -> int:
    return warnings.warn_unpublished(timezone.now())
