"""What ties a dispatch of the outbox to the rule and the event whose messages it holds."""

from django.db import models

from events.models.event import Event
from events.models.reminder import ReminderRule
from outbox.models import Dispatch


class ReminderDispatch(models.Model):
    """The occasion of one rule at one moment of one event, with its dispatch in the outbox."""

    dispatch = models.OneToOneField(Dispatch, models.PROTECT, related_name="reminder")
    event = models.ForeignKey(Event, models.PROTECT, related_name="dispatches")
    rule = models.ForeignKey(ReminderRule, models.PROTECT, related_name="dispatches")
    moment = models.DateTimeField(null=True, blank=True)
    """What `ReminderRule.moment_of` said: the start these messages speak of, or the change."""

    decided_at = models.DateTimeField(null=True, blank=True)
    """When everybody registered had got a row."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "rule", "moment"],
                condition=models.Q(moment__isnull=False),
                name="reminder_dispatch_once",
            ),
            models.UniqueConstraint(
                fields=["event", "rule"],
                condition=models.Q(moment=None),
                name="reminder_dispatch_of_registrations_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} · {self.rule}"

    def is_current(self) -> bool:
        """Say whether the event still is what these messages speak of."""
        return self.moment == self.rule.moment_of(self.event)
