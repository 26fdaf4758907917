"""Whom an intake addresses, and where."""

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.models import Revised
from plans.models.intake import Intake

WARNED_BEFORE = timedelta(days=30)


class ChannelQuerySet(models.QuerySet["Channel"]):
    def losing_access(self, today: date) -> Self:
        """Keep those whose access has expired or soon will."""
        return self.filter(access_expires_on__lte=today + WARNED_BEFORE)


class Channel(Revised):
    """A place where the college speaks: a page, a profile, an account."""

    class Kind(models.TextChoices):
        FACEBOOK = "facebook", "Facebook"
        INSTAGRAM = "instagram", "Instagram"
        LINKEDIN = "linkedin", "LinkedIn"
        YOUTUBE = "youtube", "YouTube"
        TIKTOK = "tiktok", "TikTok"
        HOME_PAGE = "home_page", _("Home page")
        EMAIL = "email", _("E-mail")
        OTHER = "other", _("Other")

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="channels")
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=100)
    address = models.URLField(_("address"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        related_name="channels",
    )
    tone = models.TextField(_("tone"), blank=True)
    rules = models.TextField(_("rules"), blank=True)
    access_expires_on = models.DateField(_("access expires"), null=True, blank=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            models.UniqueConstraint(
                fields=["intake", "name"],
                name="channel_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def has_lost_access(self, today: date) -> bool:
        return self.access_expires_on is not None and self.access_expires_on < today

    def loses_access_soon(self, today: date) -> bool:
        return (
            self.access_expires_on is not None
            and today <= self.access_expires_on <= today + WARNED_BEFORE
        )


class Audience(Revised):
    """A target audience: what the process asks about it, and how that is known."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="audiences")
    name = models.CharField(_("name"), max_length=100)
    age = models.CharField(_("age"), max_length=100, blank=True)
    gender = models.CharField(_("gender"), max_length=100, blank=True)
    industry = models.CharField(_("represented industry"), max_length=200, blank=True)
    interests = models.TextField(_("interests"), blank=True)
    occupation = models.CharField(_("occupation"), max_length=200, blank=True)
    habits = models.TextField(_("habits"), blank=True)
    social_media_habits = models.TextField(_("social-media usage habits"), blank=True)
    size = models.PositiveIntegerField(_("size, people"), null=True, blank=True)
    how_we_know = models.TextField(_("how we know"), blank=True)
    channels = models.ManyToManyField(
        Channel, verbose_name=_("channels"), blank=True, related_name="audiences"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("target audience")
        verbose_name_plural = _("target audiences")
        constraints = [
            models.UniqueConstraint(
                fields=["intake", "name"],
                name="audience_name_once",
            ),
            models.CheckConstraint(
                name="audience_size_not_zero", condition=Q(size__isnull=True) | Q(size__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name
