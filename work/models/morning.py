"""Which mornings the staff got the lists of their day."""

from django.db import models

from outbox.models import Dispatch


class MorningList(models.Model):
    """The lists of one morning; the day is unique, so they are made once."""

    day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    dispatch = models.OneToOneField(Dispatch, models.PROTECT, null=True, related_name="+")
    """None where nobody had anything to do."""

    def __str__(self) -> str:
        return str(self.day)
