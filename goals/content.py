"""What a year's goals say, line by line, for its versions."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language, gettext

from documents.content import Line, snapshot
from documents.models import InvalidTransitionError
from goals.models import Goal, Indicator, Year


def content(year: Year) -> dict[str, Any]:
    """Write down what the goals say now."""
    goals = _goals(year)
    return snapshot(lambda: _lines(year, goals))


def complete_content(year: Year) -> dict[str, Any]:
    """Write down what the goals say, unless something is missing that has to be approved."""
    goals, language = _goals(year), get_language() or ""
    if not goals:
        raise InvalidTransitionError(gettext("Not submitted: the year has no goals yet."))
    bare = [goal.label(language) for goal in goals if not goal.indicators.all()]
    aimless = [
        indicator.label(language)
        for goal in goals
        for indicator in goal.indicators.all()
        if indicator.target is None
    ]
    for sentence, names in (
        (gettext("Not submitted: these goals have no indicator yet: %(names)s."), bare),
        (gettext("Not submitted: these indicators have no target yet: %(names)s."), aimless),
    ):
        if names:
            raise InvalidTransitionError(sentence % {"names": ", ".join(names)})
    return content(year)


def _goals(year: Year) -> list[Goal]:
    return list(
        year.goals.select_related("owner").prefetch_related(
            "indicators__owner", "indicators__series"
        )
    )


def _lines(year: Year, goals: list[Goal]) -> Iterator[Line]:
    language = get_language() or ""
    yield Line("strategy", gettext("Strategy"), year.strategy_title)
    yield Line("strategy.url", gettext("Link to the strategy"), year.strategy_url)
    yield Line("strategy.file", gettext("File of the strategy"), year.strategy_file)
    order = "\n".join(goal.label(language) for goal in goals)
    yield Line("order", gettext("Goals, in their order"), order)
    for goal in goals:
        yield from _goal_lines(goal, language)
        for indicator in goal.indicators.all():
            yield from _indicator_lines(indicator, language)


def _goal_lines(goal: Goal, language: str) -> Iterator[Line]:
    name = {"goal": goal.label(language)}
    key = f"goal.{goal.pk}"
    yield Line(f"{key}.title", gettext("%(goal)s: wording") % name, goal.title)
    yield Line(f"{key}.title_en", gettext("%(goal)s: wording in English") % name, goal.title_en)
    yield Line(f"{key}.category", gettext("%(goal)s: category") % name, goal.get_category_display())
    yield Line(f"{key}.description", gettext("%(goal)s: description") % name, goal.description)
    yield Line(f"{key}.owner", gettext("%(goal)s: owner") % name, goal.owner)


def _indicator_lines(indicator: Indicator, language: str) -> Iterator[Line]:
    name = {"indicator": indicator.label(language)}
    key = f"indicator.{indicator.pk}"
    yield Line(f"{key}.name", gettext("%(indicator)s: name") % name, indicator.name)
    yield Line(
        f"{key}.name_en", gettext("%(indicator)s: name in English") % name, indicator.name_en
    )
    yield Line(f"{key}.unit", gettext("%(indicator)s: unit") % name, indicator.get_unit_display())
    yield Line(
        f"{key}.direction",
        gettext("%(indicator)s: direction") % name,
        indicator.get_direction_display(),
    )
    yield Line(f"{key}.start", gettext("%(indicator)s: start") % name, indicator.start)
    yield Line(f"{key}.target", gettext("%(indicator)s: target") % name, indicator.target)
    yield Line(f"{key}.owner", gettext("%(indicator)s: owner") % name, indicator.owner)
    series = indicator.series.label(language) if indicator.series else ""
    yield Line(f"{key}.series", gettext("%(indicator)s: KPI series") % name, series)
