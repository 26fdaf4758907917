"""A document on its way from draft to approval."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from documents.models.version import Version
from documents.signals import approved, reopened, sent_back, submitted
from ui.choices import ShownChoices


class InvalidTransitionError(Exception):
    """The document is not at the point at which this step can be taken; the text says why."""


class DocumentQuerySet(models.QuerySet["Document"]):
    def waiting(self) -> Self:
        """Keep those that wait for a decision."""
        return self.filter(status=Document.Status.SUBMITTED)


class Document(models.Model):
    """Where something stands that a director approves; what it says is with its owner."""

    class Status(ShownChoices):
        DRAFT = "draft", "is-quiet", "edit", _("Draft")
        SUBMITTED = "submitted", "is-info", "clock", _("Waiting for approval")
        APPROVED = "approved", "is-ok", "circle-check", _("Approved")
        RETURNED = "returned", "is-warning", "arrow-left", _("Returned for changes")

    OPEN = (Status.DRAFT, Status.RETURNED)
    """While it stands at one of these, its content may be changed."""

    status = models.CharField(
        _("state"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    version = models.PositiveIntegerField(_("version"), default=0)
    """The number of the version submitted last; 0 before the first."""

    reason = models.CharField(_("reason for the change"), max_length=500, blank=True)
    """Why it was opened again after its approval; "" unless it waits for the next one."""

    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopened_at = models.DateTimeField(_("opened for the change"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision = models.TextField(_("comment on the decision"), blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                name="document_submitted_has_author",
                condition=~Q(status="submitted")
                | Q(submitted_by__isnull=False, submitted_at__isnull=False, version__gt=0),
            ),
            models.CheckConstraint(
                name="document_decided_has_decider",
                condition=~Q(status__in=["approved", "returned"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="document_approved_by_another",
                condition=~Q(status="approved")
                | (Q(submitted_by__isnull=False) & ~Q(decided_by=F("submitted_by"))),
            ),
            models.CheckConstraint(
                name="document_returned_has_comment",
                condition=~Q(status="returned") | ~Q(decision=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_status_display())

    @property
    def shown_status(self) -> "Document.Status":
        return self.Status(self.status)

    @property
    def is_open(self) -> bool:
        """Tell whether the content may be changed."""
        return self.status in self.OPEN

    @property
    def is_approved(self) -> bool:
        return self.status == self.Status.APPROVED

    @property
    def approved_version(self) -> Version | None:
        """Read what holds: the version approved last, also while a change of it is under way."""
        return self.versions.filter(outcome=Version.Outcome.APPROVED).first()

    def hold_open(self) -> None:
        """Refuse if the content is locked; nobody submits before the transaction ends."""
        held = Document.objects.select_for_update().get(pk=self.pk)
        if not held.is_open:
            raise InvalidTransitionError(
                gettext("This is locked meanwhile (%(state)s), so nothing was saved.")
                % {"state": held.get_status_display()}
            )

    @transaction.atomic
    def submit(self, *, by: User, at: datetime, content: Callable[[], dict[str, Any]]) -> None:
        """Hand in the content as the next version; it is read once it is locked."""
        self._go(
            from_=self.OPEN,
            refusal=gettext("Only a draft can be submitted."),
            status=self.Status.SUBMITTED,
            version=self.version + 1,
            submitted_by=by,
            submitted_at=at,
            decided_by=None,
            decided_at=None,
            decision="",
        )
        version = Version.objects.create(
            document=self,
            number=self.version,
            content=content(),
            reason=self.reason,
            reopened_by=self.reopened_by,
            reopened_at=self.reopened_at,
            made_by=by,
            made_at=at,
        )
        version.files.set(line["file"] for line in version.content["lines"] if "file" in line)
        submitted.send(Document, document=self, by=by, at=at)

    @transaction.atomic
    def withdraw(self, *, by: User, at: datetime) -> None:
        """Take back what waits for approval, to change it."""
        self._go(
            from_=(self.Status.SUBMITTED,),
            refusal=gettext("Only what waits for approval can be taken back."),
            status=self.Status.DRAFT,
        )
        self._decide(Version.Outcome.WITHDRAWN, by=by, at=at)

    @transaction.atomic
    def approve(self, *, by: User, at: datetime, comment: str = "") -> None:
        """Approve what was submitted, by somebody else than who submitted it."""
        if by.pk == self.submitted_by_id:
            raise InvalidTransitionError(gettext("Nobody approves what they submitted themselves."))
        self._go(
            from_=(self.Status.SUBMITTED,),
            refusal=gettext("Only what was submitted can be approved."),
            status=self.Status.APPROVED,
            decided_by=by,
            decided_at=at,
            decision=comment,
            reason="",
            reopened_by=None,
            reopened_at=None,
        )
        self._decide(Version.Outcome.APPROVED, by=by, at=at, decision=comment)
        approved.send(Document, document=self, by=by, at=at)

    @transaction.atomic
    def send_back(self, *, by: User, at: datetime, comment: str) -> None:
        """Return what was submitted, saying what is to change."""
        if not comment.strip():
            raise InvalidTransitionError(gettext("Say in a comment what is to change."))
        self._go(
            from_=(self.Status.SUBMITTED,),
            refusal=gettext("Only what was submitted can be returned."),
            status=self.Status.RETURNED,
            decided_by=by,
            decided_at=at,
            decision=comment,
        )
        self._decide(Version.Outcome.RETURNED, by=by, at=at, decision=comment)
        sent_back.send(Document, document=self, by=by, at=at)

    @transaction.atomic
    def reopen(self, *, by: User, at: datetime, reason: str) -> None:
        """Open what is approved for a change; the approved version stays in the versions."""
        if not reason.strip():
            raise InvalidTransitionError(gettext("A change after the approval needs a reason."))
        self._go(
            from_=(self.Status.APPROVED,),
            refusal=gettext("Only what is approved can be opened again."),
            status=self.Status.DRAFT,
            reason=reason,
            reopened_by=by,
            reopened_at=at,
        )
        reopened.send(Document, document=self, by=by, at=at)

    def _go(self, *, from_: tuple["Document.Status", ...], refusal: str, **values: Any) -> None:
        """Take a step unless somebody has taken one meanwhile: the database decides between two."""
        still_there = Document.objects.filter(
            pk=self.pk, status__in=from_, version=self.version, submitted_at=self.submitted_at
        )
        if not still_there.update(**values):
            raise InvalidTransitionError(refusal)
        for name, value in values.items():
            setattr(self, name, value)

    def _decide(
        self, outcome: Version.Outcome, *, by: User, at: datetime, decision: str = ""
    ) -> None:
        self.versions.filter(number=self.version).update(
            outcome=outcome, decided_by=by, decided_at=at, decision=decision
        )
