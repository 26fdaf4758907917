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
        """Keep those whose tasks have neither gone back nor gone over for good."""
        return self.filter(returned_at=None, kept_at=None)

    def over(self, today: date) -> Self:
        """Keep those whose last day has passed, and whose tasks can go back."""
        return self.in_force().filter(last_on__lt=today, person__is_active=True)

    def of_left(self) -> Self:
        """Keep those of people who have left since: nothing can go back to them."""
        return self.in_force().filter(person__is_active=False)

    def overlapping(self, first_on: date, last_on: date) -> Self:
        """Keep the absences that fall on some of these days; who has left is not away."""
        return self.in_force().filter(
            first_on__lte=last_on, last_on__gte=first_on, person__is_active=True
        )


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

    kept_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the tasks became for good those of who stood in: the person has left."""

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
            models.CheckConstraint(
                name="hand_over_ends_in_one_way", condition=Q(returned_at=None) | Q(kept_at=None)
            ),
        ]
        indexes = [
            models.Index(
                fields=["last_on"],
                name="hand_over_in_force",
                condition=Q(returned_at=None, kept_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.to}"

    @property
    def is_in_force(self) -> bool:
        return self.returned_at is None and self.kept_at is None
