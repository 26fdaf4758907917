"""What was found when everything an event needs was looked at beforehand."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.models.event import Event


class Preflight(models.Model):
    """One look at all that an event needs, kept in each language of the pages."""

    class Occasion(models.TextChoices):
        MORNING = "morning", _("in the morning of the day")
        HOUR_BEFORE = "hour_before", _("an hour before the start")
        ASKED = "asked", _("asked for")

    event = models.ForeignKey(Event, models.CASCADE, related_name="preflights")
    occasion = models.CharField(max_length=15, choices=Occasion.choices)
    about_at = models.DateTimeField()
    """The start it speaks of: a moved event is looked at again."""

    at = models.DateTimeField()
    results = models.JSONField()
    """By language, a list of what `outbox.checks.Check.in_words` gives."""

    is_ready = models.BooleanField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "occasion", "about_at"],
                condition=~models.Q(occasion="asked"),
                name="preflight_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} · {self.get_occasion_display()}"

    def checks(self) -> list[dict[str, object]]:
        """Return what was looked at, in the reader's language."""
        found: list[dict[str, object]] = self.results.get(
            get_language() or "", self.results[settings.LANGUAGE_CODE]
        )
        return found

    def red(self) -> list[dict[str, object]]:
        return [each for each in self.checks() if not each["ok"]]
