"""What somebody wrote beside a day of a series: why the line goes where it goes."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from goals.models import Series


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: User) -> Self:
        return self if user.is_active else self.none()

    def of(self, series: Series) -> Self:
        """Keep the notes of a series; those of a growth stand at what grows."""
        return self.filter(series__in=[series.pk, *filter(None, [series.growth_of_id])])


class Note(models.Model):
    """A sentence about a day."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    text = models.CharField(_("note"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["day", "at", "pk"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [models.Index(fields=["series", "day"], name="kpi_note_of_series")]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}: {self.text}"
