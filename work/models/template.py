"""What is to be done for each event of a kind, and when, counted from the event."""

import secrets
from datetime import date, datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from documents.models import Revised
from plans.local_time import local_day
from work import offset_words
from work.due_dates import shifted

LONGEST_OFFSET = 400


def own_key() -> str:
    """Name a template that was added in the browser."""
    return f"own-{secrets.token_hex(6)}"


class TaskTemplateQuerySet(models.QuerySet["TaskTemplate"]):
    def for_kind(self, kind: str) -> Self:
        return self.filter(event_kind=kind)

    def switched_on(self) -> Self:
        return self.filter(is_on=True)


class TaskTemplate(Revised):
    """A task that every new event of a kind gets."""

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        WORKING_DAYS = "working_days", _("working days")
        MONTHS = "months", _("calendar months")

    class Anchor(models.TextChoices):
        START = "start", _("the start of the event")
        END = "end", _("the end of the event")

    event_kind = models.CharField(_("kind of event"), max_length=20)
    key = models.CharField(max_length=30, default=own_key, editable=False)
    title = models.CharField(_("title"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    offset = models.SmallIntegerField(_("offset"), default=0)
    """How many units after the anchor it is due; before it, if negative."""

    unit = models.CharField(_("counted in"), max_length=15, choices=Unit.choices, default=Unit.DAYS)
    anchor = models.CharField(
        _("counted from"), max_length=5, choices=Anchor.choices, default=Anchor.START
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    position = models.PositiveSmallIntegerField(default=0)
    is_on = models.BooleanField(_("switched on"), default=True)

    objects = TaskTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["event_kind", "position", "pk"]
        verbose_name = _("task template")
        verbose_name_plural = _("task templates")
        constraints = [
            models.UniqueConstraint(fields=["event_kind", "key"], name="template_key_once"),
            models.CheckConstraint(
                name="template_offset_within_a_year",
                condition=models.Q(offset__range=(-LONGEST_OFFSET, LONGEST_OFFSET)),
            ),
            models.CheckConstraint(
                name="template_role_known", condition=models.Q(role__in=Role.values)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def name(self, language: str) -> str:
        return self.title_en or self.title if language == "en" else self.title

    def due_on(self, starts_at: datetime, ends_at: datetime) -> date:
        """Return the day it is due for an event at these times."""
        anchor = starts_at if self.anchor == self.Anchor.START else ends_at
        return shifted(local_day(anchor), self.offset, self.unit)

    def when(self) -> str:
        return offset_words.when(self.offset, self.unit, self.anchor)
