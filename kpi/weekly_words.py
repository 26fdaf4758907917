"""The letter about a week, in the language that is active."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from kpi.alert_letters import sentence
from kpi.figures import Figure
from kpi.pace import Light
from kpi.week_report import Line, Report
from kpi.words import change_words, value_words

MOST_ALERTS = 5
MOST_EVENTS = 7


def words(report: Report) -> tuple[str, str]:
    late = sum(count for light, count in report.lights.items() if light.is_late)
    subject = gettext("%(week)s in figures") % {"week": report.week}
    if late:
        subject = ngettext(
            "%(week)s in figures: %(count)s target is behind",
            "%(week)s in figures: %(count)s targets are behind",
            late,
        ) % {"week": report.week, "count": late}
    parts = [
        _tally(report),
        "\n".join(f"– {_line(line)}" for line in report.lines),
        _part(gettext("To look at:"), [sentence(each) for each in report.alerts], MOST_ALERTS),
        _part(gettext("This week:"), _events(report), MOST_EVENTS),
        settings.SITE_URL + reverse("kpi:dashboard"),
        gettext("This report comes each Monday. You can switch it off in your profile:\n%(link)s")
        % {"link": settings.SITE_URL + reverse("accounts:profile")},
    ]
    return subject, "\n\n".join(part for part in parts if part)


def _tally(report: Report) -> str:
    counts = ", ".join(
        f"{light.label} {report.lights[light]}" for light in Light if report.lights[light]
    )
    return gettext("Targets of the year: %(counts)s.") % {"counts": counts}


def _line(line: Line) -> str:
    indicator, year = line.row.indicator, line.row.year
    name = indicator.label(get_language() or "")
    said = f"{name}: {_week(line)}" if line.row.series else name
    if year.aim.target is None:
        return said
    reached = year.reached.value if year.reached else None
    in_year = gettext("%(value)s of %(target)s in the year, %(light)s") % {
        "value": value_words(indicator.unit, reached),
        "target": value_words(indicator.unit, year.aim.target),
        "light": year.pace.light.label,
    }
    return f"{said}; {in_year}" if line.row.series else f"{said}: {in_year}"


def _week(line: Line) -> str:
    """Say what the week came to, beside the one before and the one a year before."""
    assert line.row.series is not None
    unit = line.row.series.unit
    if line.week is None or line.week.value is None:
        return gettext("no data in the week")
    beside = [
        text
        for text in (
            _beside(gettext("week before %(value)s"), line.week_before, line.week, unit),
            _beside(gettext("a year before %(value)s"), line.year_before, line.week, unit),
        )
        if text
    ]
    said = gettext("%(value)s in the week") % {"value": _figure(line.week, unit)}
    return f"{said} ({'; '.join(beside)})" if beside else said


def _beside(text: str, earlier: Figure | None, now: Figure | None, unit: str) -> str:
    if earlier is None or earlier.value is None or now is None or now.value is None:
        return ""
    said = text % {"value": _figure(earlier, unit)}
    if not earlier.value:
        return said
    return f"{said}, {change_words((now.value / earlier.value - 1) * 100)}"


def _figure(figure: Figure, unit: str) -> str:
    """Say a figure, and that days or a channel are missing in it."""
    said = value_words(unit, figure.value)
    if not figure.is_incomplete:
        return said
    return gettext("%(value)s (incomplete)") % {"value": said}


def _events(report: Report) -> list[str]:
    language, said = get_language() or "", []
    for event in report.events:
        starts_at = date_format(timezone.localtime(event.starts_at), "SHORT_DATETIME_FORMAT")
        said.append(f"{starts_at} {event.name(language)}")
    return said


def _part(heading: str, lines: list[str], most: int) -> str:
    if not lines:
        return ""
    more = [gettext("… and more.")] if len(lines) > most else []
    return "\n".join([heading, *(f"– {line}" for line in lines[:most]), *more])
