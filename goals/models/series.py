"""What step 6 measures: the series that indicators are read from."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from documents.models import Revised
from goals.aim import Measure


class Unit(models.TextChoices):
    """What an amount counts."""

    NUMBER = "number", _("number")
    PEOPLE = "people", _("people")
    PERCENT = "percent", "%"
    EURO = "euro", "EUR"
    HOURS = "hours", _("hours")
    MINUTES = "minutes", _("minutes")
    SECONDS = "seconds", _("seconds")
    POINTS = "points", _("points")


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: User) -> Self:
        """Keep what `user` may see: whoever works here sees what is measured."""
        return self if user.is_active else self.none()

    def on(self) -> Self:
        return self.filter(is_on=True)

    def entered(self) -> Self:
        """Leave out what is only derived from another series."""
        return self.exclude(kind=Series.Kind.DERIVED)


class Series(Revised):
    """A series of measurements; its key is what sources and imports know it by."""

    class Kind(models.TextChoices):
        """How the values of several days become one."""

        FLOW = "flow", _("adds up (visits, leads, views)")
        STOCK = "stock", _("the last value counts (followers)")
        AVERAGE = "average", _("the average of the days counts (per cent, users a day)")
        DERIVED = "derived", _("the growth of another one")

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, default=Unit.NUMBER)
    kind = models.CharField(
        _("how days add up"), max_length=10, choices=Kind.choices, default=Kind.FLOW
    )
    growth_of = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("growth of"),
        null=True,
        blank=True,
        related_name="growths",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_on = models.BooleanField(_("in use"), default=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("KPI series")
        verbose_name_plural = _("KPI series")
        constraints = [
            models.CheckConstraint(
                name="series_kind_known",
                condition=Q(kind__in=["flow", "stock", "average", "derived"]),
            ),
            models.CheckConstraint(
                name="series_derived_from_another",
                condition=Q(kind="derived", growth_of__isnull=False)
                | (~Q(kind="derived") & Q(growth_of=None)),
                violation_error_message=_("A growth needs the series that grows, and only it."),
            ),
        ]

    def __str__(self) -> str:
        return self.label(get_language() or "")

    @property
    def measure(self) -> Measure:
        """Say how its values become one; growth adds up."""
        return Measure.FLOW if self.kind == self.Kind.DERIVED else Measure(self.kind)

    @property
    def adds_up(self) -> bool:
        """Tell whether it grows from nothing within a year, whatever there was before."""
        return self.measure == Measure.FLOW

    def label(self, language: str) -> str:
        return self.name_en or self.name if language == "en" else self.name
