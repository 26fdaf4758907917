"""What a webinar needs besides its event: its presenter, the contract, the pay, the moderation."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from documents.models import Revised
from events.models import Event
from files.models import StoredFile
from plans.models import Publication


class PresenterQuerySet(models.QuerySet["Presenter"]):
    def visible_to(self, user: User) -> Self:
        """Keep those whose webinars `user` sees: heads of unit, the ones of their unit."""
        if user.has_role(Role.UNIT_HEAD):
            seen = Event.objects.with_board_for(user)
            return self.filter(pk__in=Webinar.objects.filter(event__in=seen).values("presenter"))
        return self


class Presenter(Revised):
    """Somebody who presents webinars, as the advertisements speak of them."""

    name = models.CharField(_("name"), max_length=150)
    bio = models.TextField(_("about the presenter"), blank=True)
    bio_en = models.TextField(_("about the presenter in English"), blank=True)
    photo = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    consented_on = models.DateField(_("consented on"), null=True, blank=True)
    consent_note = models.CharField(_("how"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PresenterQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("presenter")
        verbose_name_plural = _("presenters")

    def __str__(self) -> str:
        return self.name

    def about(self, language: str) -> str:
        return self.bio_en or self.bio if language == "en" else self.bio

    def take_photo(self, photo: StoredFile) -> None:
        self.photo = photo
        self.save(update_fields=["photo"])


class WebinarQuerySet(models.QuerySet["Webinar"]):
    def pay_late(self, today: date) -> Self:
        """Keep those whose presenter was to be paid before today, and is not."""
        owed = self.filter(event__in=Event.objects.going_ahead(), paid_on=None)
        return owed.filter(pay_due_on__lt=today).exclude(pay_amount=0)


class Webinar(Revised):
    """How far the preparation of a webinar is, where people have to say so."""

    class Contract(models.TextChoices):
        NONE = "none", _("no contract yet")
        DRAFTED = "drafted", _("drafted")
        SENT = "sent", _("sent to the presenter")
        SIGNED = "signed", _("signed")

    event = models.OneToOneField(Event, models.CASCADE, related_name="webinar")
    topic = models.TextField(_("topic"), blank=True)
    presenter = models.ForeignKey(
        Presenter,
        models.PROTECT,
        verbose_name=_("presenter"),
        null=True,
        blank=True,
        related_name="webinars",
    )
    contract_state = models.CharField(
        _("state of the contract"), max_length=10, choices=Contract.choices, default=Contract.NONE
    )
    contract_number = models.CharField(_("number"), max_length=50, blank=True)
    contract_on = models.DateField(_("date of the contract"), null=True, blank=True)
    contract_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    pay_amount = models.DecimalField(
        _("pay, €"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    pay_due_on = models.DateField(_("to be paid by"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("stand-in"),
        null=True,
        blank=True,
        related_name="+",
    )
    rehearsal_at = models.DateTimeField(_("rehearsal"), null=True, blank=True)

    objects = WebinarQuerySet.as_manager()

    class Meta:
        verbose_name = _("webinar")
        verbose_name_plural = _("webinars")
        constraints = [
            models.CheckConstraint(
                name="webinar_contract_signed_has_date",
                condition=~Q(contract_state="signed") | Q(contract_on__isnull=False),
                violation_error_message=_("Give the date on which the contract was signed."),
            ),
            models.CheckConstraint(
                name="webinar_pay_not_negative",
                condition=Q(pay_amount=None) | Q(pay_amount__gte=0),
                violation_error_message=_("Money cannot be less than nothing."),
            ),
            models.CheckConstraint(
                name="webinar_paid_has_amount",
                condition=Q(paid_on=None) | Q(pay_amount__isnull=False),
                violation_error_message=_("Say how much was paid."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.event)

    @property
    def is_signed(self) -> bool:
        return self.contract_state == self.Contract.SIGNED

    @property
    def is_paid(self) -> bool:
        """Tell whether nothing is owed: paid, or agreed to be without pay."""
        return self.paid_on is not None or self.pay_amount == 0

    def take_contract(self, file: StoredFile) -> None:
        self.contract_file = file
        self.save(update_fields=["contract_file"])


class ChecklistTick(models.Model):
    """One line of the checklist of the hour, done."""

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="ticks")
    key = models.CharField(max_length=20)
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webinar", "key"], name="checklist_line_ticked_once")
        ]

    def __str__(self) -> str:
        return self.key


class GateOverride(models.Model):
    """Advertising was placed although something was missing; it stays visible why."""

    publication = models.OneToOneField(Publication, models.CASCADE, related_name="gate_override")
    missing = models.JSONField()
    """The keys of the gates that were closed."""

    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="gate_override_has_reason", condition=~Q(reason=""))
        ]

    def __str__(self) -> str:
        return self.reason


def of_event(event: Event) -> Webinar:
    """Return what is known of a webinar, or one of which nothing is known yet, not stored."""
    return Webinar.objects.filter(event=event).select_related(
        "presenter__photo", "contract_file", "stand_in"
    ).first() or Webinar(event=event)


def stored_of_event(event: Event) -> Webinar:
    webinar, _is_new = Webinar.objects.get_or_create(event=event)
    return webinar
