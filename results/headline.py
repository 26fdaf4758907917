"""How the intake went, in five lines."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from goals.models import Unit as GoalUnit
from kpi.pace import Light
from results.facts.content import is_incomplete, table_of, value_of
from results.facts.table import Unit
from results.spelling import AnyUnit, spell


@dataclass(frozen=True)
class Line:
    """One line; the tone says nothing that its words do not."""

    title: str
    text: str
    tone: str
    icon: str


def lines(now: dict[str, Any], before: dict[str, Any] | None) -> list[Line]:
    """Say goals, leads, activities, money and the work, each with last year's where it is known."""
    return [
        _goals(now),
        _leads(now, before),
        _activities(now),
        _money(now, before),
        _work(now),
    ]


def targets_reached(now: dict[str, Any]) -> tuple[int, int]:
    """Count the targets that were reached, and those of which it can be said at all."""
    lights = [row["extra"]["light"] for row in table_of(now, "goals")["rows"]]
    reached = lights.count(Light.REACHED)
    return reached, reached + lights.count(Light.MISSED)


def reached_words(reached: int, judged: int) -> str:
    """Say how many of the targets that can be judged were reached."""
    if not judged:
        return gettext("Of no target can it be said whether it was reached.")
    return ngettext(
        "%(reached)s of %(judged)s target was reached.",
        "%(reached)s of %(judged)s targets were reached.",
        judged,
    ) % {"reached": reached, "judged": judged}


def _goals(now: dict[str, Any]) -> Line:
    reached, judged = targets_reached(now)
    title = gettext("Goals")
    if not judged:
        return Line(title, gettext("No indicator can be judged yet."), "is-quiet", "target")
    text = ngettext(
        "%(reached)s of %(all)s indicator reached its target.",
        "%(reached)s of %(all)s indicators reached their targets.",
        judged,
    ) % {"reached": reached, "all": judged}
    if unknown := len(table_of(now, "goals")["rows"]) - judged:
        text += " " + ngettext(
            "Of %(count)s nothing can be said.", "Of %(count)s nothing can be said.", unknown
        ) % {"count": unknown}
    return Line(title, text, _tone(reached / judged), "target")


def _leads(now: dict[str, Any], before: dict[str, Any] | None) -> Line:
    leads = value_of(now, "money", "total", "leads")
    expected = value_of(now, "money", "total", "expected_leads")
    title = gettext("New leads")
    if leads is None:
        text = gettext("Nothing was measured in the days of the intake.")
        return Line(title, text, "is-quiet", "users-group")
    text = gettext("%(leads)s, expected were %(expected)s.") % {
        "leads": spell(leads, GoalUnit.NUMBER),
        "expected": spell(expected, Unit.COUNT),
    }
    if is_incomplete(now, "money", "total", "leads"):
        text += " " + gettext("Some days are missing.")
    tone = _tone(float(leads) / float(expected)) if expected else "is-info"
    return Line(title, text + _last_year(before, "leads", GoalUnit.NUMBER), tone, "users-group")


def _activities(now: dict[str, Any]) -> Line:
    planned, done, cancelled, moved = (
        value_of(now, "activities", "total", key)
        for key in ("planned", "done", "cancelled", "moved")
    )
    text = gettext(
        "%(done)s of %(planned)s planned took place; cancelled: %(cancelled)s, moved: %(moved)s."
    ) % {"done": done, "planned": planned, "cancelled": cancelled, "moved": moved}
    tone = _tone(done / planned) if planned else "is-quiet"
    return Line(gettext("Activities"), text, tone, "calendar")


def _money(now: dict[str, Any], before: dict[str, Any] | None) -> Line:
    planned, spent, cost = (
        value_of(now, "money", "total", key) for key in ("planned", "spent", "cost_per_lead")
    )
    text = gettext("%(spent)s spent of %(planned)s planned.") % {
        "spent": spell(spent, Unit.EURO),
        "planned": spell(planned, Unit.EURO),
    }
    if cost is not None:
        text += " " + gettext("A lead cost %(cost)s.") % {"cost": spell(cost, Unit.EURO)}
        text += _last_year(before, "cost_per_lead", Unit.EURO)
    is_over = float(spent) > float(planned)
    return Line(gettext("Money"), text, "is-warning" if is_over else "is-ok", "coin-euro")


def _work(now: dict[str, Any]) -> Line:
    share = value_of(now, "tasks", "total", "share")
    late = [
        worst
        for row in table_of(now, "reminders")["rows"]
        if (worst := row["values"]["p95_late"]) is not None
    ]
    parts = []
    if share is not None:
        parts.append(
            gettext("%(share)s of the tasks were done on time.")
            % {"share": spell(share, Unit.PERCENT)}
        )
    if late:
        parts.append(
            gettext("95 of 100 messages went out within %(late)s after they were due.")
            % {"late": spell(max(late), Unit.SECONDS)}
        )
    text = " ".join(parts) or gettext("Neither tasks nor messages were due.")
    tone = "is-quiet" if share is None else _tone(share / 100)
    return Line(gettext("The work"), text, tone, "checklist")


def _last_year(before: dict[str, Any] | None, key: str, unit: AnyUnit) -> str:
    was = value_of(before, "money", "total", key)
    if was is None:
        return ""
    return " " + gettext("A year before: %(value)s.") % {"value": spell(was, unit)}


def _tone(share: float) -> str:
    """Judge a share: all of it, most of it, less."""
    return "is-ok" if share >= 1 else "is-warning" if share >= 0.8 else "is-bad"
