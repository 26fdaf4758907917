"""A change of an event's start: the record of it, and when it is announced."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

SETTLING = timedelta(minutes=10)
"""A change is announced after this long without another."""

NEAR = timedelta(hours=2)
"""So close to the start a change is announced at once."""

SMALL_SHIFT = timedelta(minutes=5)
"""A start that shifts by less than this is not announced."""


def announced_at(changed_at: datetime, *starts: datetime) -> datetime:
    """Return when a change is announced of an event that was, or is, to begin at `starts`."""
    return changed_at if min(starts) - changed_at < NEAR else changed_at + SETTLING


class EventMove(models.Model):
    """One change of an event's start."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="moves")
    old_starts_at = models.DateTimeField()
    new_starts_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.event}: {self.old_starts_at} → {self.new_starts_at}"
