"""What happened to a task: one row per step, for good."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskChange(models.Model):
    """One step in a task's life, for good: who did what, and when."""

    class Kind(models.TextChoices):
        DONE = "done", _("ticked")
        REOPENED = "reopened", _("tick taken back")
        MISSED = "missed", _("closed as missed")
        CLOSED = "closed", _("closed")
        MOVED = "moved", _("due on another day")
        ASSIGNED = "assigned", _("given to somebody")
        HANDED_OVER = "handed_over", _("handed over for an absence")
        WENT_BACK = "went_back", _("went back after an absence")

    task = models.ForeignKey("work.Task", models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    """Nobody where it happened by itself."""

    old_due_on = models.DateField(null=True)
    new_due_on = models.DateField(null=True)
    new_assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    text = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"
