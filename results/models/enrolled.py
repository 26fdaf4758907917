"""What nothing here knows by itself: how many enrolled in the end."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models import Revised
from plans.models import Intake


class Enrolled(Revised):
    """How many people enrolled after an intake's activities of one kind, typed by hand."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="enrolled")
    event_kind = models.CharField(_("kind of event"), max_length=20)
    count = models.PositiveIntegerField(_("enrolled"), null=True, blank=True)
    note = models.CharField(_("how they were counted"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("number of enrolled people")
        verbose_name_plural = _("numbers of enrolled people")
        constraints = [
            models.UniqueConstraint(fields=["intake", "event_kind"], name="enrolled_once_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.intake}: {self.event_kind}"
