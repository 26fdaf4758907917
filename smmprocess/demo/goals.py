"""Step 1: last year's goals with their results, this year's on their way, the next year's begun."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from documents.models import Comment
from goals import years
from goals.aim import Reached
from goals.content import complete_content
from goals.models import CheckIn, Goal, Indicator, Unit, Year
from goals.ordering import place_after
from plans.holidays import is_working_day, shift_working_days
from plans.local_time import local_day, local_moment
from smmprocess.demo import goal_words as words
from smmprocess.demo.goal_words import Figures
from smmprocess.demo.season import AFTERNOON, MORNING, Season, Span, days_ago
from smmprocess.demo.staff import Staff

MONTH = timedelta(days=28)
ALL_THERE = "Visi rādītāji ir skaidri. Apstiprinu."


def make_years(staff: Staff, span: Span, now: datetime) -> None:
    """Make the goals of the intake's year, of the year before, and of the next one in autumn."""
    last = _first(staff, span.year - 1)
    _submit(staff, last, _december(last, 5))
    last.document.approve(by=staff.director, at=_december(last, 9), comment=ALL_THERE)
    _report_results(staff, last)
    this = years.begin_from(last, span.year, by=staff.head, at=_december(last, 1, earlier=0))
    _set_targets(this, "target")
    _decide(staff, this)
    _check_in(staff, this, local_day(now))
    if span.season == Season.AUTUMN:
        coming = years.begin_from(this, span.year + 1, by=staff.head, at=days_ago(now, 5))
        _set_targets(coming, "next_target")


def _december(year: Year, day: int, *, earlier: int = 1) -> datetime:
    """Return a morning in the December before a year, when its goals are drawn up."""
    on = date(year.year - earlier, 12, day)
    return local_moment(on if is_working_day(on) else shift_working_days(on, 1), MORNING)


def _first(staff: Staff, number: int) -> Year:
    """Draw up the goals of the first year there is, with what the college added of its own."""
    at = local_moment(date(number - 1, 11, 20), MORNING)
    year = years.begin(number, by=staff.head, at=at)
    year.strategy_title, year.strategy_url = words.STRATEGY
    year.save(update_fields=["strategy_title", "strategy_url"])
    for goal in year.goals.all():
        category = Goal.Category(goal.category)
        goal.description = words.DESCRIPTIONS[category]
        goal.owner = getattr(staff, words.OWNERS[category])
        goal.save(update_fields=["description", "owner"])
        goal.indicators.update(owner=goal.owner)
        _add_own(goal, at)
    for indicator in _indicators(year):
        indicator.start = _figures(indicator).start
        indicator.save(update_fields=["start"])
    _set_targets(year, "last_target")
    return year


def _add_own(goal: Goal, at: datetime) -> None:
    for own in words.OWN:
        if own.category == goal.category:
            Indicator.objects.create(
                goal=goal,
                name=own.name,
                name_en=own.name_en,
                unit=own.unit,
                direction=own.direction,
                owner=goal.owner,
                position=place_after(list(goal.indicators.all())),
                changed_by=goal.owner,
                changed_at=at,
            )


def _indicators(year: Year) -> list[Indicator]:
    return list(
        Indicator.objects.filter(goal__year=year).select_related("owner", "series").in_order()
    )


def _adds_up(indicator: Indicator) -> bool:
    """Of leads or views is told how many there are since the new year."""
    return indicator.series is not None and indicator.series.adds_up


def _figures(indicator: Indicator) -> Figures:
    if indicator.series:
        return words.MEASURED[indicator.series.key]
    return next(own.figures for own in words.OWN if own.name == indicator.name)


def _set_targets(year: Year, name: str) -> None:
    for indicator in _indicators(year):
        indicator.target = getattr(_figures(indicator), name)
        indicator.save(update_fields=["target"])


def _submit(staff: Staff, year: Year, at: datetime) -> None:
    year.document.submit(by=staff.head, at=at, content=lambda: complete_content(year))


def _decide(staff: Staff, year: Year) -> None:
    """Have the goals returned once, changed, and approved."""
    traffic = year.goals.get(category=Goal.Category.TRAFFIC)
    whole = traffic.description
    traffic.description = whole.partition(",")[0] + "."
    traffic.save(update_fields=["description"])
    _submit(staff, year, _december(year, 7))
    year.document.send_back(
        by=staff.director,
        at=_december(year, 9),
        comment="Plūsmas mērķim trūkst, kā to izmērīsim. Lūdzu, papildiniet aprakstu.",
    )
    Comment.objects.create(
        document=year.document,
        by=staff.head,
        at=_december(year, 10),
        text="Papildināju: saites marķējam, tāpēc avotu redzēsim Google analītikā.",
    )
    traffic.description = whole
    traffic.save(update_fields=["description"])
    _submit(staff, year, _december(year, 11))
    year.document.approve(by=staff.director, at=_december(year, 14), comment=ALL_THERE)


def _report_results(staff: Staff, year: Year) -> None:
    """Report how the year went: at midsummer and, before the next one is planned, its result."""
    first, last = date(year.year, 1, 1), date(year.year, 12, 31)
    for indicator in _indicators(year):
        figures = _figures(indicator)
        begin = Decimal() if _adds_up(indicator) else figures.start
        halfway = _between(begin, figures.last_result, Decimal("0.55"))
        _say(staff, indicator, date(year.year, 6, 30), halfway, words.EARLIER[2])
        aim = indicator.aim(first, last, target=indicator.target, start=indicator.start)
        is_reached = aim.is_reached(
            Reached(figures.last_result, last), today=last + timedelta(days=1)
        )
        _say(
            staff,
            indicator,
            date(year.year, 11, 30),
            figures.last_result,
            figures.about_last,
            CheckIn.Confidence.ON_TRACK if is_reached else CheckIn.Confidence.OFF,
        )


def _check_in(staff: Staff, year: Year, today: date) -> None:
    """Report on every indicator each month of the year so far, the last time lately."""
    first = date(year.year, 1, 1)
    last = max(today - timedelta(days=2), first)
    months = (last - first) // MONTH
    for number, indicator in enumerate(_indicators(year)):
        figures = _figures(indicator)
        for ago in range(months, -1, -1):
            day = last - ago * MONTH
            share = Decimal((day - first).days + 1) / 365 * figures.pace
            begin = Decimal() if _adds_up(indicator) else figures.last_result
            value = _between(begin, figures.target, share)
            if ago:
                _say(staff, indicator, day, value, words.EARLIER[(ago + number) % 3])
            else:
                _say(staff, indicator, day, value, figures.sentence, figures.confidence)


def _say(
    staff: Staff,
    indicator: Indicator,
    on: date,
    value: Decimal,
    sentence: str,
    confidence: CheckIn.Confidence = CheckIn.Confidence.ON_TRACK,
) -> None:
    places = Decimal(1) if indicator.unit in WHOLE else Decimal("0.1")
    indicator.check_in(
        by=indicator.owner or staff.head,
        at=local_moment(on, AFTERNOON),
        on=on,
        value=value.quantize(places),
        confidence=confidence,
        sentence=sentence,
    )


WHOLE = (Unit.NUMBER, Unit.PEOPLE)


def _between(start: Decimal, end: Decimal, share: Decimal) -> Decimal:
    return start + (end - start) * share
