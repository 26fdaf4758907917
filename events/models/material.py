"""What an event is advertised with: banners, texts and films, each with its versions."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models.event import Event
from files.models import StoredFile
from ui.choices import ShownChoices


class DecisionRefusedError(Exception):
    """This version cannot be decided about; the sentence says why."""


class MaterialQuerySet(models.QuerySet["Material"]):
    def with_versions(self) -> Self:
        """Read along every version with its file and people, the newest first."""
        versions = MaterialVersion.objects.select_related("file", "made_by", "decided_by")
        return self.prefetch_related(models.Prefetch("versions", versions.order_by("-number")))

    def waiting(self) -> Self:
        """Keep those of events that go ahead whose newest version waits for approval."""
        return self._at(MaterialVersion.Decision.WAITING)

    def sent_back_to(self, user: User) -> Self:
        """Keep those whose newest version `user` made and is to make anew."""
        return self._at(MaterialVersion.Decision.SENT_BACK).filter(newest_by=user.pk)

    def _at(self, decision: "MaterialVersion.Decision") -> Self:
        newest = MaterialVersion.objects.filter(material=OuterRef("pk")).order_by("-number")
        return (
            self.filter(event__in=Event.objects.going_ahead())
            .alias(
                newest_decision=Subquery(newest.values("decision")[:1]),
                newest_by=Subquery(newest.values("made_by")[:1]),
            )
            .filter(newest_decision=decision)
        )


class Material(models.Model):
    """One banner, text or film; what is shown of it is its newest version."""

    class Kind(models.TextChoices):
        BANNER = "banner", _("banner")
        TEXT = "text", _("text")
        VIDEO = "video", _("film")
        OTHER = "other", _("other")

    event = models.ForeignKey(Event, models.CASCADE, related_name="materials")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.BANNER)
    title = models.CharField(_("title"), max_length=150)
    alt_text = models.CharField(_("alternative text"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = MaterialQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints = [
            models.CheckConstraint(
                name="material_seen_has_alt_text",
                condition=~Q(kind__in=["banner", "video"]) | ~Q(alt_text=""),
                violation_error_message=_(
                    "Say in words what is seen: a banner or film needs an alternative text."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def latest(self) -> "MaterialVersion | None":
        """Give the newest version; the versions have been read along."""
        return next(iter(self.versions.all()), None)

    @property
    def is_approved(self) -> bool:
        """Tell whether the newest version is; an earlier approval does not hold for it."""
        return self.latest is not None and self.latest.is_approved


class MaterialVersion(models.Model):
    """A material as it was made once: a file, or words; decided about once."""

    class Decision(ShownChoices):
        WAITING = "waiting", "is-info", "clock", _("waits for approval")
        APPROVED = "approved", "is-ok", "check", _("approved")
        SENT_BACK = "sent_back", "is-bad", "arrow-left", _("sent back")

    material = models.ForeignKey(Material, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("words"), blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decision = models.CharField(
        _("state"), max_length=10, choices=Decision.choices, default=Decision.WAITING
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    comment = models.CharField(_("comment"), max_length=500, blank=True)

    class Meta:
        ordering = ["material", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["material", "number"], name="material_version_number_once"
            ),
            models.CheckConstraint(
                name="material_version_has_content",
                condition=Q(file__isnull=False) | ~Q(text=""),
            ),
            models.CheckConstraint(
                name="material_version_decided_has_decider",
                condition=Q(decision="waiting", decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="waiting"),
            ),
            models.CheckConstraint(
                name="material_version_sent_back_has_comment",
                condition=~Q(decision="sent_back") | ~Q(comment=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material} · {self.number}"

    @property
    def shown_decision(self) -> "MaterialVersion.Decision":
        return self.Decision(self.decision)

    @property
    def is_approved(self) -> bool:
        return self.decision == self.Decision.APPROVED

    @property
    def waits(self) -> bool:
        return self.decision == self.Decision.WAITING

    def approve(self, *, by: User, at: datetime) -> None:
        self._decide(self.Decision.APPROVED, by, at, "")

    def send_back(self, *, by: User, at: datetime, comment: str) -> None:
        self._decide(self.Decision.SENT_BACK, by, at, comment)

    def _decide(self, decision: Decision, by: User, at: datetime, comment: str) -> None:
        """Decide about the newest version while nobody has, whatever this copy of it says."""
        newer = MaterialVersion.objects.filter(material=self.material_id, number__gt=self.number)
        waiting = MaterialVersion.objects.filter(pk=self.pk, decision=self.Decision.WAITING)
        if not waiting.filter(~models.Exists(newer)).update(
            decision=decision, decided_at=at, decided_by=by, comment=comment
        ):
            raise DecisionRefusedError(
                gettext("It has been decided about meanwhile, or there is a newer version.")
            )
        self.refresh_from_db(fields=["decision", "decided_at", "decided_by", "comment"])
