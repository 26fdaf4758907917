"""What stands line by line in an evaluation form: planned results, competences, next goals."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models import Indicator
from results.models.evaluation import Evaluation


class Score(models.IntegerChoices):
    """How something was done; the words are those of the yearly evaluation in Latvia."""

    EXCELLENT = 5, pgettext_lazy("score", "5 – excellent")
    VERY_GOOD = 4, pgettext_lazy("score", "4 – very good")
    GOOD = 3, pgettext_lazy("score", "3 – good")
    TO_IMPROVE = 2, pgettext_lazy("score", "2 – to be improved")
    UNSATISFACTORY = 1, pgettext_lazy("score", "1 – unsatisfactory")


def score_field(label: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, choices=Score.choices, null=True, blank=True)


class PlannedResult(models.Model):
    """One thing the employee is to achieve, how it is measured, and what came of it."""

    class Source(models.TextChoices):
        """Where the achieved result can be read."""

        HAND = "hand", _("written by hand")
        TASKS = "tasks", _("the person's tasks in the intake")
        INDICATOR = "indicator", _("an indicator of the goals")

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="results")
    text = models.CharField(_("task or result"), max_length=300)
    measure = models.CharField(_("how it is measured"), max_length=200)
    weight = models.DecimalField(
        _("weight, %"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)],
    )
    source = models.CharField(
        _("read from"), max_length=10, choices=Source.choices, default=Source.HAND
    )
    indicator = models.ForeignKey(
        Indicator,
        models.PROTECT,
        verbose_name=_("indicator"),
        null=True,
        blank=True,
        related_name="+",
    )
    filled_in = models.JSONField(default=dict, blank=True, editable=False)
    """What was read from tasks or the indicator, in every language; empty where nothing was."""

    achieved = models.TextField(_("achieved"), blank=True)
    """By hand: in place of what was filled in, or where nothing can be."""

    correction = models.CharField(
        _("why it differs from what was read"), max_length=300, blank=True
    )
    self_score = score_field(_("own score"))
    manager_score = score_field(_("the manager's score"))
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("planned result")
        verbose_name_plural = _("planned results")
        constraints = [
            models.CheckConstraint(
                name="planned_result_weight_sensible",
                condition=Q(weight__gt=0, weight__lte=100),
            ),
            models.CheckConstraint(
                name="planned_result_names_indicator",
                condition=Q(source="indicator", indicator__isnull=False)
                | (~Q(source="indicator") & Q(indicator=None)),
                violation_error_message=_("Choose the indicator it is read from."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Competence(models.Model):
    """How the employee works, seen by both."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="competences")
    name = models.CharField(_("competence"), max_length=150)
    self_score = score_field(_("own score"))
    manager_score = score_field(_("the manager's score"))
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("competence")
        verbose_name_plural = _("competences")

    def __str__(self) -> str:
        return self.name


class NextGoal(models.Model):
    """What the employee is to achieve in the next period."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="next_goals")
    text = models.CharField(_("goal of the next period"), max_length=300)
    measure = models.CharField(_("how it is measured"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("goal of the next period")
        verbose_name_plural = _("goals of the next period")

    def __str__(self) -> str:
        return self.text
