"""Where something was measured: a network, a source of traffic or of leads."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from documents.models import Revised


class ChannelQuerySet(models.QuerySet["Channel"]):
    def visible_to(self, user: User) -> Self:
        """Keep what `user` may see: whoever works here sees where it is measured."""
        return self if user.is_active else self.none()

    def on(self) -> Self:
        return self.filter(is_on=True)

    def by_spelling(self) -> dict[str, "Channel"]:
        """Give the channels by what they are called, in small letters."""
        return {spelling: each for each in self for spelling in each.spellings}


class Channel(Revised):
    """A channel; its key is what sources know it by, its aliases what lists call it."""

    class Kind(models.TextChoices):
        """What a channel is a channel of."""

        NETWORK = "network", _("social network")
        TRAFFIC = "traffic", _("source of visits")
        LEAD_SOURCE = "lead_source", _("source of leads")
        OTHER = "other", _("other")

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices, default=Kind.OTHER)
    aliases = models.JSONField(_("other spellings"), default=list, blank=True)
    """What lists call it beside its names: `["FB", "Facebook Page"]`."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_on = models.BooleanField(_("in use"), default=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            models.CheckConstraint(
                name="kpi_channel_kind_known",
                condition=Q(kind__in=["network", "traffic", "lead_source", "other"]),
            )
        ]

    def __str__(self) -> str:
        return self.label(get_language() or "")

    def label(self, language: str) -> str:
        return self.name_en or self.name if language == "en" else self.name

    @property
    def spellings(self) -> set[str]:
        """Give everything it is called, in small letters."""
        return {each.casefold() for each in (self.name, self.name_en, *self.aliases) if each}
