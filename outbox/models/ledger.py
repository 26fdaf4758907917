"""The ledger: one row per occasion, recipient and medium, with every attempt to deliver it."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox.models.queries import MessageQuerySet
from outbox.models.states import Reason, Status
from people.models import Medium, Participant


class Purpose(models.TextChoices):
    """Why we write: what the person asked for, or advertising, which needs consent."""

    SERVICE = "service", _("service message")
    ADVERTISING = "advertising", _("advertising")


class Dispatch(models.Model):
    """One occasion on which messages go out, such as a reminder of an event at one start time."""

    title = models.CharField(_("title"), max_length=250)
    purpose = models.CharField(_("purpose"), max_length=15, choices=Purpose.choices)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class Message(models.Model):
    """One message to one person on one occasion by one medium; also one not sent, and why."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    """Our key at the provider: Bitrix24's ORIGIN_ID, the Message-ID of an e-mail."""

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="messages")
    participant = models.ForeignKey(
        Participant, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        db_index=False,
    )
    medium = models.CharField(_("medium"), max_length=10, choices=Medium.choices)
    repetition = models.PositiveSmallIntegerField(default=1)
    """Counts registrations: who cancels and registers again is confirmed again."""

    channel = models.CharField(_("channel"), max_length=30)
    language = models.CharField(_("language"), max_length=5)
    address = models.CharField(_("address"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    body = models.TextField(_("text"), blank=True)
    attachment = models.TextField(blank=True)
    """An iCalendar file, for confirmations and changed times."""

    unsubscribe_url = models.URLField(blank=True)
    token = models.CharField(max_length=20, blank=True)
    """What in the text is this recipient's alone; an SMS is looked up by it."""

    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.PLANNED
    )
    reason = models.CharField(
        _("reason"), max_length=24, choices=Reason.choices, blank=True, default=Reason.NONE
    )
    detail = models.CharField(_("provider's words"), max_length=500, blank=True)

    about_at = models.DateTimeField(null=True, blank=True)
    """The event's start as this message tells it."""

    due_at = models.DateTimeField(_("due"))
    not_before = models.DateTimeField()
    """Due, or later where an attempt is to be repeated."""

    expires_at = models.DateTimeField(_("of use until"))
    claim = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    repeats = models.PositiveSmallIntegerField(default=0)
    """How often it was sent again after a look-up found nothing."""

    look_up_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the provider is asked about it next: unknown whether it went, or not yet confirmed."""

    no_answer_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When a look-up first gave no answer although the call was over: people may decide as well."""

    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    provider_id = models.CharField(_("provider's number"), max_length=100, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["dispatch", "participant", "medium", "repetition"],
                condition=models.Q(participant__isnull=False),
                name="message_once_per_participant",
            ),
            models.UniqueConstraint(
                fields=["dispatch", "user", "medium", "repetition"],
                condition=models.Q(user__isnull=False),
                name="message_once_per_user",
            ),
            models.CheckConstraint(
                name="message_has_one_recipient",
                condition=models.Q(participant__isnull=False, user=None)
                | models.Q(participant=None, user__isnull=False),
            ),
            models.CheckConstraint(
                name="message_handed_over_has_moment",
                condition=~models.Q(status__in=["handed_over", "delivered"])
                | models.Q(handed_over_at__isnull=False),
            ),
            models.CheckConstraint(
                name="message_not_sent_has_reason",
                condition=~models.Q(status__in=["failed", "skipped", "held", "expired", "unknown"])
                | ~models.Q(reason=""),
            ),
            models.CheckConstraint(
                name="message_calling_has_lease",
                condition=~models.Q(status="calling")
                | models.Q(lease_until__isnull=False, claim__isnull=False),
            ),
        ]
        # Each index holds only the rows still in work, so they stay small however long the
        # ledger grows.
        indexes = [
            models.Index(
                fields=["channel", "expires_at", "id"],
                name="message_planned",
                condition=models.Q(status="planned"),
            ),
            models.Index(
                fields=["due_at"],
                name="message_due",
                condition=models.Q(status="planned"),
            ),
            models.Index(
                fields=["expires_at"],
                name="message_open",
                condition=models.Q(status__in=["planned", "held"]),
            ),
            models.Index(
                fields=["lease_until"],
                name="message_calling",
                condition=models.Q(status="calling"),
            ),
            models.Index(
                fields=["look_up_at"],
                name="message_unknown",
                condition=models.Q(status="unknown"),
            ),
            models.Index(
                fields=["look_up_at"],
                name="message_to_confirm",
                condition=models.Q(status="handed_over", look_up_at__isnull=False),
            ),
            models.Index(
                # With the status, for SQLite else prefers the index of all that failed.
                fields=["status", "expires_at"],
                name="message_unwritten",
                condition=models.Q(status="failed", reason="program_fault"),
            ),
            models.Index(fields=["status", "-id"], name="message_status"),
            models.Index(
                fields=["user"], name="message_to_staff", condition=models.Q(user__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispatch} · {self.recipient}"

    @property
    def recipient(self) -> models.Model | None:
        return self.participant or self.user

    @property
    def shown_status(self) -> Status:
        return Status(self.status)

    @property
    def lateness(self) -> timedelta | None:
        """How long after its due moment a provider took it; None while nobody has."""
        return None if self.handed_over_at is None else self.handed_over_at - self.due_at


class Attempt(models.Model):
    """One call to a provider for one message, and how it ended."""

    class Outcome(models.TextChoices):
        HANDED_OVER = "handed_over", _("handed over")
        REFUSED = "refused", _("refused")
        NOT_EXECUTED = "not_executed", _("not executed")
        UNCLEAR = "unclear", _("unclear")
        FOUND = "found", _("look-up: found")
        ABSENT = "absent", _("look-up: not there")
        DECIDED = "decided", _("decided by a person")
        ON_ITS_WAY = "on_its_way", _("report: on its way")
        DELIVERED = "delivered", _("report: delivered")
        NOT_DELIVERED = "not_delivered", _("report: not delivered")

    message = models.ForeignKey(Message, models.CASCADE, related_name="history")
    number = models.PositiveIntegerField()
    channel = models.CharField(max_length=30)
    worker = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField()
    outcome = models.CharField(max_length=15, choices=Outcome.choices)
    detail = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["by"], name="attempt_by", condition=models.Q(by__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.message_id}/{self.number} {self.outcome}"
