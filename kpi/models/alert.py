"""What is told of by itself: a target that falls behind, data that stops, a value out of range."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from goals.models import Indicator, Series
from kpi.models.channel import Channel
from outbox.models import Dispatch


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, user: User) -> Self:
        return self if user.is_active else self.none()

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def muted(self, today: date) -> Self:
        """Keep what somebody muted until today or later."""
        return self.filter(self._mutes(today))

    def not_muted(self, today: date) -> Self:
        return self.filter(~self._mutes(today))

    def _mutes(self, today: date) -> Exists:
        """Give the mutes of the same thing; one of a whole series is of its channels too."""
        same = Q(series=OuterRef("series")) | Q(indicator=OuterRef("indicator"))
        channel = Q(channel=None) | Q(channel=OuterRef("channel"))
        return Exists(Mute.objects.holding(today).filter(same, channel, kind=OuterRef("kind")))


class Alert(models.Model):
    """Something that somebody should look at, from when it was found until it is over."""

    class Kind(models.TextChoices):
        BEHIND = "behind", _("behind its target")
        NO_DATA = "no_data", _("no data for three days")
        UNUSUAL = "unusual", _("a value far from the usual range")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, null=True, related_name="+", verbose_name=_("indicator")
    )
    series = models.ForeignKey(
        Series, models.CASCADE, null=True, related_name="+", verbose_name=_("KPI series")
    )
    channel = models.ForeignKey(
        Channel, models.CASCADE, null=True, related_name="+", verbose_name=_("channel")
    )
    """The one of which data is missing; None: of all of them."""

    day = models.DateField(_("day"), null=True)
    """Of what is unusual the day, of missing data the last day that has some."""

    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2, null=True)
    usual_from = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    usual_to = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    found_at = models.DateTimeField(_("found"))
    closed_at = models.DateTimeField(_("over"), null=True)
    told_at = models.DateTimeField(null=True)
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, null=True, related_name="+")

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-pk"]
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator"],
                name="kpi_alert_of_indicator_once",
                condition=Q(closed_at=None, indicator__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["kind", "series", "day"],
                name="kpi_alert_of_series_once",
                condition=Q(closed_at=None, series__isnull=False, channel=None),
            ),
            models.UniqueConstraint(
                fields=["kind", "series", "channel", "day"],
                name="kpi_alert_of_channel_once",
                condition=Q(closed_at=None, channel__isnull=False),
            ),
            models.CheckConstraint(
                name="kpi_alert_is_about_one_thing",
                condition=Q(kind="behind", indicator__isnull=False, series=None, channel=None)
                | Q(
                    kind__in=["no_data", "unusual"],
                    indicator=None,
                    series__isnull=False,
                    day__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="kpi_alert_of_channel_is_silence",
                condition=Q(channel=None) | Q(kind="no_data"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.indicator or self.series}"


class MuteQuerySet(models.QuerySet["Mute"]):
    def holding(self, today: date) -> Self:
        return self.filter(until__gte=today, lifted_at=None)


class Mute(models.Model):
    """Somebody knows of it, and why nobody need be told until a day."""

    kind = models.CharField(_("kind"), max_length=10, choices=Alert.Kind.choices)
    indicator = models.ForeignKey(Indicator, models.CASCADE, null=True, related_name="+")
    series = models.ForeignKey(Series, models.CASCADE, null=True, related_name="+")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="+")
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    objects = MuteQuerySet.as_manager()

    class Meta:
        ordering = ["until", "pk"]
        verbose_name = _("muted alert")
        verbose_name_plural = _("muted alerts")
        constraints = [
            models.CheckConstraint(
                name="kpi_mute_is_about_one_thing",
                condition=Q(indicator=None, series__isnull=False)
                | Q(indicator__isnull=False, series=None),
            ),
            models.CheckConstraint(name="kpi_mute_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.indicator or self.series}"

    def lift(self, at: datetime) -> None:
        """Have it told of again, from now on."""
        self.lifted_at = at
        self.save(update_fields=["lifted_at"])
