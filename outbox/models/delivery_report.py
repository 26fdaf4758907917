"""What providers tell of messages after they took them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryReport(models.Model):
    """One thing a provider told of one attempt to send a message; told again, it adds nothing.

    It names the message by our own key and is kept whether or not the message is known yet: a
    report may come before we have written down that the provider took the message.
    """

    class State(models.TextChoices):
        ON_ITS_WAY = "on_its_way", _("on its way")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")

    channel = models.CharField(max_length=30)
    uid = models.UUIDField()
    """Our key of the message."""

    attempt = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices)
    code = models.CharField(max_length=30, blank=True)
    """The provider's own word for it."""

    words = models.CharField(max_length=300, blank=True)
    because = models.CharField(max_length=10, blank=True)
    """Whose fault a failure is: a value of outbox.channels.RefusedBecause."""

    provider_id = models.CharField(max_length=100, blank=True)
    told_at = models.DateTimeField()
    """When it came about, by the provider's clock, or else when we heard of it."""

    received_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    """When the message's state was made to follow; None while it waits."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["uid", "attempt", "channel", "state", "code"],
                name="delivery_report_counts_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                name="delivery_report_waits",
                condition=models.Q(taken_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uid}/{self.attempt} {self.state}"
