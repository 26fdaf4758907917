"""Which channel carries another's messages for the time being."""

from typing import Self

from django.conf import settings
from django.db import models


class DetourQuerySet(models.QuerySet["Detour"]):
    def in_force(self) -> Self:
        return self.filter(ended_at=None)


class Detour(models.Model):
    """Messages of one channel go by another of the same medium, until a person ends it.

    The open row is the one in force; the closed ones say who did it when.
    """

    channel = models.CharField(max_length=30)
    goes_by = models.CharField(max_length=30)
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = DetourQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel"], condition=models.Q(ended_at=None), name="detour_once_at_a_time"
            ),
            models.CheckConstraint(
                name="detour_leads_elsewhere",
                condition=~models.Q(channel=models.F("goes_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} → {self.goes_by}"
