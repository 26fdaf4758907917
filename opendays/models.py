"""Weekly series of open days; each occurrence is an event of its own."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models import Revised
from events.models import Event
from plans.local_time import local_moment
from plans.models import Activity
from plans.weekdays import Weekday

WEEK = timedelta(days=7)


class Series(Revised):
    """The same open day every week, from a first day to a last one."""

    activity = models.ForeignKey(
        Activity,
        models.SET_NULL,
        verbose_name=_("activity of the plan"),
        null=True,
        blank=True,
        editable=False,
        related_name="series",
    )
    title = models.CharField(_("title"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    description = models.TextField(_("description"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=Weekday.choices)
    clock = models.TimeField(_("starts at"), help_text=_("By the clock in Riga, all year round."))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=90)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    room_url = models.URLField(_("room"), blank=True)
    entry = models.CharField(
        _("how people get in"),
        max_length=15,
        choices=Event.Entry.choices,
        default=Event.Entry.PERSONAL_LINK,
    )
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("moderator"),
        null=True,
        blank=True,
        related_name="+",
    )
    with_offer = models.BooleanField(_("advertises the week's offer"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        ordering = ["-last_day", "title", "pk"]
        verbose_name = _("series of open days")
        verbose_name_plural = _("series of open days")
        constraints = [
            models.CheckConstraint(
                name="series_ends_after_it_begins",
                condition=models.Q(last_day__gte=models.F("first_day")),
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                name="series_takes_time",
                condition=models.Q(minutes__gt=0),
                violation_error_message=_("An open day takes at least a minute."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def name(self, language: str) -> str:
        return self.title_en or self.title if language == "en" else self.title

    def weeks(self) -> Iterator[date]:
        """Yield the day of every occurrence as the series has it."""
        day = self.first_day
        while day <= self.last_day:
            yield day
            day += WEEK

    def start_in_week_of(self, day: date) -> datetime:
        """Return the start in the week of `day`: the same wall-clock time all year round."""
        monday = day - timedelta(days=day.weekday())
        return local_moment(monday + timedelta(days=self.weekday), self.clock)


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def ahead(self, now: datetime) -> Self:
        """Keep those still to come and going ahead."""
        return self.filter(event__starts_at__gt=now, event__cancelled_at=None)


class Occurrence(models.Model):
    """One event of a series, and the day the series had for it."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="occurrences")
    event = models.OneToOneField(Event, models.PROTECT, related_name="occurrence")
    original_on = models.DateField(_("day in the series"))
    skipped_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        ordering = ["original_on"]
        verbose_name = _("open day of a series")
        verbose_name_plural = _("open days of a series")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "original_on"], name="occurrence_once_per_week"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series} · {self.original_on:%d.%m.%Y}"


class Promotion(Revised):
    """The concept by which a series, or an open day of its own, is advertised."""

    series = models.OneToOneField(Series, models.CASCADE, null=True, related_name="promotion")
    event = models.OneToOneField(Event, models.CASCADE, null=True, related_name="promotion")
    concept = models.TextField(_("advertising concept"), blank=True)

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        constraints = [
            models.CheckConstraint(
                name="promotion_of_a_series_or_an_event",
                condition=models.Q(series__isnull=False, event=None)
                | models.Q(series=None, event__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.series or self.event)


class LeadCount(Revised):
    """How many leads somebody counted after an open day."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="lead_count")
    count = models.PositiveIntegerField(_("leads"), null=True, blank=True)
    note = models.CharField(_("how they were counted"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("number of leads")
        verbose_name_plural = _("numbers of leads")

    def __str__(self) -> str:
        return f"{self.event}: {self.count}"
