"""One number of one day or month, and what it was before."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.models import Series
from kpi.models.channel import Channel
from kpi.models.reading import Reading
from kpi.periods import Span


class Measurement(models.Model):
    """What a series was on a Riga day, or in a month as given; written by `kpi.store` only.

    None as the channel says that the number was given for all channels together.
    """

    series = models.ForeignKey(Series, models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    span = models.CharField(max_length=5, choices=Span.choices, default=Span.DAY)
    day = models.DateField(_("day"))
    """Of a month, as it was given as a whole, its first day."""

    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2, null=True, blank=True)
    """None: there was one, and it was taken back; what it was stands among the earlier values."""

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="measurements")
    row = models.PositiveIntegerField(null=True, blank=True)
    """In which row of the imported file it stood."""

    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        indexes = [models.Index(fields=["series", "span", "day"], name="kpi_measurement_days")]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "channel", "span", "day"],
                name="kpi_measurement_once",
                condition=Q(channel__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["series", "span", "day"],
                name="kpi_measurement_of_all_once",
                condition=Q(channel=None),
            ),
            models.CheckConstraint(
                name="kpi_measurement_of_day_or_month",
                condition=Q(span="day") | Q(span="month", day__day=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}: {self.value}"


class EarlierValue(models.Model):
    """What a measurement was until a later reading replaced it; None: nothing stood there."""

    measurement = models.ForeignKey(Measurement, models.CASCADE, related_name="earlier")
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2, null=True, blank=True)
    reading = models.ForeignKey(Reading, models.PROTECT, related_name="replaced")
    row = models.PositiveIntegerField(null=True, blank=True)
    read_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["-replaced_at", "-pk"]
        verbose_name = _("earlier value")
        verbose_name_plural = _("earlier values")

    def __str__(self) -> str:
        return f"{self.value} ({self.replaced_at:%d.%m.%Y %H:%M})"
