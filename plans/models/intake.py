"""An intake, Spring or Autumn of a year: what all plans and their results belong to."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.models import Document, Revised
from goals.models import Indicator


class IntakeQuerySet(models.QuerySet["Intake"]):
    def current(self, today: date) -> "Intake | None":
        """Give the intake that runs, else the next one, else the last there was."""
        ahead = self.filter(ends_on__gte=today).order_by("begins_on").first()
        return ahead or self.order_by("ends_on").last()

    def of_year(self, year: int) -> Self:
        return self.filter(year=year)


class Intake(Revised):
    """A season of enrolment with its plans, audiences, channels and activities."""

    class Season(models.TextChoices):
        SPRING = "spring", _("Spring")
        AUTUMN = "autumn", _("Autumn")

    year = models.PositiveSmallIntegerField(_("year"))
    season = models.CharField(_("season"), max_length=10, choices=Season.choices)
    begins_on = models.DateField(_("begins"))
    ends_on = models.DateField(_("ends"))
    rolled_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="rolled_into"
    )

    objects = IntakeQuerySet.as_manager()

    class Meta:
        ordering = ["-begins_on"]
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "season"],
                name="intake_once_per_season",
                violation_error_message=_("This intake is here already."),
            ),
            models.CheckConstraint(
                name="intake_ends_after_it_begins",
                condition=Q(ends_on__gt=F("begins_on")),
                violation_error_message=_("The intake must end after it begins."),
            ),
            models.CheckConstraint(
                name="intake_season_known", condition=Q(season__in=["spring", "autumn"])
            ),
        ]

    def __str__(self) -> str:
        if self.season == self.Season.SPRING:
            return gettext("Spring intake %(year)s") % {"year": self.year}
        return gettext("Autumn intake %(year)s") % {"year": self.year}


class IntakeTarget(models.Model):
    """The part of a year's target that an intake is to reach."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="targets")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="intake_targets")
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("target of an intake")
        verbose_name_plural = _("targets of an intake")
        constraints = [
            models.UniqueConstraint(
                fields=["intake", "indicator"], name="intake_target_once_per_indicator"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.target}"


class ActivityPlan(models.Model):
    """The activities of an intake as one document that the director approves."""

    intake = models.OneToOneField(Intake, models.CASCADE, related_name="activity_plan")
    document = models.OneToOneField(Document, models.PROTECT, related_name="activity_plan")

    class Meta:
        verbose_name = _("activity plan")
        verbose_name_plural = _("activity plans")

    def __str__(self) -> str:
        return gettext("Activity plan: %(intake)s") % {"intake": self.intake}
