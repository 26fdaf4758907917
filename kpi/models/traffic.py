"""Visits of the home page as Google Analytics tells them: by day, channel group, source, medium."""

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kpi.models.reading import Reading


class TrafficQuerySet(models.QuerySet["Traffic"]):
    def visible_to(self, user: User) -> Self:
        return self if user.is_active else self.none()

    def between(self, first: date, last: date) -> Self:
        return self.filter(day__range=(first, last))


class Traffic(models.Model):
    """The visits of one day from one source; a reading replaces those of the whole day.

    Google moves visits from source to source for days: rows that are gone must not stay. Users are
    not kept here, since they cannot be added up.
    """

    class Network(models.TextChoices):
        """Which social network a source belongs to."""

        NONE = "", _("not a social network")
        FACEBOOK = "facebook", "Facebook"
        INSTAGRAM = "instagram", "Instagram"
        OTHER = "other_social", _("another social network")

    day = models.DateField(_("day"))
    channel_group = models.CharField(_("channel group"), max_length=100)
    source = models.CharField(_("source"), max_length=255)
    medium = models.CharField(_("medium"), max_length=255)
    network = models.CharField(
        _("social network"),
        max_length=15,
        choices=Network.choices,
        blank=True,
        default=Network.NONE,
    )
    is_paid = models.BooleanField(_("paid for"), default=False)
    sessions = models.PositiveIntegerField(_("visits"))
    page_views = models.PositiveIntegerField(_("page views"))
    reading = models.ForeignKey(Reading, models.PROTECT, related_name="+", db_index=False)

    objects = TrafficQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        verbose_name = _("traffic")
        verbose_name_plural = _("traffic")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "channel_group", "source", "medium"], name="kpi_traffic_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}: {self.source} / {self.medium}"
