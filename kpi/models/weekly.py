"""Which weeks were reported on."""

from django.db import models

from outbox.models import Dispatch


class WeeklyReport(models.Model):
    """The letters about one week; its Monday is unique, so they are written once."""

    monday = models.DateField(unique=True)
    made_at = models.DateTimeField()
    dispatch = models.OneToOneField(Dispatch, models.PROTECT, null=True, related_name="+")
    """None where there was nothing to tell, or nobody to tell it to."""

    def __str__(self) -> str:
        return str(self.monday)
