"""When the plan of an event has to be looked at next, and who asked for it."""

import secrets
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.utils import timezone

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""A look that is due whatever the clock says."""


def new_request() -> int:
    return secrets.randbelow(2**31)


class LookedAt(models.Model):
    """What has a plan, which a worker looks at when its alarm clock rings."""

    look_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the plan has to be looked at next. An alarm clock, not a schedule: too early costs a
    look, and every five minutes all events around now are looked at whatever it says."""

    look_request = models.PositiveIntegerField(default=0, editable=False)
    """Another number with every request for a look, so that a look that is going on does not take
    a later request for its own."""

    look_asked_at = models.DateTimeField(default=timezone.now, editable=False)
    """When it was last asked for a look at once, by the clock of whoever asked."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and have the plan looked at again, whatever it was that changed."""
        self.look_at, self.look_request = AT_ONCE, new_request()
        self.look_asked_at = timezone.now()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "look_at", "look_request", "look_asked_at"}
        super().save(*args, **kwargs)
