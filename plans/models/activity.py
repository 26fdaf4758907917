"""An activity of the plan, what is advertised for it, and what people say about it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from documents.models import InvalidTransitionError, Revised, saved_by
from goals.models import Goal
from plans.local_time import local_day, same_clock
from plans.models.audience import Audience, Channel
from plans.models.intake import Intake
from plans.signals import publishing
from ui.choices import ShownChoices

WEEK = timedelta(days=7)
CENT = Decimal("0.01")


class ActivityQuerySet(models.QuerySet["Activity"]):
    def of_unit(self, user: User, *, declined_since: datetime) -> Self:
        """Keep those of the user's unit that go on, and the proposals declined lately."""
        gone = [Activity.State.DECLINED, Activity.State.CANCELLED]
        declined = Q(state=Activity.State.DECLINED, changed_at__gte=declined_since)
        return self.filter(~Q(state__in=gone) | declined, unit=user.unit_id)

    def in_plan(self) -> Self:
        """Keep what the plan consists of: neither proposals nor what was declined or cancelled."""
        return self.filter(state__in=[Activity.State.PLANNED, Activity.State.DONE])

    def proposed(self) -> Self:
        return self.filter(state=Activity.State.PROPOSED)

    def between(self, first: datetime, last: datetime) -> Self:
        """Keep what begins before `last` and is not over at `first`, with its weekly repeats."""
        return self.filter(
            Q(ends_at__gt=first) | Q(last_on__gte=local_day(first)), starts_at__lt=last
        )


ONCE = ("free_webinar", "paid_webinar")
"""Kinds that take place once: each webinar has a presenter, a contract and a board of its own."""


