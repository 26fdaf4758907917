"""A year's targets divided over its intakes, and what is left over.

Only what adds up is divided; of a level or an average each intake is to reach one of its own.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext

from goals.models import Indicator
from plans.models import Intake, IntakeTarget


@dataclass(frozen=True)
class Share:
    """An indicator of the year, and which parts of its target the intakes are to reach."""

    indicator: Indicator
    own: Decimal | None
    """What this intake is to reach."""

    others: Decimal
    """What the year's other intakes are to reach."""

    @property
    def number(self) -> int:
        return self.indicator.pk

    @property
    def label(self) -> str:
        return self.indicator.label(get_language() or "")

    @property
    def was(self) -> str:
        """The intake's part as a page carries it, to see whether it changed meanwhile."""
        return "" if self.own is None else str(self.own)

    @property
    def is_divided(self) -> bool:
        """Tell whether the parts add up to the year's target."""
        return self.indicator.series is not None and self.indicator.series.adds_up

    @property
    def left_over(self) -> Decimal | None:
        """What no intake is to reach yet; below zero where they reach for more than the year."""
        if self.indicator.target is None or not self.is_divided:
            return None
        return self.indicator.target - (self.own or Decimal()) - self.others

    def clash(self) -> str:
        """Say what somebody else saved while a person was writing."""
        value = gettext("nothing") if self.own is None else number_format(self.own)
        return gettext("Somebody saved meanwhile: %(value)s.") % {"value": value}


def shares_of(intake: Intake) -> list[Share]:
    """Give every indicator of the intake's year with the parts the intakes have of it."""
    indicators = Indicator.objects.filter(goal__year__year=intake.year).select_related("series")
    parts: dict[int, dict[int, Decimal]] = {}
    for part in IntakeTarget.objects.filter(intake__year=intake.year):
        parts.setdefault(part.indicator_id, {})[part.intake_id] = part.target
    return [
        Share(
            indicator,
            parts.get(indicator.pk, {}).get(intake.pk),
            sum(
                (
                    target
                    for number, target in parts.get(indicator.pk, {}).items()
                    if number != intake.pk
                ),
                Decimal(),
            ),
        )
        for indicator in indicators.in_order()
    ]


@transaction.atomic
def divide(intake: Intake, wanted: dict[int, tuple[str, Decimal | None]]) -> list[Share]:
    """Save what an intake is to reach, unless somebody changed it meanwhile: then give that.

    The targets are a part of the activity plan, and locked with it.
    `wanted` gives, by the number of the indicator, the part that was seen and the part wanted.
    """
    intake.activity_plan.document.hold_open()
    clashes = [
        share
        for share in shares_of(intake)
        if share.number in wanted
        and share.was != wanted[share.number][0]
        and share.own != wanted[share.number][1]
    ]
    if clashes:
        return clashes
    for number, (_was, target) in wanted.items():
        if target is None:
            intake.targets.filter(indicator=number).delete()
        else:
            intake.targets.update_or_create(indicator_id=number, defaults={"target": target})
    return []
