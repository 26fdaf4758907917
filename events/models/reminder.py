"""Reminder rules as rows: when, to whom, by which medium, in which words, and until when of use."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.move import announced_at
from events.models.registration import Registration
from events.quiet_hours import after_quiet_hours
from outbox.models import Purpose
from people.models import Medium
from plans.local_time import local_day, local_moment


class ReminderRuleQuerySet(models.QuerySet["ReminderRule"]):
    def for_kind(self, kind: str) -> Self:
        return self.filter(event_type=kind).order_by("position", "pk")


class ReminderRule(models.Model):
    """One kind of message that people registered for an event of this type get."""

    class Anchor(models.TextChoices):
        """The moment a rule counts from."""

        START = "start", _("the start")
        END = "end", _("the end")
        REGISTRATION = "registration", _("the registration")
        MOVED = "moved", _("the change of time")
        CANCELLED = "cancelled", _("the cancellation")
        LATE_START = "late_start", _("“we start late”")

    class Until(models.TextChoices):
        START = "start", _("the start")
        END = "end", _("the end")
        OFFER = "offer", _("the offer's last day, 18:00")

    class Late(models.TextChoices):
        """What happens for somebody who registers after the message was due."""

        SKIP = "skip", _("nothing")
        SEND = "send", _("it at once; in the last 15 minutes “join now” instead")
        REPLACE = "replace", _("“join now” goes instead")

    event_type = models.CharField(_("kind of event"), max_length=20)
    key = models.SlugField(_("key"), max_length=30)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    purpose = models.CharField(_("purpose"), max_length=15, choices=Purpose.choices)
    by_email = models.BooleanField(_("by e-mail"), default=True)
    by_sms = models.BooleanField(_("by SMS"), default=False)

    anchor = models.CharField(_("counted from"), max_length=15, choices=Anchor.choices)
    offset_minutes = models.IntegerField(
        _("minutes after (minus: before)"), default=0, help_text=_("For example −15.")
    )
    offset_days = models.SmallIntegerField(_("days after (minus: before)"), default=0)
    at_time = models.TimeField(
        _("at this time of day"),
        null=True,
        blank=True,
        help_text=_("If given, days are counted on the calendar and minutes are ignored."),
    )
    until = models.CharField(
        _("of use until"), max_length=10, choices=Until.choices, default=Until.START
    )
    until_minutes = models.IntegerField(_("plus minutes (minus: earlier)"), default=0)
    not_to_present = models.BooleanField(_("not to those already in"), default=False)
    needs_feed = models.BooleanField(
        _("only while attendance can be trusted"),
        default=False,
        help_text=_("Held, and the moderator asked, when nobody at all seems to be in."),
    )
    late = models.CharField(
        _("registered after it was due"), max_length=10, choices=Late.choices, default=Late.SKIP
    )
    registered_before_minutes = models.PositiveIntegerField(
        _("only to those registered at least this many minutes before it is due"), default=0
    )
    registered_from_minutes = models.IntegerField(
        _("only to those registered this many minutes from the start, or later"),
        null=True,
        blank=True,
        help_text=_("For “join now”: −15."),
    )
    with_calendar = models.BooleanField(_("with a calendar file"), default=False)
    without_diacritics = models.BooleanField(
        _("SMS without diacritics"),
        default=True,
        help_text=_(
            "Halves the price: with Latvian letters a part holds 70 characters, without 160."
        ),
    )
    is_on = models.BooleanField(_("on"), default=True)
    armed_from = models.DateTimeField(default=timezone.now, editable=False)
    """What was due before this moment is not sent: a new or edited rule never mails the past."""

    objects = ReminderRuleQuerySet.as_manager()

    class Meta:
        ordering = ["event_type", "position", "pk"]
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        constraints = [
            models.UniqueConstraint(fields=["event_type", "key"], name="reminder_rule_key"),
            models.CheckConstraint(
                name="reminder_rule_has_medium",
                condition=models.Q(by_email=True) | models.Q(by_sms=True),
                violation_error_message=_("Choose e-mail, SMS or both."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        from events.rule_limits import problems_of  # it needs this model to try a rule out

        if problems := problems_of(self):
            raise ValidationError(problems)

    def label(self, language: str) -> str:
        return self.name_en or self.name if language == "en" else self.name

    @property
    def media(self) -> list[Medium]:
        wanted = [(self.by_sms, Medium.SMS), (self.by_email, Medium.EMAIL)]
        return [medium for is_wanted, medium in wanted if is_wanted]

    @property
    def is_advertising(self) -> bool:
        return self.purpose == Purpose.ADVERTISING

    @property
    def has_variants(self) -> bool:
        """After the end there may be other words for those who came and those who did not."""
        return self.anchor == self.Anchor.END

    def counts_from_registration(self) -> bool:
        return self.anchor == self.Anchor.REGISTRATION

    def takes_late_comers(self) -> bool:
        """Say whether it may speak of somebody who registers when it was due already."""
        return self.counts_from_registration() or self.late == self.Late.SEND

    def moment_of(self, event: Event) -> datetime | None:
        """Return what tells one occasion of this rule from another; None for registrations.

        None too for a change that has not happened: then there is no occasion at all.
        """
        return {
            self.Anchor.START: event.starts_at,
            self.Anchor.END: event.starts_at,
            self.Anchor.REGISTRATION: None,
            self.Anchor.MOVED: event.moved_at,
            self.Anchor.CANCELLED: event.cancelled_at,
            self.Anchor.LATE_START: event.starts_late_at,
        }[self.Anchor(self.anchor)]

    def due_at(self, event: Event, registered_at: datetime | None = None) -> datetime | None:
        """Return when it is due; None when what it waits for has not happened."""
        base = self._anchor_at(event, registered_at)
        return None if base is None else self.due_from(base)

    def due_from(self, base: datetime) -> datetime:
        """Return when it is due, counted from this moment."""
        if self.at_time is not None:
            due = local_moment(local_day(base) + timedelta(days=self.offset_days), self.at_time)
        else:
            due = base + timedelta(minutes=self.offset_minutes)
        return after_quiet_hours(due) if self.is_advertising else due

    def due_for(self, event: Event, registration: Registration) -> datetime | None:
        """Return when it is due for one person: on registering, if that is late and it still goes.

        What was due before somebody had registered is not late for that person.
        """
        due_at = self.due_at(event, registration.registered_at)
        if due_at is not None and self.late == self.Late.SEND:
            return max(due_at, registration.registered_at)
        return due_at

    def expires_at(self, event: Event) -> datetime:
        """Return the moment from which it would be of no use any more."""
        if self.until == self.Until.OFFER:
            # Without an offer nothing is sent; the row that says so needs an end all the same.
            return event.offer.ends_at if event.offer else event.ends_at + timedelta(days=7)
        if self.anchor == self.Anchor.MOVED and event.moved_from:
            return max(event.moved_from, event.starts_at)
        end = event.ends_at if self.until == self.Until.END else event.starts_at
        return end + timedelta(minutes=self.until_minutes)

    def takes(self, event: Event, registration: Registration) -> bool:
        """Say whether a rule counted from the registration speaks of this one at all."""
        if self.registered_from_minutes is None:
            return registration.is_confirmed
        return registration.registered_at > event.starts_at + timedelta(
            minutes=self.registered_from_minutes
        )

    def _anchor_at(self, event: Event, registered_at: datetime | None) -> datetime | None:
        match self.anchor:
            case self.Anchor.START:
                return event.starts_at
            case self.Anchor.END:
                return event.ends_at
            case self.Anchor.REGISTRATION:
                return registered_at
            case self.Anchor.LATE_START:
                return event.starts_late_at
            case self.Anchor.MOVED:
                return event.move_announced_at
        if event.cancelled_at is None:
            return None
        return announced_at(event.cancelled_at, event.starts_at)


OF_THE_START = (ReminderRule.Anchor.START, ReminderRule.Anchor.END)
"""Each start of an event is an occasion of its own for the rules that count from these."""


class ReminderText(models.Model):
    """The words of a rule in one language, for all or for one kind of attendance."""

    class Variant(models.TextChoices):
        ALL = "", _("everybody")
        PRESENT = "present", _("those who came")
        ABSENT = "absent", _("those who did not come")

    rule = models.ForeignKey(ReminderRule, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    variant = models.CharField(
        _("for"), max_length=10, choices=Variant.choices, blank=True, default=Variant.ALL
    )
    email_subject = models.CharField(_("subject"), max_length=200, blank=True)
    email_body = models.TextField(_("e-mail"), blank=True)
    sms_body = models.TextField(_("SMS"), blank=True)

    class Meta:
        ordering = ["rule", "variant", "-language"]
        verbose_name = _("text of a reminder")
        verbose_name_plural = _("texts of a reminder")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "language", "variant"], name="reminder_text_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} ({self.language})"

    def clean(self) -> None:
        # Both need this model: the one to render, the other to try a rule out.
        from events.rule_limits import problems_without
        from events.texts import check_words

        if problems := check_words(self) or problems_without(self):
            raise ValidationError(problems)

    def speaks_by(self, medium: str) -> bool:
        return bool(self.sms_body if medium == Medium.SMS else self.email_body)
