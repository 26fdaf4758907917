"""Who changed a reminder rule or its words, when, from what to what."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.reminder import ReminderRule, ReminderText


class RuleChange(models.Model):
    """One save of a rule, or of its words in one language; only added to."""

    rule = models.ForeignKey(ReminderRule, models.CASCADE, related_name="changes")
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    language = models.CharField(_("language"), max_length=5, blank=True)
    """Of the words that were changed; empty for a change of the rule itself."""

    variant = models.CharField(_("for"), max_length=10, blank=True)
    is_new = models.BooleanField(default=False)
    also_past = models.BooleanField(default=False)
    """It was saved for those too for whom it had been due already."""

    fields = models.JSONField(default=dict)
    """Old and new value by the field's name."""

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change of a rule")
        verbose_name_plural = _("changes of a rule")

    def __str__(self) -> str:
        return f"{self.rule} {self.at:%Y-%m-%d %H:%M}"

    def lines(self) -> list[dict[str, Any]]:
        """Return what changed in the words of the pages: label, old and new value."""
        model = ReminderText if self.language else ReminderRule
        return [
            {
                "label": _column(model, name).verbose_name,
                "old": _in_words(model, name, old),
                "new": _in_words(model, name, new),
            }
            for name, (old, new) in self.fields.items()
        ]

    def about(self) -> str:
        """Name the words it changed, as "English, those who came"; empty for the rule itself."""
        if not self.language:
            return ""
        language = str(dict(settings.LANGUAGES).get(self.language, self.language))
        variant = ReminderText.Variant(self.variant).label if self.variant else ""
        return ", ".join(str(part) for part in (language, variant) if part)


def _in_words(model: type[models.Model], name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = _column(model, name).choices
    return dict(choices).get(value, value) if choices else value


def _column(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)  # these models keep no history of relations
    return field
