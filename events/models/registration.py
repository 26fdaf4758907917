"""A registration: one participant at one event, with a personal link."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from people.models import Participant
from people.search import is_somebody_like
from people.tokens import link_token
from ui.choices import ShownChoices


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def active(self) -> Self:
        return self.filter(cancelled_at=None)

    def joined(self) -> Self:
        return self.filter(attendance=Registration.Attendance.PRESENT)

    def search(self, words: str) -> Self:
        """Keep those of whose participant's name, e-mail or phone a word begins with each word."""
        return self.filter(is_somebody_like(words))


class Registration(models.Model):
    """One participant at one event."""

    class Source(models.TextChoices):
        PUBLIC_PAGE = "public_page", _("registration page")
        LIST = "list", _("imported list")
        STAFF = "staff", _("entered by staff")
        BITRIX24 = "bitrix24", _("Bitrix24")

    class Attendance(ShownChoices):
        """Unknown is not absent: it means that nothing speaks for either."""

        UNKNOWN = "", "is-quiet", "", _("unknown")
        PRESENT = "present", "is-ok", "check", _("present")
        ABSENT = "absent", "is-warning", "user-off", _("absent")

    event = models.ForeignKey(Event, models.PROTECT, related_name="registrations", db_index=False)
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="registrations")
    token = models.CharField(max_length=20, unique=True, default=link_token, editable=False)
    source = models.CharField(_("source"), max_length=15, choices=Source.choices)
    registered_at = models.DateTimeField(_("registered"))
    repetition = models.PositiveSmallIntegerField(default=1, editable=False)
    """How often this person has registered for this event, after cancelling."""

    is_confirmed = models.BooleanField(_("gets a confirmation"), default=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    attendance = models.CharField(
        _("attendance"), max_length=10, choices=Attendance.choices, blank=True, default=""
    )
    """What the strongest evidence says; events/attendance.py keeps it."""

    joined_at = models.DateTimeField(_("joined"), null=True, blank=True, editable=False)
    last_joined_at = models.DateTimeField(null=True, blank=True, editable=False)
    offer_opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the person followed the button on the page of the offer, the first time."""

    join_count = models.PositiveSmallIntegerField(default=0, editable=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "participant"], name="registration_once_per_event"
            ),
        ]
        indexes = [
            models.Index(fields=["event", "id"], name="registration_in_order"),
            models.Index(fields=["event", "registered_at"], name="registration_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.participant} · {self.event}"

    @property
    def shown_attendance(self) -> "Registration.Attendance":
        return self.Attendance(self.attendance)

    @property
    def join_url(self) -> str:
        """The personal link; the only address that ever stands in a message."""
        return f"{settings.SITE_URL}/j/{self.token}"

    @property
    def offer_url(self) -> str:
        """The personal page of the event's offer."""
        return f"{settings.SITE_URL}/o/{self.token}"

    @property
    def is_active(self) -> bool:
        return self.cancelled_at is None

    @property
    def is_present(self) -> bool:
        return self.attendance == self.Attendance.PRESENT

    def cancel(self, at: datetime) -> None:
        """Cancel; whatever is planned for it is withdrawn by events.registration."""
        self.cancelled_at = at
        self.save(update_fields=["cancelled_at"])

    def register_again(self, at: datetime) -> None:
        self.cancelled_at = None
        self.registered_at = at
        self.repetition += 1
        self.save(update_fields=["cancelled_at", "registered_at", "repetition"])
