"""What the days of a month come to, so that a year costs twelve rows and not 365."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.models import Series
from kpi.models.channel import Channel


class MonthTotal(models.Model):
    """A month of a series on one channel; `kpi.store` keeps it with every measurement written.

    The row without a channel is of what was measured without one.
    """

    series = models.ForeignKey(Series, models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    month = models.DateField(_("month"))
    """Its first day."""

    total = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    days = models.PositiveSmallIntegerField(default=0)
    """How many days have a value."""

    first_value = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    first_day = models.DateField(null=True)
    last_value = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    last_day = models.DateField(null=True)
    given = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    """What was measured for the month as a whole."""

    class Meta:
        verbose_name = _("month of measurements")
        verbose_name_plural = _("months of measurements")
        indexes = [models.Index(fields=["series", "month"], name="kpi_month_of_series")]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "channel", "month"],
                name="kpi_month_once",
                condition=Q(channel__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["series", "month"],
                name="kpi_month_of_all_once",
                condition=Q(channel=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m.%Y}: {self.total}"
