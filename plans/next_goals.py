"""Which goals of another year go on with those an activity serves."""

from collections.abc import Iterable

from goals.models import Goal, Indicator


def counterparts(goals: Iterable[Goal], year: int) -> dict[int, Goal]:
    """Give, by the number of each goal, the goal of `year` that goes on with it, if there is one.

    In the same year that is the goal itself. In another one it is what its indicators went on as
    when that year was begun from it, however it is worded now; else what says the same.
    """
    there = list(Goal.objects.filter(year__year=year).order_by("position", "pk"))
    itself = {goal.pk: goal for goal in there}
    same_words = {(goal.category, goal.title): goal for goal in there}
    went_on = Indicator.objects.filter(goal__in=there, previous__isnull=False).order_by("-pk")
    continued = dict(went_on.values_list("previous__goal", "goal"))
    found = {}
    for goal in goals:
        number = goal.pk if goal.pk in itself else continued.get(goal.pk)
        next_goal = itself.get(number or 0) or same_words.get((goal.category, goal.title))
        if next_goal is not None:
            found[goal.pk] = next_goal
    return found
