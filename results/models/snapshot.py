"""The results of an intake as they were read on a day, kept for good."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _


class Snapshot(models.Model):
    """A frozen page: its figures, and the page itself in each language.

    Figures alone would read otherwise once a template, a translation or a computation changes; so
    the page is kept as it was drawn. Both are written once.
    """

    review = models.ForeignKey("results.Review", models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField(_("number"))
    taken_at = models.DateTimeField(_("frozen"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    content = models.JSONField(encoder=DjangoJSONEncoder)
    pages = models.JSONField()
    """The drawn page by language."""

    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopen_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("frozen results")
        verbose_name_plural = _("frozen results")
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="snapshot_number_once"),
            models.CheckConstraint(
                name="snapshot_reopened_has_reason",
                condition=Q(reopened_at=None) | (~Q(reopen_reason="") & ~Q(reopened_by=None)),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Frozen results no. %(number)s") % {"number": self.number}

    @property
    def page(self) -> str:
        """The page in the language that is active."""
        return self.pages.get(get_language() or "") or self.pages[settings.LANGUAGE_CODE]
