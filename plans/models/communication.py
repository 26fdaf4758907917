"""The communication plan: aims, tone, budget, and what is said to whom where."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.models import Document, Revised
from plans.models.audience import Audience, Channel
from plans.models.intake import Intake


class CommunicationPlan(Revised):
    """What an intake's communication is to reach, how it sounds and what it may cost."""

    intake = models.OneToOneField(Intake, models.CASCADE, related_name="communication_plan")
    document = models.OneToOneField(Document, models.PROTECT, related_name="communication_plan")
    aims = models.TextField(_("aims"), blank=True)
    tone = models.TextField(_("tone"), blank=True)
    budget = models.DecimalField(
        _("budget, €"), max_digits=10, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("communication plan")
        verbose_name_plural = _("communication plans")
        constraints = [
            models.CheckConstraint(
                name="communication_budget_not_negative",
                condition=Q(budget__isnull=True) | Q(budget__gte=0),
                violation_error_message=_("The budget cannot be less than nothing."),
            )
        ]

    def __str__(self) -> str:
        return gettext("Communication plan: %(intake)s") % {"intake": self.intake}


class KeyMessage(Revised):
    """Something the college wants to be understood, whoever hears it."""

    plan = models.ForeignKey(CommunicationPlan, models.CASCADE, related_name="key_messages")
    text = models.CharField(_("key message"), max_length=300)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("key message")
        verbose_name_plural = _("key messages")

    def __str__(self) -> str:
        return self.text


class Wording(models.Model):
    """A cell of the grid: how a key message is put to an audience on a channel."""

    key_message = models.ForeignKey(KeyMessage, models.CASCADE, related_name="wordings")
    audience = models.ForeignKey(Audience, models.CASCADE, related_name="wordings")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="wordings")
    text = models.TextField(_("wording"))

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(
                fields=["key_message", "audience", "channel"], name="wording_once_per_cell"
            ),
            models.CheckConstraint(name="wording_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text[:60]
