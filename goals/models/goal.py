"""A year's goals in the categories of the process."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from documents.models import Document, Revised
from files.models import StoredFile
from goals.signals import taking_out


class StillNeededError(Exception):
    """What is to be taken out has results or activities that would lose what they belong to."""


class YearQuerySet(models.QuerySet["Year"]):
    def visible_to(self, user: User) -> Self:
        """Keep what `user` may see: whoever works here sees the goals of all years."""
        return self if user.is_active else self.none()

    def current(self, today: date) -> "Year | None":
        """Give the year `today` is in, if its goals are being drawn up already."""
        return self.filter(year=today.year).first()


class Year(Revised):
    """The goals of one calendar year, as one document."""

    year = models.PositiveSmallIntegerField(
        _("year"), unique=True, error_messages={"unique": _("The goals of this year are here.")}
    )
    strategy_title = models.CharField(_("strategy"), max_length=200, blank=True)
    strategy_url = models.URLField(_("link to the strategy"), max_length=500, blank=True)
    strategy_file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        verbose_name=_("file of the strategy"),
        null=True,
        blank=True,
        related_name="+",
    )
    document = models.OneToOneField(Document, models.PROTECT, related_name="goals_year")

    objects = YearQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        verbose_name = _("goals of a year")
        verbose_name_plural = _("goals of the years")
        constraints = [
            models.CheckConstraint(
                name="goals_year_sensible",
                condition=Q(year__gte=2000, year__lte=2100),
                violation_error_message=_("A year between 2000 and 2100."),
            )
        ]

    def __str__(self) -> str:
        return gettext("Goals of %(year)s") % {"year": self.year}


class GoalQuerySet(models.QuerySet["Goal"]):
    def visible_to(self, user: User) -> Self:
        """Keep what `user` may see: whoever works here sees all goals."""
        return self if user.is_active else self.none()


class Goal(Revised):
    """Something the social-media activities of a year must reach."""

    class Category(models.TextChoices):
        """What the process names as the kinds of goals, in its order."""

        LEADS = "leads", _("Lead generation")
        RELATIONSHIPS = "relationships", _("Relationships with clients")
        AUTHORITY = "authority", _("Industry authority")
        AWARENESS = "awareness", _("Brand recognition")
        TRAFFIC = "traffic", _("Traffic to the home page")
        LISTENING = "listening", _("Listening to what others say")

    year = models.ForeignKey(Year, models.CASCADE, related_name="goals", verbose_name=_("year"))
    category = models.CharField(_("category"), max_length=15, choices=Category.choices)
    title = models.CharField(_("goal"), max_length=200)
    title_en = models.CharField(_("goal in English"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        related_name="+",
    )
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        constraints = [
            models.CheckConstraint(
                name="goal_category_known",
                condition=Q(
                    category__in=[
                        "leads",
                        "relationships",
                        "authority",
                        "awareness",
                        "traffic",
                        "listening",
                    ]
                ),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def label(self, language: str) -> str:
        return self.title_en or self.title if language == "en" else self.title

    @transaction.atomic
    def take_out(self) -> None:
        """Delete the goal with its indicators, unless something settled would lose it."""
        if self.indicators.exclude(check_ins=None).exists():
            raise StillNeededError(
                gettext("This goal has check-ins; what was reported is not thrown away.")
            )
        taking_out.send(Goal, goal=self)
        delete_unless_needed(self)


def delete_unless_needed(record: models.Model) -> None:
    """Delete what nothing else belongs to."""
    try:
        record.delete()
    except models.ProtectedError:
        raise StillNeededError(
            gettext("Something else belongs to this, so it has to stay.")
        ) from None
