"""One participant across all events, and the consents and blocks that rule what may be sent."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.identity import folded
from people.search import is_somebody_like, replace_words
from people.tokens import link_token

ORIGINS = uuid.UUID("6f1c1f0e-5a63-4d0e-9a6e-2f3b7a0c9d41")
"""The name space of our keys; with the token in it, two installations never share a key."""

SEARCHED = frozenset({"last_name", "first_name", "email", "phone"})

BY_NAME = ("search_text", "pk")


class Medium(models.TextChoices):
    """What a message is, whoever carries it."""

    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def search(self, words: str) -> Self:
        """Keep those of whose name, e-mail or phone a word begins with each word that is given."""
        return self.filter(is_somebody_like(words, "pk"))

    def by_name(self) -> Self:
        """Order by last name as a reader looks for it: Āboliņa stands beside Abola."""
        return self.order_by(*BY_NAME)


class Participant(models.Model):
    """A person who registers for events; the same row for every event."""

    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    phone = models.CharField(
        _("phone"),
        max_length=20,
        blank=True,
        db_index=True,
        help_text=_("In the form +37120000000."),
    )
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    offers_by_email_at = models.DateTimeField(
        _("consents to offers by e-mail since"), null=True, blank=True
    )
    offers_by_sms_at = models.DateTimeField(
        _("consents to offers by SMS since"), null=True, blank=True
    )
    unsubscribe_token = models.CharField(
        max_length=20, unique=True, default=link_token, editable=False
    )
    bitrix24_contact_id = models.BigIntegerField(
        _("Bitrix24 contact"), null=True, blank=True, db_index=True
    )
    bitrix24_phone = models.CharField(max_length=20, blank=True, editable=False)
    """The phone that the contact was last seen to have first: an SMS goes to no other."""

    bitrix24_email = models.CharField(max_length=254, blank=True, editable=False)
    """The e-mail that the contact was last seen to have."""

    bitrix24_matched_at = models.DateTimeField(null=True, blank=True, editable=False)
    bitrix24_tried_at = models.DateTimeField(null=True, blank=True, editable=False)
    bitrix24_retry_at = models.DateTimeField(null=True, blank=True, editable=False)
    """Not to be matched before: somebody is at it, or it failed and is tried again then."""

    bitrix24_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    bitrix24_problem = models.CharField(max_length=300, blank=True, editable=False)
    search_text = models.CharField(max_length=500, blank=True, editable=False)
    """Last name, first name, e-mail and phone without marks and capitals: to sort by."""

    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.CheckConstraint(
                name="participant_phone_is_e164",
                condition=models.Q(phone="") | models.Q(phone__startswith="+"),
            ),
            # Two people on one contact would take turns in changing its phone.
            models.UniqueConstraint(
                fields=["bitrix24_contact_id"], name="participant_has_own_contact"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="participant_unmatched",
                condition=models.Q(bitrix24_contact_id=None),
            ),
            models.Index(fields=["search_text", "id"], name="participant_by_name"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email or self.phone

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep what is searched in step with the name and the addresses."""
        fields = kwargs.get("update_fields")
        if fields is not None and SEARCHED.isdisjoint(fields):
            super().save(*args, **kwargs)
            return
        self.fill_search_text()
        if fields is not None:
            kwargs["update_fields"] = {*fields, "search_text"}
        with transaction.atomic():
            super().save(*args, **kwargs)
            replace_words([self])

    def fill_search_text(self) -> None:
        """Work out what lists are sorted by."""
        parts = (self.last_name, self.first_name, self.email, self.phone)
        self.search_text = folded(" ".join(part for part in parts if part))[:500]

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def origin_id(self) -> str:
        """Our key of this person at other systems: the same for ever, and it tells nothing."""
        return str(uuid.uuid5(ORIGINS, self.unsubscribe_token))

    def address(self, medium: str) -> str:
        return self.email if medium == Medium.EMAIL else self.phone

    def accepts_offers(self, medium: str) -> bool:
        """Say whether advertising may go to this person by this medium."""
        since = self.offers_by_email_at if medium == Medium.EMAIL else self.offers_by_sms_at
        return since is not None


