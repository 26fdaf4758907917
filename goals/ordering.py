"""The order of goals in their year, and of indicators in their goal."""

from typing import TypeVar

from django.db import transaction

from goals.models import Goal, Indicator

Placed = TypeVar("Placed", Goal, Indicator)


@transaction.atomic
def move_goal(goal: Goal, *, up: bool) -> None:
    """Let a goal change places with its neighbour; at the end it stays."""
    _renumber(_moved(list(Goal.objects.filter(year=goal.year_id)), goal, up=up))


@transaction.atomic
def move_indicator(indicator: Indicator, *, up: bool) -> None:
    """Let an indicator change places with its neighbour; at the end it stays."""
    beside = list(Indicator.objects.filter(goal=indicator.goal_id))
    _renumber(_moved(beside, indicator, up=up))


def _moved(beside: list[Placed], record: Placed, *, up: bool) -> list[Placed]:
    place = beside.index(record)
    other = place - 1 if up else place + 1
    if 0 <= other < len(beside):
        beside[place], beside[other] = beside[other], beside[place]
    return beside


def _renumber(records: list[Placed]) -> None:
    for position, record in enumerate(records, start=1):
        if record.position != position:
            record.position = position
            record.save(update_fields=["position"])


def place_after(records: list[Placed]) -> int:
    """Give the place of something new, after all others."""
    return max((record.position for record in records), default=0) + 1
