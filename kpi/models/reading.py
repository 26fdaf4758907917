"""One run of a source, one imported list, or one edit by hand."""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from files.models import StoredFile
from ui.choices import ShownChoices


class ReadingQuerySet(models.QuerySet["Reading"]):
    def of_sources(self) -> Self:
        """Leave out what people typed in or imported."""
        return self.exclude(source__in=Reading.PEOPLE)

    def at_work(self) -> Self:
        """Keep those of which a worker reads, or is about to read, the days."""
        return self.filter(state=Reading.State.RUNNING, lease_until__isnull=False)

    def abandoned(self, now: datetime) -> Self:
        """Keep those whose worker has not been heard of for longer than any piece takes."""
        return self.at_work().filter(lease_until__lt=now)

    def to_repeat(self, now: datetime) -> Self:
        return self.filter(repeat_at__lte=now)


class Reading(models.Model):
    """Where measurements came from: which source, by whom, from which file, and when."""

    class State(ShownChoices):
        """What became of a reading."""

        RUNNING = "running", "is-info", "refresh", _("running")
        DONE = "done", "is-ok", "check", _("done")
        PARTLY = "partly", "is-warning", "alert-triangle", _("partly done")
        FAILED = "failed", "is-bad", "circle-x", _("failed")
        INTERRUPTED = "interrupted", "is-warning", "alert-triangle", _("interrupted")

    HAND, LIST, TAKEN_BACK = PEOPLE = "hand", "list", "taken_back"
    """The sources that people are: they type in, import a list, or take its import back."""

    source = models.CharField(max_length=40)
    """The key of a source in KPI_SOURCES, or one of those above."""

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

    tries = models.PositiveSmallIntegerField(default=1)
    """Which try to read these days it is, after failures and interruptions."""

    lease_until = models.DateTimeField(null=True, blank=True)
    """Until when the worker at it may be silent; None: no worker reads it in pieces."""

    taken_back_at = models.DateTimeField(null=True, blank=True)
    """Since when nothing that it brought counts any more, of an imported list."""

    repeat_at = models.DateTimeField(null=True, blank=True)
    """When the days it did not come to are tried again; None: not by itself."""

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        indexes = [
            models.Index(fields=["source", "-started_at"], name="kpi_reading_of_source"),
            models.Index(
                fields=["repeat_at"],
                name="kpi_reading_to_repeat",
                condition=Q(repeat_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                name="kpi_reading_one_at_a_time",
                condition=Q(state="running", lease_until__isnull=False),
            ),
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

    @property
    def shown_state(self) -> "Reading.State":
        return self.State(self.state)

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def next_day(self) -> date | None:
        """Give the first day that it has not read yet, of a reading that goes day after day."""
        return self.first_day and self.first_day + timedelta(self.progress_done)

    @property
    def read_until(self) -> date | None:
        """Give the last day it has read whole; None where it came to none."""
        return self.next_day - timedelta(1) if self.next_day and self.progress_done else None

    @property
    def percent(self) -> int:
        return 100 * self.progress_done // self.progress_of if self.progress_of else 0

    @property
    def is_automatic(self) -> bool:
        """Tell whether a source was asked, and no person says the numbers."""
        return self.source not in self.PEOPLE