class Activity(Revised):
    """A webinar, an open day, a lecture: something an intake does, once or every week."""

    class Kind(models.TextChoices):
        FREE_WEBINAR = "free_webinar", _("Free webinar")
        PAID_WEBINAR = "paid_webinar", _("Paid webinar")
        STUDY_PROGRAMME = "study_programme", _("Study programme")
        OPEN_DAY = "open_day", _("Open day")
        GUEST_LECTURE = "guest_lecture", _("Guest lecture")
        CONFERENCE = "conference", _("Conference")

    class State(ShownChoices):
        PROPOSED = "proposed", "is-warning", "inbox", _("Proposed")
        PLANNED = "planned", "is-info", "calendar", _("Planned")
        DONE = "done", "is-ok", "check", _("Done")
        DECLINED = "declined", "is-quiet", "ban", _("Declined")
        CANCELLED = "cancelled", "is-quiet", "ban", _("Cancelled")

    intake = models.ForeignKey(
        Intake, models.CASCADE, verbose_name=_("intake"), related_name="activities"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    last_on = models.DateField(_("every week until"), null=True, blank=True)
    """The last day on which it may repeat; None: it takes place once."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        related_name="activities",
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        verbose_name=_("unit"),
        null=True,
        blank=True,
        related_name="activities",
    )
    presenter = models.CharField(_("presenter"), max_length=150, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    audiences = models.ManyToManyField(
        Audience, verbose_name=_("target audiences"), blank=True, related_name="activities"
    )
    channels = models.ManyToManyField(
        Channel, verbose_name=_("channels"), blank=True, related_name="activities"
    )
    goals = models.ManyToManyField(
        Goal, verbose_name=_("goals it serves"), blank=True, related_name="activities"
    )
    budget_planned = models.DecimalField(
        _("budget planned, €"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    budget_spent = models.DecimalField(
        _("spent, €"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    expected_leads = models.PositiveIntegerField(_("expected leads"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    """Why it was cancelled or declined, or the word that went with accepting it."""

    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    is_rolled_forward = models.BooleanField(default=False, editable=False)
    """It came from an earlier intake: the reminders of its events stay off until switched on."""

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [models.Index(fields=["intake", "starts_at"], name="activity_by_intake")]
        constraints = [
            models.CheckConstraint(
                name="activity_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The activity must end after it starts."),
            ),
            models.CheckConstraint(
                name="activity_state_known",
                condition=Q(state__in=["proposed", "planned", "done", "declined", "cancelled"]),
            ),
            models.CheckConstraint(
                name="activity_money_not_negative",
                condition=(Q(budget_planned__isnull=True) | Q(budget_planned__gte=0))
                & (Q(budget_spent__isnull=True) | Q(budget_spent__gte=0)),
                violation_error_message=_("Money cannot be less than nothing."),
            ),
            models.CheckConstraint(
                name="activity_ended_has_reason",
                condition=~Q(state__in=["declined", "cancelled"]) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_state(self) -> "Activity.State":
        return self.State(self.state)

    def name(self, language: str) -> str:
        return self.title_en or self.title if language == "en" else self.title

    @property
    def is_in_plan(self) -> bool:
        return self.state in (self.State.PLANNED, self.State.DONE)

    @property
    def is_weekly(self) -> bool:
        return self.last_on is not None

    @property
    def cost_per_lead(self) -> Decimal | None:
        """Compute what an expected lead costs: by what was spent, else by what is planned."""
        cost = self.budget_planned if self.budget_spent is None else self.budget_spent
        if cost is None or not self.expected_leads:
            return None
        return (cost / self.expected_leads).quantize(CENT)

    def occurrences(self) -> Iterator[tuple[datetime, datetime]]:
        """Yield the start and end of each time it takes place: by the same clock every week."""
        starts_at, ends_at, days = self.starts_at, self.ends_at, 0
        yield starts_at, ends_at
        while self.last_on is not None:
            days += WEEK.days
            starts_at = same_clock(self.starts_at, days=days)
            if local_day(starts_at) > self.last_on:
                return
            yield starts_at, same_clock(self.ends_at, days=days)

    def accept(self, *, by: User, at: datetime, word: str) -> None:
        """Take a proposal into the plan."""
        self._go(self.State.PROPOSED, self.State.PLANNED, word, changed_by=by, changed_at=at)

    def decline(self, *, by: User, at: datetime, word: str) -> None:
        """Keep a proposal out of the plan, saying why."""
        self._go(self.State.PROPOSED, self.State.DECLINED, word, changed_by=by, changed_at=at)

    def cancel(self, *, reason: str) -> None:
        self._go(self.State.PLANNED, self.State.CANCELLED, reason)

    def finish(self) -> None:
        """Say that it took place."""
        self._go(self.State.PLANNED, self.State.DONE, self.reason)

    def take_up(self) -> None:
        """Plan again what was done or cancelled by mistake."""
        if self.state not in (self.State.DONE, self.State.CANCELLED):
            raise InvalidTransitionError(gettext("Only what is done or cancelled can be resumed."))
        self._go(self.State(self.state), self.State.PLANNED, "")

    def _go(self, from_: State, to: State, reason: str, **stamps: Any) -> None:
        """Take a step from the state the row has now, whatever this copy of it says."""
        rows = Activity.objects.filter(pk=self.pk, state=from_)
        if not rows.update(state=to, reason=reason, revision=F("revision") + 1, **stamps):
            raise InvalidTransitionError(gettext("Somebody has decided about this meanwhile."))
        self.refresh_from_db(fields=["state", "reason", "revision", *stamps])


def weekly_refusal() -> str:
    return gettext("A webinar takes place once: plan each of them on its own.")


class PublishingRefusedError(Exception):
    """This may not be advertised yet; the sentence says why."""


class Publication(Revised):
    """One advertisement of an activity on one channel."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="publications")
    channel = models.ForeignKey(
        Channel, models.PROTECT, verbose_name=_("channel"), related_name="publications"
    )
    planned_at = models.DateTimeField(_("planned"))
    url = models.URLField(_("link to the live post"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        ordering = ["planned_at", "pk"]
        verbose_name = _("advertisement")
        verbose_name_plural = _("advertisements")
        constraints = [
            models.CheckConstraint(
                name="publication_has_link",
                condition=Q(published_at__isnull=True, url="")
                | Q(published_at__isnull=False) & ~Q(url=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity} · {self.channel}"

    @transaction.atomic
    def publish(self, *, url: str, by: User, at: datetime, reason: str = "") -> None:
        """Record the link of the live post; a wrong one can be put right later.

        Who knows why it may not be advertised yet refuses, unless there is a reason to do it all
        the same.
        """
        if self.published_at is None:
            publishing.send(Publication, publication=self, by=by, at=at, reason=reason)
        values = {"url": url, "published_by": by, "published_at": self.published_at or at}
        values |= saved_by(by.pk, at)
        Publication.objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db(fields=values)


class ActivityComment(models.Model):
    """What somebody says about an activity; it is not changed afterwards."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(_("comment"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return self.text[:60]
