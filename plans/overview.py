"""What an intake comes to: its money, its leads, and which goals nothing serves."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Sum, Value, When
from django.utils.translation import gettext

from goals.models import Goal
from plans.linked import was_cancelled
from plans.models import Activity, Channel, Intake, Wording
from plans.models.activity import CENT

CANCELLED = "cancelled"
"""In the place of a kind: the activities that were cancelled, of whatever kind."""


@dataclass(frozen=True)
class Money:
    """What activities cost and are expected to bring, of one kind or of all."""

    label: str
    kind: str
    """Empty for all kinds together."""

    count: int
    planned: Decimal
    spent: Decimal
    leads: int

    @property
    def cost_per_lead(self) -> Decimal | None:
        """Compute what an expected lead costs by the plan."""
        return (self.planned / self.leads).quantize(CENT) if self.leads else None


def money_of(intake: Intake) -> tuple[list[Money], Money]:
    """Give the sums of each kind of activity, of those cancelled, and of them all.

    What was planned for a cancelled activity stays planned, as what was spent on it was spent;
    leads are not expected of it any more.
    """
    sums = (
        intake.activities.exclude(state__in=[Activity.State.PROPOSED, Activity.State.DECLINED])
        .order_by()
        .values(of=Case(When(was_cancelled(), then=Value(CANCELLED)), default="kind"))
        .annotate(
            count=Count("pk"),
            planned=Sum("budget_planned", default=Decimal()),
            spent=Sum("budget_spent", default=Decimal()),
            leads=Sum("expected_leads", default=0),
        )
    )
    found = {each["of"]: each for each in sums}
    labels = {kind.value: str(kind.label) for kind in Activity.Kind}
    labels[CANCELLED] = gettext("Cancelled activities")
    kinds = [
        Money(
            *(label, key, of["count"], of["planned"], of["spent"]),
            leads=0 if key == CANCELLED else of["leads"],
        )
        for key, label in labels.items()
        if (of := found.get(key))
    ]
    total = Money(
        "",
        "",
        sum(each.count for each in kinds),
        sum((each.planned for each in kinds), Decimal()),
        sum((each.spent for each in kinds), Decimal()),
        sum(each.leads for each in kinds),
    )
    return kinds, total


def goals_nothing_serves(intake: Intake) -> QuerySet[Goal]:
    """Give the goals of the year that no activity of this intake serves by now."""
    serving = Activity.objects.in_plan().filter(~was_cancelled(), intake=intake)
    serving = serving.filter(goals=OuterRef("pk"))
    return Goal.objects.filter(~Exists(serving), year__year=intake.year)


def activities_without_goal(intake: Intake) -> QuerySet[Activity]:
    return intake.activities.in_plan().filter(~was_cancelled(), goals=None)


@dataclass(frozen=True)
class Progress:
    """How far the plans of an intake have come, in numbers."""

    audiences: int
    channels: int
    messages: int
    cells: int
    filled: int
    proposals: int

    @property
    def empty_cells(self) -> int:
        return self.cells - self.filled


def progress_of(intake: Intake) -> Progress:
    audiences, channels = intake.audiences.count(), intake.channels.count()
    messages = intake.communication_plan.key_messages.count()
    filled = Wording.objects.filter(key_message__plan=intake.communication_plan).count()
    return Progress(
        audiences=audiences,
        channels=channels,
        messages=messages,
        cells=audiences * channels * messages,
        filled=filled,
        proposals=intake.activities.proposed().count(),
    )


def channels_losing_access(intake: Intake, today: date) -> QuerySet[Channel]:
    return intake.channels.losing_access(today).select_related("owner")
