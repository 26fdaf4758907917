"""The work performance planning and evaluation form of one employee for one intake (step 7).

Its Latvian name in the process is Darba izpildes plānošanas un novērtēšanas veidlapa.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from documents.models import Revised
from plans.models import Intake
from ui.choices import ShownChoices


class EvaluationStateError(Exception):
    """The form is not at the point at which this can be done; the text says why."""


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, user: User) -> Self:
        """Keep what only the two people and the director see."""
        if user.has_role(Role.DIRECTOR):
            return self
        return self.filter(Q(employee=user) | Q(manager=user))

    def waiting_for(self, user: User, today: date) -> Self:
        """Keep those in which the next step is the person's.

        A self-assessment waits from the day after the intake: what was achieved is not known
        before.
        """
        state = Evaluation.State
        of_manager = Q(manager=user, state__in=[state.PLANNING, state.ASSESSMENT])
        of_employee = Q(employee=user, state=state.SELF, intake__ends_on__lt=today)
        unsigned = Q(employee=user, employee_signed_at=None) | Q(
            manager=user, manager_signed_at=None
        )
        return self.filter(of_manager | of_employee | (unsigned & Q(state=state.SIGNING)))

    def self_assessment_untold(self, today: date) -> Self:
        """Keep those that wait for the employee's assessment, who was not written to about it."""
        return self.filter(
            state=Evaluation.State.SELF, intake__ends_on__lt=today, employee_told_at=None
        )


class Evaluation(Revised):
    """What an employee is to achieve in an intake, what was achieved, and how both see it."""

    class State(ShownChoices):
        PLANNING = (
            "planning",
            "is-info",
            "edit",
            pgettext_lazy("evaluation", "results are being planned"),
        )
        SELF = "self", "is-info", "edit", pgettext_lazy("evaluation", "self-assessment")
        ASSESSMENT = (
            "assessment",
            "is-info",
            "edit",
            pgettext_lazy("evaluation", "the manager's assessment"),
        )
        SIGNING = "signing", "is-warning", "edit", pgettext_lazy("evaluation", "to be signed")
        SIGNED = "signed", "is-ok", "circle-check", pgettext_lazy("evaluation", "signed")

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="evaluations")
    employee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("employee"),
        related_name="evaluations",
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("manager"),
        related_name="evaluations_to_make",
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.PLANNING, editable=False
    )
    employee_comment = models.TextField(_("the employee's comment"), blank=True)
    manager_comment = models.TextField(_("the manager's comment"), blank=True)
    development_needs = models.TextField(_("development needs"), blank=True)
    begun_at = models.DateTimeField(editable=False)
    employee_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the employee was written to at this state; None: not yet, or it is not their turn."""

    employee_signed_at = models.DateTimeField(_("signed by the employee"), null=True, blank=True)
    manager_signed_at = models.DateTimeField(_("signed by the manager"), null=True, blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["-intake__begins_on", "employee__full_name"]
        verbose_name = _("work performance planning and evaluation form")
        verbose_name_plural = _("work performance planning and evaluation forms")
        constraints = [
            models.UniqueConstraint(
                fields=["intake", "employee"],
                name="evaluation_once_per_intake",
                violation_error_message=_("This person has a form for this intake already."),
            ),
            models.CheckConstraint(
                name="evaluation_by_another",
                condition=~Q(employee=F("manager")),
                violation_error_message=_("Nobody evaluates themselves."),
            ),
            models.CheckConstraint(
                name="evaluation_signed_by_both",
                condition=~Q(state="signed")
                | Q(employee_signed_at__isnull=False, manager_signed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="evaluation_signatures_at_the_end",
                condition=Q(state__in=["signing", "signed"])
                | Q(employee_signed_at=None, manager_signed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee} · {self.intake}"

    @property
    def shown_state(self) -> "Evaluation.State":
        return self.State(self.state)

    @property
    def is_signed(self) -> bool:
        return self.state == self.State.SIGNED

    @contextmanager
    def held(self, state: "Evaluation.State") -> Iterator[None]:
        """Change the form or its lines in one transaction, while it is in that state."""
        with transaction.atomic():
            held = Evaluation.objects.select_for_update().get(pk=self.pk)
            if held.state != state:
                raise held.gone_on()
            yield

    def gone_on(self) -> EvaluationStateError:
        """Say that the form is not where somebody saw it."""
        return EvaluationStateError(
            gettext("The form has gone on meanwhile (%(state)s), so nothing was saved.")
            % {"state": self.get_state_display()}
        )

    def weight(self) -> Decimal:
        """Add up the weights of the planned results, in per cent."""
        return sum((each.weight for each in self.results.all()), Decimal())

    def total(self) -> Decimal | None:
        """Weigh the manager's scores; None while a result has none. From 1.00 to 5.00."""
        results = list(self.results.all())
        if not results or any(each.manager_score is None for each in results):
            return None
        weighed = sum(each.weight * (each.manager_score or 0) for each in results)
        return (Decimal(weighed) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


class EvaluationVersion(models.Model):
    """What the form said when it went on to its next state, for good."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(max_length=12, choices=Evaluation.State.choices)
    """The state it came to with this."""

    content = models.JSONField(encoder=DjangoJSONEncoder)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version of an evaluation form")
        verbose_name_plural = _("versions of an evaluation form")
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="evaluation_version_once")
        ]

    def __str__(self) -> str:
        return gettext("Version %(number)s") % {"number": self.number}
