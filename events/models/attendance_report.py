"""Who was in the meeting: uploaded reports, what Zoom told, and the times people stayed."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.attendance import Evidence
from events.models.event import Event
from events.models.participant_import import KEPT, random_name
from events.models.registration import Registration
from files.models import private_storage

STRANGERS_KEPT = timedelta(days=30)
"""How long the names of those who could not be matched wait for a person to look at them."""

SOONEST_AGAIN, LATEST_AGAIN = timedelta(minutes=1), timedelta(hours=6)
"""How long a call of Zoom that could not be understood rests before it is tried again."""


class AttendanceReportQuerySet(models.QuerySet["AttendanceReport"]):
    def imported(self) -> Self:
        return self.exclude(imported_at=None)

    def forgotten(self, now: datetime) -> Self:
        """Keep those that were uploaded more than a day ago and never imported."""
        return self.filter(imported_at=None, uploaded_at__lte=now - KEPT)

    def with_old_strangers(self, now: datetime) -> Self:
        return self.filter(imported_at__lte=now - STRANGERS_KEPT).exclude(strangers=[])


class AttendanceReport(models.Model):
    """A platform's report, from its upload over the preview to what came of it."""

    class Platform(models.TextChoices):
        ZOOM = "zoom", "Zoom"
        TEAMS = "teams", "Microsoft Teams"
        MEET = "meet", "Google Meet"

    event = models.ForeignKey(Event, models.CASCADE, related_name="attendance_reports")
    platform = models.CharField(_("platform"), max_length=10, choices=Platform.choices)
    file = models.FileField(storage=private_storage, upload_to=random_name, blank=True)
    """Deleted as soon as the report is imported, or after a day."""

    original_name = models.CharField(_("file"), max_length=200)
    uploaded_at = models.DateTimeField(_("uploaded"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("uploaded by"),
        null=True,
        blank=True,
        related_name="+",
    )
    day_order = models.CharField(max_length=15, blank=True)
    """What somebody said 03/02/26 means in this file; empty if the file or the event told it."""

    is_complete = models.BooleanField(_("nobody else was there"), default=False)
    counts = models.JSONField(default=dict)
    strangers = models.JSONField(default=list)
    """Those of the report whom nobody has matched yet: name, e-mail, times."""

    imported_at = models.DateTimeField(_("imported"), null=True, blank=True)

    objects = AttendanceReportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("attendance report")
        verbose_name_plural = _("attendance reports")
        indexes = [models.Index(fields=["uploaded_at"], name="attendance_report_uploaded")]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_imported(self) -> bool:
        return self.imported_at is not None

    def delete_file(self) -> None:
        if self.file:
            self.file.delete(save=False)
            self.save(update_fields=["file"])


class Stay(models.Model):
    """From one joining to one leaving of somebody registered, as one kind of evidence tells it."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="stays")
    kind = models.PositiveSmallIntegerField(choices=Evidence.Kind.choices)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    """None while nobody has told of the leaving."""

    seconds = models.PositiveIntegerField(null=True, blank=True)
    """The time really spent, where the report counts it."""

    class Meta:
        ordering = ["joined_at", "pk"]
        verbose_name = _("stay in the meeting")
        verbose_name_plural = _("stays in the meeting")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "kind", "joined_at", "left_at"], name="stay_once"
            ),
            models.CheckConstraint(
                name="stay_ends_after_it_begins",
                condition=models.Q(left_at=None) | models.Q(left_at__gte=models.F("joined_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration}: {self.joined_at} – {self.left_at}"


class ZoomSignQuerySet(models.QuerySet["ZoomSign"]):
    def waiting(self, now: datetime) -> Self:
        """Keep those to be understood now, first those that no fault has kept back."""
        is_time = models.Q(again_at=None) | models.Q(again_at__lte=now)
        first = models.F("again_at").asc(nulls_first=True)
        return self.filter(is_time, taken_at=None).order_by(first, "received_at", "pk")

    def not_understood(self) -> Self:
        """Keep those that a fault of this application keeps from being understood."""
        return self.filter(taken_at=None, again_at__isnull=False)


class ZoomSign(models.Model):
    """One call of Zoom's webhook: somebody joined or left, or the meeting ended."""

    class Kind(models.TextChoices):
        JOINED = "joined", _("joined")
        LEFT = "left", _("left")
        ENDED = "ended", _("ended")

    meeting_id = models.CharField(max_length=20)
    meeting_uuid = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    participant = models.CharField(max_length=200, blank=True)
    """Zoom's name for one connection of one person to one meeting."""

    at = models.DateTimeField()
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    registrant_id = models.CharField(max_length=200, blank=True)
    customer_key = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    again_at = models.DateTimeField(null=True, blank=True)
    """When it is tried again, after it could not be understood by a fault of this application."""

    event = models.ForeignKey(
        Event, models.CASCADE, null=True, blank=True, related_name="zoom_signs"
    )
    registration = models.ForeignKey(
        Registration, models.SET_NULL, null=True, blank=True, related_name="zoom_signs"
    )
    is_ignored = models.BooleanField(default=False)
    """Of staff, or somebody looked at it and said that it is nobody registered."""

    objects = ZoomSignQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting_uuid", "participant", "kind", "at"], name="zoom_sign_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], name="zoom_sign_waits", condition=models.Q(taken_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"

    @property
    def codes(self) -> tuple[str, str]:
        return self.registrant_id, self.customer_key

    def keep_back(self, now: datetime) -> None:
        """Let it rest as long as it has been waiting already, but not for many hours."""
        rest = min(max(now - self.received_at, SOONEST_AGAIN), LATEST_AGAIN)
        self.again_at = now + rest
        # Of which event it tells is known to a person even if nothing more is.
        self.save(update_fields=["again_at", "event"])
