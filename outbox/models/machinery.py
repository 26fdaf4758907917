"""What the machinery knows of itself: channels, stops, signs of life, and how far it has come."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ChannelState(models.Model):
    """Whether a channel may be used now: stopped by a person, or by the circuit breaker."""

    channel = models.CharField(max_length=30, primary_key=True)
    failures = models.PositiveSmallIntegerField(default=0)
    """Temporary failures in a row; five open the breaker."""

    closed_until = models.DateTimeField(null=True, blank=True)
    """While in the future nothing is sent; afterwards one probe goes first."""

    problem = models.CharField(max_length=500, blank=True)
    needs_a_person = models.BooleanField(default=False)
    """Our account is refused: nothing goes before a person has mended it and says so."""

    def __str__(self) -> str:
        return self.channel


class Pause(models.Model):
    """A stop of all sending, until somebody resumes it; the open row is the one in force."""

    reason = models.CharField(_("reason"), max_length=300)
    paused_at = models.DateTimeField(_("stopped"))
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    resumed_at = models.DateTimeField(_("resumed"), null=True, blank=True)
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    restored_to = models.DateTimeField(null=True, blank=True)
    """Set where a restored backup was noticed: the last moment that the database knows of."""

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["paused_at"], name="pause_open", condition=models.Q(resumed_at=None)
            )
        ]

    def __str__(self) -> str:
        """Say why in the reader's language."""
        if self.restored_to is None:
            return self.reason
        sentence = gettext(
            "The database is older than what has been sent: it ends on %(day)s at %(time)s. A "
            "backup was restored. See what the look-up has found, then resume."
        )
        local = timezone.localtime(self.restored_to)
        return sentence % {"day": f"{local:%d.%m.%Y}", "time": f"{local:%H:%M}"}


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def with_age(self) -> Self:
        """Tell how long ago each was written, by one clock, whatever those of the workers say."""
        return self.annotate(age=Now() - models.F("written_at"))


class Heartbeat(models.Model):
    """When a part of the machinery last showed that it lives, and through which worker.

    One row of each worker, since each goes by the clock of its own machine.
    """

    class Part(models.TextChoices):
        BEAT = "beat", _("scheduler")
        WORKER = "worker", _("worker")

    part = models.CharField(max_length=20, choices=Part.choices)
    worker = models.CharField(max_length=80)
    seen_at = models.DateTimeField()
    skew = models.DurationField(null=True, blank=True)
    """How far another clock is from its own, the database's or the portal's; None: unknown."""

    written_at = models.DateTimeField(db_default=Now(), editable=False)
    """By the database's clock."""

    age: timedelta
    """Only of what `with_age` gives."""

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "worker"], name="heartbeat_once_per_worker")
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.worker}"


class Generation(models.Model):
    """How far this database has come: one row, whose number only ever grows.

    The number is remembered outside too (outbox/memory.py). A database with a smaller one than
    is remembered was set back in time.
    """

    database = models.UUIDField(default=uuid.uuid4, editable=False)
    """Tells this database from another that the same Redis serves."""

    number = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField()
    sent_until = models.DateTimeField(null=True, blank=True)
    """After a restore: what was due until then may have gone, and is looked up first."""

    def __str__(self) -> str:
        return f"{self.database}: {self.number}"
