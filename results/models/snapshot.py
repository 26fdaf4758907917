"""The results of an intake as they were read on a day, kept for good."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _


class SnapshotManager(models.Manager["Snapshot"]):
    def get_queryset(self) -> models.QuerySet["Snapshot"]:
        """Leave what is large where it is until it is asked for."""
        return super().get_queryset().defer("content", "pages", "minutes")


class Snapshot(models.Model):
    """A frozen page: its figures, and the page itself in each language.

    Figures alone would read otherwise once a template, a translation or a computation changes; so
    the page is kept as it was drawn. Both are written once.
    """

    review = models.ForeignKey("results.Review", models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField(_("number"))
    taken_at = models.DateTimeField(_("frozen"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    content = models.JSONField(encoder=DjangoJSONEncoder)
    pages = models.JSONField()
    """The drawn page by language."""

    reached = models.PositiveSmallIntegerField()
    """How many targets were reached."""

    judged = models.PositiveSmallIntegerField()
    """Of how many it could be said whether they were."""

    minutes = models.JSONField(null=True, editable=False)
    """The meeting, notes and decisions as both confirmed them; None until then."""

    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopen_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = SnapshotManager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("frozen results")
        verbose_name_plural = _("frozen results")
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="snapshot_number_once"),
            models.CheckConstraint(
                name="snapshot_reopened_has_reason",
                condition=Q(reopened_at=None) | (~Q(reopen_reason="") & ~Q(reopened_by=None)),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Frozen results no. %(number)s") % {"number": self.number}

    @property
    def page(self) -> str:
        """The page in the language that is active."""
        return self.pages.get(get_language() or "") or self.pages[settings.LANGUAGE_CODE]

    def keep_minutes(self, minutes: dict[str, Any]) -> None:
        self.minutes = minutes
        self.save(update_fields=["minutes"])


class SnapshotFile(models.Model):
    """A file of confirmed results as it was drawn then, in one language.

    In a table of its own, so that no list of what was frozen reads files along.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    language = models.CharField(max_length=5)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("file of frozen results")
        verbose_name_plural = _("files of frozen results")
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "kind", "language"], name="snapshot_file_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.language}"
