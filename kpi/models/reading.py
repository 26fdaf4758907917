"""One run of a source, one imported list, or one edit by hand."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from files.models import StoredFile


class Reading(models.Model):
    """Where measurements came from: which source, by whom, from which file, and when."""

    class State(models.TextChoices):
        """What became of a reading."""

        RUNNING = "running", _("running")
        DONE = "done", _("done")
        PARTLY = "partly", _("partly done")
        FAILED = "failed", _("failed")
        INTERRUPTED = "interrupted", _("interrupted")

    HAND, LIST = "hand", "list"
    """The sources that people are: they type in, or import a list."""

    source = models.CharField(max_length=40)
    """The key of a source in KPI_SOURCES, or one of the two above."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=15, choices=State.choices, default=State.RUNNING)
    error = models.TextField(blank=True)
    """Why it failed, in words a person can act on; never a secret."""

    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    progress_done = models.PositiveIntegerField(default=0)
    progress_of = models.PositiveIntegerField(default=0)
    details = models.JSONField(default=dict, blank=True)
    """What the source said of its figures: thresholds, sampling, time zone, quota."""

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        indexes = [models.Index(fields=["source", "-started_at"], name="kpi_reading_of_source")]
        constraints = [
            models.CheckConstraint(
                name="kpi_reading_state_known",
                condition=Q(state__in=["running", "done", "partly", "failed", "interrupted"]),
            ),
            models.CheckConstraint(
                name="kpi_reading_ended",
                condition=Q(state="running", finished_at=None)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="kpi_reading_failed_says_why",
                condition=~Q(state="failed") | ~Q(error=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.started_at:%d.%m.%Y %H:%M}"
