"""What the two said and decided in the review of an intake."""

from django.conf import settings
from django.db import models
from django.db.models.deletion import Collector
from django.utils.translation import gettext_lazy as _

from documents.models import Revised
from goals.models import Goal
from results.models.review import Review
from work.models import Task


def go_while_empty(
    collector: Collector, field: models.Field, notes: models.QuerySet["GoalNote"], using: str
) -> None:
    """Let a note into which nobody has written go with its goal; one with words keeps the goal."""
    written = notes.exclude(text="")
    if written.exists():
        models.PROTECT(collector, field, written, using)
    models.CASCADE(collector, field, notes, using)


class GoalNote(Revised):
    """What was said of one goal."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="goal_notes")
    goal = models.ForeignKey(Goal, go_while_empty, related_name="review_notes")
    text = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["goal__position", "goal"]
        verbose_name = _("note on a goal")
        verbose_name_plural = _("notes on goals")
        constraints = [
            models.UniqueConstraint(fields=["review", "goal"], name="goal_note_once_per_goal")
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Decision(models.Model):
    """What was decided, and the task or goal it became."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="decisions")
    text = models.CharField(_("decision"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("who sees to it"),
        null=True,
        blank=True,
        related_name="+",
    )
    due_on = models.DateField(_("by when"), null=True, blank=True)
    task = models.OneToOneField(
        Task, models.SET_NULL, null=True, editable=False, related_name="decision"
    )
    goal = models.OneToOneField(
        Goal, models.SET_NULL, null=True, editable=False, related_name="decision"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return self.text[:60]
