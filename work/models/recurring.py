"""Tasks that come again every day, or on certain days of the week."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from documents.models import Revised
from plans.holidays import is_holiday
from plans.weekdays import Weekday

WORKING_WEEK = 0b0011111


class RecurringTaskQuerySet(models.QuerySet["RecurringTask"]):
    def running(self, day: date) -> Self:
        """Keep those that have begun and not ended on this day."""
        found = self.filter(first_on__lte=day).exclude(last_on__lt=day)
        return found.select_related("assignee")


class RecurringTask(Revised):
    """The same task on certain days of the week, from a first day on."""

    title = models.CharField(_("title"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    weekdays = models.PositiveSmallIntegerField(_("days of the week"), default=WORKING_WEEK)
    """One bit a day, Monday the lowest."""

    skips_holidays = models.BooleanField(_("not on public holidays"), default=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        related_name="+",
    )
    notes = models.TextField(_("notes"), blank=True)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = RecurringTaskQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("recurring task")
        verbose_name_plural = _("recurring tasks")
        constraints = [
            models.CheckConstraint(
                name="recurring_has_a_weekday",
                condition=models.Q(weekdays__gte=1, weekdays__lte=0b1111111),
                violation_error_message=_("Choose at least one day of the week."),
            ),
            models.CheckConstraint(
                name="recurring_ends_after_it_begins",
                condition=models.Q(last_on=None) | models.Q(last_on__gte=models.F("first_on")),
                violation_error_message=_("The last day must not be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def name(self, language: str) -> str:
        return self.title_en or self.title if language == "en" else self.title

    @property
    def does_it(self) -> int | None:
        """Give the number of who does it; of who has left it is for anybody of the role."""
        return self.assignee_id if self.assignee and self.assignee.is_active else None

    def chosen_weekdays(self) -> list[Weekday]:
        return [day for day in Weekday if self.weekdays >> day & 1]

    def falls_on(self, day: date) -> bool:
        """Tell whether there is something to do on this day of its time."""
        is_chosen = bool(self.weekdays >> day.weekday() & 1)
        return is_chosen and not (self.skips_holidays and is_holiday(day))
