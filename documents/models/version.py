"""What a document said each time it was submitted."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from files.models import StoredFile
from ui.choices import ShownChoices


class Version(models.Model):
    """What a document said when it was submitted, and what became of that."""

    class Outcome(ShownChoices):
        WAITING = "waiting", "is-info", "clock", _("Waiting for approval")
        APPROVED = "approved", "is-ok", "circle-check", _("Approved")
        RETURNED = "returned", "is-warning", "arrow-left", _("Returned for changes")
        WITHDRAWN = "withdrawn", "is-warning", "arrow-left", _("Taken back")

    document = models.ForeignKey("documents.Document", models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField()
    files = models.ManyToManyField(StoredFile, related_name="+")
    """The files it names, which are kept as long as it is."""

    reason = models.CharField(_("reason for the change"), max_length=500, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopened_at = models.DateTimeField(_("opened for the change"), null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("submitted"))
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision = models.TextField(_("comment on the decision"), blank=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return gettext("Version %(number)s") % {"number": self.number}

    @property
    def shown_outcome(self) -> "Version.Outcome":
        return self.Outcome(self.outcome)
