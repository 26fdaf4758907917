"""Registrations that come from Bitrix24: where from, who came, and what the portal told us."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.registration import Registration

# The portal ignores a filter it does not know, and would then give everybody it has.
FILTER_FIELDS = {
    *("NAME", "LAST_NAME", "EMAIL", "PHONE", "TYPE_ID", "SOURCE_ID", "SOURCE_DESCRIPTION"),
    *("STATUS_ID", "STATUS_SEMANTIC_ID", "OPENED", "ASSIGNED_BY_ID", "CREATED_BY_ID", "TITLE"),
    *("UTM_SOURCE", "UTM_MEDIUM", "UTM_CAMPAIGN", "UTM_CONTENT", "UTM_TERM", "WEBFORM_ID"),
    *("COMPANY_ID", "LEAD_ID", "HAS_EMAIL", "HAS_PHONE", "DATE_CREATE"),
}
_LINE = re.compile(r"(?P<prefix>!=|!%|!|>=|<=|>|<|=|%|@)?(?P<field>[A-Z][A-Z0-9_]*)=(?P<value>.+)")

CONDITIONS = {"entity", "source_id", "utm_campaign", "created_since", "filter_lines"}

BUSY = timedelta(minutes=5)
"""How long a reading may take before another worker may begin one."""


def read_filter_lines(text: str) -> dict[str, Any]:
    """Read `FIELD=value` lines into a filter of Bitrix24; raise ValidationError for a wrong one."""
    filters: dict[str, Any] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = _LINE.fullmatch(line)
        if found is None:
            message = gettext("“%(line)s” is not written as FIELD=value.")
            raise ValidationError(message % {"line": line})
        field = found["field"]
        if field not in FILTER_FIELDS and not field.startswith("UF_CRM_"):
            message = gettext("“%(field)s” is not a field that people can be chosen by.")
            raise ValidationError(message % {"field": field})
        value: Any = found["value"].strip()
        if found["prefix"] == "@":
            value = [part.strip() for part in value.split(",")]
        filters[(found["prefix"] or "") + field] = value
    return filters


class Bitrix24SourceQuerySet(models.QuerySet["Bitrix24Source"]):
    def to_read(self, now: datetime) -> Self:
        """Keep those that are on and whose event can still be registered for."""
        still_ahead = models.Q(event=None) | models.Q(
            event__cancelled_at=None, event__ends_at__gt=now
        )
        return self.filter(still_ahead, is_on=True).select_related("event")

    def with_counts(self) -> Self:
        """Add how many were registered, and how many have a problem."""
        return self.annotate(
            registered=models.Count("entries", filter=~models.Q(entries__registration=None)),
            problems=models.Count("entries", filter=~models.Q(entries__problem="")),
        )


class Bitrix24Source(models.Model):
    """Which people in Bitrix24 are registrations, and of what."""

    class Entity(models.TextChoices):
        CONTACT = "contact", _("contacts")
        LEAD = "lead", _("leads")

    name = models.CharField(_("name"), max_length=100)
    event = models.ForeignKey(
        Event,
        models.CASCADE,
        verbose_name=_("event"),
        null=True,
        blank=True,
        related_name="bitrix24_sources",
    )
    kind = models.CharField(_("next event of this kind"), max_length=20, blank=True)
    """Without an event: each person is registered for the next event of this kind."""

    entity = models.CharField(_("taken from"), max_length=10, choices=Entity.choices)
    source_id = models.CharField(
        _("source"),
        max_length=50,
        blank=True,
        help_text=_("The code of the source in Bitrix24, such as WEB or WEBFORM."),
    )
    utm_campaign = models.CharField(_("UTM campaign"), max_length=200, blank=True)
    created_since = models.DateField(_("added to Bitrix24 since"), null=True, blank=True)
    filter_lines = models.TextField(
        _("further conditions"),
        blank=True,
        max_length=2000,
        help_text=_(
            "One a line, as FIELD=value: UTM_SOURCE=facebook, UF_CRM_OPEN_DAY=2026-09, or "
            "@SOURCE_ID=WEB,CALL for one of several values. All of them must hold."
        ),
    )
    sends_confirmation = models.BooleanField(
        _("send a confirmation with the personal link"), default=True
    )
    is_on = models.BooleanField(_("takes registrations"), default=False)
    read_up_to = models.DateTimeField(null=True, blank=True, editable=False)
    """Changes in Bitrix24 before this moment are known; None: nothing has been read yet."""

    busy_until = models.DateTimeField(null=True, blank=True, editable=False)
    problem = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = Bitrix24SourceQuerySet.as_manager()

    class Meta:
        ordering = ["-is_on", "-pk"]
        verbose_name = _("source of registrations in Bitrix24")
        verbose_name_plural = _("sources of registrations in Bitrix24")
        constraints = [
            models.CheckConstraint(
                name="bitrix24_source_has_one_target",
                condition=models.Q(event=None) ^ models.Q(kind=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def filters(self) -> dict[str, Any]:
        """Return the conditions as Bitrix24 takes them."""
        filters = read_filter_lines(self.filter_lines)
        if self.source_id:
            filters["SOURCE_ID"] = self.source_id
        if self.utm_campaign:
            filters["UTM_CAMPAIGN"] = self.utm_campaign
        if self.created_since:
            filters[">=DATE_CREATE"] = self.created_since
        return filters

    def save_edited(self, changed: Collection[str]) -> None:
        """Save what was edited; whom other conditions find is looked at before they are taken."""
        if not CONDITIONS.isdisjoint(changed):
            self.read_up_to, self.is_on = None, False
        self.save()

    def target(self, now: datetime) -> Event | None:
        """Return the event that who comes now is registered for; None while there is none."""
        if self.event is not None:
            return self.event
        ahead = Event.objects.going_ahead().filter(kind=self.kind, starts_at__gt=now)
        return ahead.order_by("starts_at", "pk").first()

    def begin(self, now: datetime) -> bool:
        """Take this source for reading; False while another worker is at it."""
        free = Bitrix24Source.objects.filter(
            models.Q(busy_until=None) | models.Q(busy_until__lte=now), pk=self.pk
        )
        return free.update(busy_until=now + BUSY) > 0

    def end(self, *, read_up_to: datetime | None = None, problem: str = "") -> None:
        """Give it free; without an answer from the portal the mark stays where it was."""
        self.busy_until, self.problem = None, problem[:300]
        self.read_up_to = read_up_to or self.read_up_to
        self.save(update_fields=["busy_until", "problem", "read_up_to"])


class Bitrix24Entry(models.Model):
    """One person of a source and what became of it, so that nobody is taken in twice."""

    source = models.ForeignKey(Bitrix24Source, models.CASCADE, related_name="entries")
    entity_id = models.BigIntegerField(_("number in Bitrix24"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    registration = models.ForeignKey(
        Registration, models.SET_NULL, null=True, blank=True, related_name="bitrix24_entries"
    )
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    """Why there is no registration, or what of it could not be used."""

    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "entity_id"], name="bitrix24_entry_once"),
        ]
        indexes = [
            models.Index(
                fields=["source", "-id"],
                name="bitrix24_entry_problem",
                condition=~models.Q(problem=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} · {self.entity_id}"


class Bitrix24Event(models.Model):
    """One call of the portal's outgoing webhook; it says that something changed, not what."""

    event = models.CharField(max_length=40)
    entity_id = models.BigIntegerField()
    received_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    """When a worker took it; what it then failed to read, the next poll reads."""

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "entity_id"],
                condition=models.Q(taken_at=None),
                name="bitrix24_event_waits_once",
            ),
        ]
        indexes = [models.Index(fields=["received_at"], name="bitrix24_event_received")]

    def __str__(self) -> str:
        return f"{self.event} {self.entity_id}"
