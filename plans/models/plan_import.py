"""An uploaded list of activities between its preview and its confirmation."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models

from plans.models.intake import Intake

FORGOTTEN_AFTER = timedelta(days=1)


class PlanImportQuerySet(models.QuerySet["PlanImport"]):
    def forgotten(self, now: datetime) -> Self:
        return self.filter(uploaded_at__lt=now - FORGOTTEN_AFTER)


class PlanImport(models.Model):
    """The cells of a list, kept until somebody confirms or discards it."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="imports")
    original_name = models.CharField(max_length=200)
    cells = models.JSONField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = PlanImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.original_name
