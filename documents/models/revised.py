"""What keeps two people's changes of the same thing from overwriting each other."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F


class Revised(models.Model):
    """What several people edit: it counts how often it was saved, and by whom the last time."""

    revision = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def saved_by(by_id: int | None, at: datetime) -> dict[str, Any]:
    """Give what a change beside the form of something `Revised` writes along, so that whoever has
    it in a form is told: the form would write everything back."""
    return {"revision": F("revision") + 1, "changed_by": by_id, "changed_at": at}
