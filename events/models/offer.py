"""The week's offer: programmes at a special price, until a last day (process step 5.2)."""

from datetime import date, datetime, time, timedelta
from typing import Self

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LAST_HOUR = time(18)
"""After this hour of its last day an offer is not advertised any more."""


class OfferQuerySet(models.QuerySet["Offer"]):
    def for_day(self, day: date) -> Self:
        """Keep the offers that hold on `day`, the one ending first in front."""
        return self.filter(first_day__lte=day, last_day__gte=day).order_by("last_day", "pk")


class Offer(models.Model):
    """What participants of this week's events are offered, and until when."""

    title = models.CharField(_("title"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(
        _("last day"), blank=True, help_text=_("Left empty: the Sunday of the first day's week.")
    )
    url = models.URLField(_("page of the offer"), blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-last_day", "-pk"]
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.CheckConstraint(
                name="offer_ends_after_it_begins",
                condition=models.Q(last_day__gte=models.F("first_day")),
                violation_error_message=_("The last day must not be before the first day."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.first_day and not self.last_day:
            self.last_day = sunday_of(self.first_day)

    def name(self, language: str) -> str:
        return self.title_en or self.title if language == "en" else self.title

    def copy_to_next_week(self) -> "Offer":
        """Save the same programmes and prices for the week after, and return that offer."""
        week = timedelta(days=7)
        with transaction.atomic():
            copy = Offer.objects.create(
                title=self.title,
                title_en=self.title_en,
                first_day=self.first_day + week,
                last_day=self.last_day + week,
                url=self.url,
            )
            OfferLine.objects.bulk_create(
                OfferLine(
                    offer=copy,
                    programme=line.programme,
                    programme_en=line.programme_en,
                    price=line.price,
                    special_price=line.special_price,
                    currency=line.currency,
                )
                for line in self.lines.all()
            )
        return copy

    def holds_on(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    @property
    def begins_at(self) -> datetime:
        return datetime.combine(self.first_day, time.min, tzinfo=timezone.get_default_timezone())

    @property
    def ends_at(self) -> datetime:
        """The moment after which it is no longer advertised, in Riga."""
        return datetime.combine(self.last_day, LAST_HOUR, tzinfo=timezone.get_default_timezone())


class OfferLine(models.Model):
    """One programme of an offer with its prices."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="lines")
    programme = models.CharField(_("study programme"), max_length=150)
    programme_en = models.CharField(_("study programme in English"), max_length=150, blank=True)
    price = models.DecimalField(_("price"), max_digits=9, decimal_places=2)
    special_price = models.DecimalField(_("special price"), max_digits=9, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("programme of an offer")
        verbose_name_plural = _("programmes of an offer")
        constraints = [
            models.CheckConstraint(
                name="offer_special_price_is_lower",
                condition=models.Q(special_price__lt=models.F("price"))
                & models.Q(special_price__gte=0),
                violation_error_message=_("The special price must be lower than the price."),
            )
        ]

    def __str__(self) -> str:
        return self.programme

    def name(self, language: str) -> str:
        return self.programme_en or self.programme if language == "en" else self.programme


def sunday_of(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())
