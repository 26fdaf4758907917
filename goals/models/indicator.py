"""The indicators of a goal, and what is reported on them."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from documents.models import Revised
from goals.aim import Aim, Measure
from goals.models.goal import Goal, StillNeededError, delete_unless_needed
from goals.models.series import Series, Unit
from ui.choices import ShownChoices


class CheckInRefusedError(Exception):
    """The check-in cannot be right; the text says why."""


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def visible_to(self, user: User) -> Self:
        return self if user.is_active else self.none()

    def in_order(self) -> Self:
        return self.order_by("goal__position", "goal", "position", "pk")


class Indicator(Revised):
    """What a goal is measured by: from where it starts to where it is to be."""

    class Direction(models.TextChoices):
        UP = "up", _("more is better")
        DOWN = "down", _("less is better")

    goal = models.ForeignKey(
        Goal, models.CASCADE, related_name="indicators", verbose_name=_("goal")
    )
    name = models.CharField(_("indicator"), max_length=150)
    name_en = models.CharField(_("indicator in English"), max_length=150, blank=True)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, default=Unit.NUMBER)
    direction = models.CharField(
        _("direction"), max_length=4, choices=Direction.choices, default=Direction.UP
    )
    start = models.DecimalField(_("start"), max_digits=14, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(
        _("target"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        related_name="+",
    )
    series = models.ForeignKey(
        Series,
        models.PROTECT,
        verbose_name=_("KPI series"),
        null=True,
        blank=True,
        related_name="indicators",
    )
    """Which series of measurements it is read from; none: people say it in check-ins."""

    previous = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name=_("the same one of the year before"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.CheckConstraint(
                name="indicator_leads_in_its_direction",
                condition=Q(start=None)
                | Q(target=None)
                | Q(direction="up", target__gt=F("start"))
                | Q(direction="down", target__lt=F("start")),
                violation_error_message=_(
                    "The target lies behind the start: more is better needs a higher target,"
                    " less is better a lower one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str) -> str:
        return self.name_en or self.name if language == "en" else self.name

    @property
    def way_begins_at(self) -> Decimal | None:
        """Say from where the year goes to its target: what adds up begins at nothing."""
        return Decimal() if self.series and self.series.adds_up else self.start

    def aim(self, first: date, last: date, *, target: Decimal | None, start: Decimal | None) -> Aim:
        """Give what is to be reached in a stretch of time; what nothing measures has a level."""
        return Aim(
            self.series.measure if self.series else Measure.STOCK,
            first,
            last,
            target,
            start,
            is_less_better=self.direction == self.Direction.DOWN,
        )

    def check_in(
        self,
        *,
        by: User,
        at: datetime,
        on: date,
        value: Decimal,
        confidence: "CheckIn.Confidence",
        sentence: str,
        corrects: "CheckIn | None" = None,
    ) -> "CheckIn":
        """Report how the indicator stood on a day."""
        if on > timezone.localtime(at).date():
            raise CheckInRefusedError(gettext("A check-in tells what was, not what will be."))
        return CheckIn.objects.create(
            indicator=self,
            on=on,
            value=value,
            confidence=confidence,
            sentence=sentence,
            by=by,
            at=at,
            corrects=corrects,
        )

    def take_out(self) -> None:
        """Delete the indicator, unless somebody has reported on it."""
        if self.check_ins.exists():
            raise StillNeededError(
                gettext("This indicator has check-ins; what was reported is not thrown away.")
            )
        delete_unless_needed(self)


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def visible_to(self, user: User) -> Self:
        return self if user.is_active else self.none()

    def standing(self) -> Self:
        """Leave out those that were corrected."""
        return self.filter(correction=None)

    def newest_of(self, indicator: OuterRef) -> Self:
        """Put the standing ones of one indicator in order, the newest first."""
        return self.standing().filter(indicator=indicator).order_by("-on", "-at", "-pk")

    def last_of(self, indicators: Iterable[int]) -> dict[int, "CheckIn"]:
        """Give the newest standing check-in of each indicator that has one, by its number."""
        newest = self.newest_of(OuterRef("pk"))
        last = Indicator.objects.filter(pk__in=indicators).annotate(
            last=Subquery(newest.values("pk")[:1])
        )
        return {each.indicator_id: each for each in self.filter(pk__in=last.values("last"))}


class CheckIn(models.Model):
    """What an indicator was on a day, and how sure somebody is; never changed, only corrected."""

    class Confidence(ShownChoices):
        ON_TRACK = "on_track", "is-ok", "circle-check", _("On track")
        AT_RISK = "at_risk", "is-warning", "alert-triangle", _("At risk")
        OFF = "off", "is-bad", "circle-x", pgettext_lazy("a goal that will not be reached", "Off")

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="check_ins")
    on = models.DateField(_("day"))
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence.choices)
    sentence = models.CharField(_("in one sentence"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction"
    )

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering = ["on", "at", "pk"]
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            models.CheckConstraint(
                name="check_in_confidence_known",
                condition=Q(confidence__in=["on_track", "at_risk", "off"]),
            )
        ]
        indexes = [models.Index(fields=["indicator", "on", "at", "id"], name="check_in_newest")]

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}: {self.value}"

    @property
    def shown_confidence(self) -> "CheckIn.Confidence":
        return self.Confidence(self.confidence)

    @property
    def is_corrected(self) -> bool:
        return hasattr(self, "correction")

    @transaction.atomic
    def correct(
        self,
        *,
        by: User,
        at: datetime,
        on: date,
        value: Decimal,
        confidence: "CheckIn.Confidence",
        sentence: str,
    ) -> "CheckIn":
        """Put another check-in in this one's place; this one stays to be seen."""
        Indicator.objects.select_for_update().get(pk=self.indicator_id)
        if CheckIn.objects.filter(corrects=self).exists():
            raise CheckInRefusedError(
                gettext("Somebody has corrected this check-in. Correct the correction.")
            )
        return self.indicator.check_in(
            by=by,
            at=at,
            on=on,
            value=value,
            confidence=confidence,
            sentence=sentence,
            corrects=self,
        )
