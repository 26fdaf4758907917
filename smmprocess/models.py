"""Which messages about steps of the process went out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from outbox.models import Dispatch


class StepNotice(models.Model):
    """People were told of a step's date; the unique key lets it happen once."""

    class Occasion(models.TextChoices):
        NEARS = "nears", _("the date nears")
        PASSED = "passed", _("the date has passed")

    step = models.CharField(max_length=5)
    """The step's number in smmprocess.process."""

    period = models.CharField(max_length=20)
    """The year, with the season if the step is an intake's."""

    occasion = models.CharField(max_length=10, choices=Occasion.choices)
    due_on = models.DateField()
    """An intake that is put off is told of again."""

    made_at = models.DateTimeField()
    dispatch = models.OneToOneField(Dispatch, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "period", "occasion", "due_on"], name="step_notice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.period} {self.occasion}"