class ConsentText(models.Model):
    """The words a person agreed to; a changed text is a new version, never an edit."""

    medium = models.CharField(_("medium"), max_length=10, choices=Medium.choices)
    version = models.PositiveIntegerField(_("version"))
    text_lv = models.TextField(_("text in Latvian"))
    text_en = models.TextField(_("text in English"))
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)

    class Meta:
        ordering = ["medium", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["medium", "version"], name="consent_text_version"),
        ]

    def __str__(self) -> str:
        return f"{self.get_medium_display()} {self.version}"

    def text(self, language: str) -> str:
        return self.text_en if language == "en" else self.text_lv


class ConsentSource(models.TextChoices):
    """Where a consent was given or withdrawn."""

    PUBLIC_PAGE = "public_page", _("registration page")
    LIST = "list", _("imported list")
    STAFF = "staff", _("entered by staff")
    BITRIX24 = "bitrix24", _("Bitrix24")
    UNSUBSCRIBE = "unsubscribe", _("unsubscribe link")
    PROVIDER = "provider", _("provider's STOP list")


class Consent(models.Model):
    """One moment at which a person agreed to, or refused, offers by one medium; only added to."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="consents")
    medium = models.CharField(_("medium"), max_length=10, choices=Medium.choices)
    is_given = models.BooleanField(_("given"))
    at = models.DateTimeField(_("at"))
    text = models.ForeignKey(ConsentText, models.PROTECT, null=True, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=ConsentSource.choices)
    place = models.CharField(_("place"), max_length=200, blank=True)
    ip_address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return f"{self.participant} {self.medium} {self.at:%Y-%m-%d}"


class AddressBlockQuerySet(models.QuerySet["AddressBlock"]):
    def in_force(self) -> Self:
        return self.filter(lifted_at=None)

    def of(self, participant: Participant) -> Self:
        """Keep the blocks of the addresses a person has now."""
        return self.filter(
            models.Q(medium=Medium.EMAIL, address=participant.email)
            | models.Q(medium=Medium.SMS, address=participant.phone)
        ).exclude(address="")

    def block(
        self, medium: str, address: str, reason: str, at: datetime, *, stop_list: str = ""
    ) -> "AddressBlock":
        """Block an address, unless it is blocked already; a STOP list overrides other reasons."""
        block, _is_new = self.get_or_create(
            medium=medium,
            address=address,
            lifted_at=None,
            defaults={"reason": reason[:300], "blocked_at": at, "stop_list": stop_list},
        )
        if stop_list and not block.stop_list:
            block.stop_list, block.reason = stop_list, reason[:300]
            block.save(update_fields=["stop_list", "reason"])
        return block


class AddressBlock(models.Model):
    """An address that a provider called bad, or whose owner asked us to stop, until it is lifted.

    It blocks this one address: a corrected e-mail or phone is free of it.
    """

    medium = models.CharField(_("medium"), max_length=10, choices=Medium.choices)
    address = models.CharField(_("address"), max_length=254)
    reason = models.CharField(_("reason"), max_length=300)
    blocked_at = models.DateTimeField(_("blocked"))
    stop_list = models.CharField(max_length=30, blank=True)
    """The channel whose provider has it on its STOP list; only that provider takes it off."""

    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    lift_reason = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    objects = AddressBlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["medium", "address"],
                condition=models.Q(lifted_at=None),
                name="address_blocked_once",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_phone(self) -> bool:
        return self.medium == Medium.SMS

    def lift(self, *, by: models.Model, at: datetime, reason: str) -> None:
        self.lifted_at = at
        self.lifted_by_id = by.pk
        self.lift_reason = reason[:300]
        self.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
