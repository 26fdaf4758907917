"""A rehearsal: an event's evening played with a moved clock, by people who do not exist."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models.event import Event

KEPT = timedelta(days=30)


class RehearsalQuerySet(models.QuerySet["Rehearsal"]):
    def old(self, now: datetime) -> Self:
        return self.filter(created_at__lte=now - KEPT)


class Rehearsal(models.Model):
    """Who plays and what is done at which minute; what comes of it is worked out when looked at.

    Texts, rules, offer and room are those the event has now, so that a mended text shows at once.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="rehearsals")
    created_at = models.DateTimeField(_("when"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recipients = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("members of the team"), related_name="+"
    )
    """The only people to whom its messages can be sent for real."""

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    """The times the event had when the rehearsal began."""

    clock = models.DateTimeField()
    """Played up to this moment, and including it."""

    cast = models.JSONField()
    script = models.JSONField(default=list)
    """What the person who rehearses had done, each with its pretended moment."""

    sent = models.JSONField(default=list)
    """What was sent to members of the team: of which moment, to whom, when."""

    checks = models.JSONField(default=dict)
    """What the checks of the pre-flight found when the end was reached, by language."""

    checked_at = models.DateTimeField(null=True)

    objects = RehearsalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        indexes = [models.Index(fields=["created_at"], name="rehearsal_age")]

    def __str__(self) -> str:
        return f"{self.event} {self.created_at:%Y-%m-%d %H:%M}"

    def is_of_these_times(self) -> bool:
        """Say whether the event still takes place when the rehearsal says it does."""
        return (self.event.starts_at, self.event.ends_at) == (self.starts_at, self.ends_at)

    def team(self) -> models.QuerySet[User]:
        """Keep the recipients who still work here."""
        return self.recipients.filter(is_active=True).order_by("full_name", "pk")

    def red_checks(self) -> list[dict[str, object]]:
        """Return what the pre-flight's checks found wrong, in the reader's language."""
        found = self.checks.get(get_language() or "", self.checks.get(settings.LANGUAGE_CODE, []))
        return [each for each in found if not each["ok"]]
