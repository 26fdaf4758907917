"""The secret addresses at which a calendar program reads somebody's tasks and the plan."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse


def feed_token() -> str:
    """Return 256 random bits: whoever knows an address sees what is there."""
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed"
    )
    token = models.CharField(max_length=50, unique=True, default=feed_token, editable=False)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.user)

    @property
    def of_tasks(self) -> str:
        return settings.SITE_URL + reverse("work:calendar_of_tasks", args=[self.token])

    @property
    def of_plan(self) -> str:
        return settings.SITE_URL + reverse("work:calendar_of_plan", args=[self.token])

    def renew(self, at: datetime) -> None:
        """Take other addresses; the old ones show nothing from now on."""
        self.token, self.made_at = feed_token(), at
        self.save(update_fields=["token", "made_at"])
