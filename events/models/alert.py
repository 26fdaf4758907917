"""What the moderator of an event has been told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from outbox.models import Dispatch


class EventAlert(models.Model):
    """One thing staff were told about an event, so that they are told once."""

    class Topic(models.TextChoices):
        FEED_HELD = "feed_held", _("nobody seems to be in")
        EXPIRED = "expired", _("messages expired")
        PREFLIGHT = "preflight", _("pre-flight, an hour before the start")
        PREFLIGHT_DAY = "preflight_day", _("pre-flight, in the morning of the day")
        PUBLICATION = "publication", _("nothing is published")

    event = models.ForeignKey(Event, models.CASCADE, related_name="alerts")
    topic = models.CharField(max_length=15, choices=Topic.choices)
    about_at = models.DateTimeField()
    """What it speaks of, so that it is told once: the start, or when the last message expired."""

    count = models.PositiveIntegerField(default=0)
    """How many messages had expired; one that was being handed over then expires later."""

    dispatch = models.OneToOneField(Dispatch, models.PROTECT, related_name="alert")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "topic", "about_at", "count"], name="event_alert_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} · {self.get_topic_display()}"
