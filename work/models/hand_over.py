"""Somebody is away, and somebody else does the tasks meanwhile."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def visible_to(self, user: User) -> Self:
        if user.has_role(Role.UNIT_HEAD):
            return self.filter(Q(person__unit=user.unit_id) | Q(person=user) | Q(to=user))
        if user.has_role(Role.SPECIALIST):
            return self.filter(Q(person=user) | Q(to=user))
        return self

    def in_force(self) -> Self:
        """Keep those whose tasks have not gone back."""
        return self.filter(returned_at=None)

    def over(self, today: date) -> Self:
        """Keep those whose last day has passed, and whose tasks can go back."""
        return self.in_force().filter(last_on__lt=today)

    def overlapping(self, first_on: date, last_on: date) -> Self:
        return self.in_force().filter(first_on__lte=last_on, last_on__gte=first_on)


class HandOver(models.Model):
    """All open tasks of one person go to another from a first day to a last one."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who is away"), related_name="+"
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who stands in"), related_name="+"
    )
    first_on = models.DateField(_("first day away"))
    last_on = models.DateField(_("last day away"))
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    returned_at = models.DateTimeField(null=True, blank=True, editable=False)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    """Who took the tasks back; nobody where it happened by itself after the last day."""

    objects = HandOverQuerySet.as_manager()

    class Meta:
        ordering = ["-first_on", "-pk"]
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        constraints = [
            models.CheckConstraint(
                name="hand_over_to_somebody_else",
                condition=~Q(person=models.F("to")),
                violation_error_message=_("Choose somebody else to stand in."),
            ),
            models.CheckConstraint(
                name="hand_over_ends_after_it_begins",
                condition=Q(last_on__gte=models.F("first_on")),
                violation_error_message=_("The last day must not be before the first day."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["last_on"], name="hand_over_in_force", condition=Q(returned_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.to}"
