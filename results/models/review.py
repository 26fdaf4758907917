"""The review of an intake: its frozen figures, and who of the two has confirmed them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from documents.models import Revised
from plans.local_time import local_day
from plans.models import Intake
from results.minutes import written_down
from results.models.snapshot import Snapshot

CONFIRMING = (Role.DIRECTOR, Role.MARKETING_HEAD)
"""Whose confirmations close an intake (process, step 7)."""


class ReviewStateError(Exception):
    """The review is not at the point at which this can be done; the text says why."""


class ReviewQuerySet(models.QuerySet["Review"]):
    def to_confirm_by(self, user: User, today: date) -> Self:
        """Keep those whose frozen figures the user's role can confirm by now, and has not.

        In the database what Review.unfinished asks of one.
        """
        if user.role not in CONFIRMING:
            return self.none()
        newest = Snapshot.objects.filter(review=OuterRef("pk")).order_by("-number")
        confirmed = Confirmation.objects.filter(snapshot=OuterRef("frozen"), role=user.role)
        frozen = self.filter(closed_at=None).alias(
            frozen=Subquery(newest.filter(reopened_at=None).values("pk")[:1]),
            newest=Subquery(newest.values("pk")[:1]),
            taken_on=Subquery(newest.values(day=TruncDate("taken_at"))[:1]),
        )
        finished = frozen.filter(
            intake__ends_on__lt=today,
            taken_on__gt=F("intake__ends_on"),
            held_on__range=(F("intake__ends_on"), today),
        )
        return finished.filter(~Exists(confirmed), frozen=F("newest"))


class Review(Revised):
    """What was said of an intake's results, on the figures of one day.

    The figures are frozen for the meeting; both confirm what they see, and with the second
    confirmation the intake is closed.
    """

    intake = models.OneToOneField(Intake, models.PROTECT, related_name="review")
    held_on = models.DateField(_("day of the meeting"), null=True, blank=True)
    summary = models.TextField(_("what we learn from it"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def __str__(self) -> str:
        return gettext("Review: %(intake)s") % {"intake": self.intake}

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @cached_property
    def snapshot(self) -> Snapshot | None:
        """The figures the review is about; None while they are not frozen."""
        last = next(iter(self.snapshots.all()), None)
        return last if last is None or last.reopened_at is None else None

    @cached_property
    def confirmations(self) -> dict[str, "Confirmation"]:
        """Who confirmed the frozen figures, by role."""
        if (snapshot := self.snapshot) is None:
            return {}
        found = Confirmation.objects.filter(snapshot=snapshot).select_related("by").order_by("at")
        return {each.role: each for each in found}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Change the review or what belongs to it, in one transaction, unless it is confirmed."""
        with self._step() as locked:
            if locked.is_closed:
                raise ReviewStateError(gettext("The intake is closed, so nothing was saved."))
            if locked.confirmations:
                raise ReviewStateError(
                    gettext("This is confirmed by one of the two already, so nothing was saved.")
                )
            yield

    def freeze(
        self,
        *,
        by: User,
        at: datetime,
        content: dict[str, Any],
        pages: dict[str, str],
        reached: int,
        judged: int,
    ) -> Snapshot:
        """Keep the figures as they are read now; what changes later is shown beside them."""
        with self.held():
            return Snapshot.objects.create(
                review=self,
                number=self.snapshots.count() + 1,
                taken_at=at,
                taken_by=by,
                content=content,
                pages=pages,
                reached=reached,
                judged=judged,
            )

    def confirm(self, snapshot: Snapshot, *, by: User, at: datetime) -> None:
        """Confirm the figures, notes and decisions; the second of the two closes the intake."""
        with self._step() as locked:
            if refusal := locked._doubt(snapshot, by, local_day(at)):
                raise ReviewStateError(refusal)
            _row, is_new = Confirmation.objects.get_or_create(
                snapshot=snapshot, role=by.role, defaults={"by": by, "at": at}
            )
            if not is_new:
                raise ReviewStateError(gettext("This is confirmed for your role already."))
            if snapshot.confirmations.count() == len(CONFIRMING):
                snapshot.keep_minutes(written_down(locked))
                self._close(at)

    def _doubt(self, snapshot: Snapshot, by: User, today: date) -> str:
        """Say why this person cannot confirm these figures now."""
        if self.is_closed:
            return gettext("The intake is closed already.")
        if self.snapshot != snapshot:
            return gettext(
                "The figures were frozen anew meanwhile: look at them before confirming."
            )
        if unfinished := self.unfinished(today):
            return unfinished
        if by.role not in CONFIRMING:
            return gettext("The director and the marketing head confirm.")
        return ""

    def unfinished(self, today: date) -> str:
        """Say what has to come first: the end of the intake, its figures, the meeting about it."""
        ends_on, snapshot = self.intake.ends_on, self.snapshot
        if snapshot is None:
            return gettext("The figures are not frozen yet.")
        if ends_on >= today:
            return gettext("The intake is not over yet.")
        if local_day(snapshot.taken_at) <= ends_on:
            return gettext("These figures are from before the end of the intake: freeze them anew.")
        if self.held_on is None:
            return gettext("Write down first on which day the meeting was.")
        if self.held_on > today:
            return gettext("The meeting is still to come.")
        if self.held_on < ends_on:
            return gettext("The day of the meeting is before the end of the intake: correct it.")
        return ""

    def take_back(self, *, by: User) -> None:
        """Take the own confirmation back, while the other one has not confirmed."""
        with self._step() as locked:
            if locked.is_closed:
                raise ReviewStateError(gettext("The intake is closed already."))
            own = Confirmation.objects.filter(snapshot=locked.snapshot, by=by)
            if not own.delete()[0]:
                raise ReviewStateError(gettext("You have not confirmed this."))

    def reopen(self, *, by: User, at: datetime, reason: str) -> None:
        """Open a closed intake again; what was confirmed stays to be seen."""
        with self._step() as locked:
            if not locked.is_closed:
                raise ReviewStateError(gettext("The intake is not closed."))
            snapshot = locked.snapshot
            assert snapshot is not None
            snapshot.reopened_at, snapshot.reopened_by, snapshot.reopen_reason = at, by, reason
            snapshot.save(update_fields=["reopened_at", "reopened_by", "reopen_reason"])
            self._close(None)

    def _close(self, at: datetime | None) -> None:
        self.closed_at = at
        Review.objects.filter(pk=self.pk).update(closed_at=at, revision=F("revision") + 1)
        self.refresh_from_db(fields=["closed_at", "revision"])

    @contextmanager
    def _step(self) -> Iterator["Review"]:
        """Let nobody else take a step until this one is taken; give the row as it stands.

        This copy stays as it is, but for what it read of the frozen figures: a form may be about
        to save what somebody typed into it.
        """
        try:
            with transaction.atomic():
                yield Review.objects.select_for_update().get(pk=self.pk)
        finally:
            for read in ("snapshot", "confirmations"):
                self.__dict__.pop(read, None)


class Confirmation(models.Model):
    """One of the two has confirmed the frozen figures with their notes and decisions."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="confirmations")
    role = models.CharField(max_length=20, choices=Role.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "role"], name="confirmation_once_per_role"),
            models.UniqueConstraint(fields=["snapshot", "by"], name="confirmation_once_per_person"),
            models.CheckConstraint(
                name="confirmation_role_known",
                condition=Q(role__in=["director", "marketing_head"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.by}"
