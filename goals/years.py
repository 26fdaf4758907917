"""Beginning a year's goals: with the categories of the process, or from the year before."""

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from documents.models import Document
from goals.models import Goal, Indicator, Series, Year
from goals.standing import standings_of_year

Category = Goal.Category
Record = TypeVar("Record", Goal, Indicator)

WORDING: dict[Goal.Category, str | Promise] = {
    Category.LEADS: _("Promote lead generation"),
    Category.RELATIONSHIPS: _("Build relationships with potential and existing clients"),
    Category.AUTHORITY: _("Build the status of an industry authority"),
    Category.AWARENESS: _("Promote brand recognition"),
    Category.TRAFFIC: _("Promote traffic to the home page"),
    Category.LISTENING: _("Listen to what others say about the company"),
}
# The keys of what step 6 of the process follows, each at the goal it speaks of.
DEFAULT_INDICATORS: dict[Goal.Category, tuple[str, ...]] = {
    Category.LEADS: ("new_leads",),
    Category.RELATIONSHIPS: ("reactions",),
    Category.AUTHORITY: ("video_views",),
    Category.AWARENESS: ("followers", "followers_growth"),
    Category.TRAFFIC: ("home_page_traffic",),
    Category.LISTENING: ("comments",),
}


@transaction.atomic
def begin(number: int, *, by: User, at: datetime) -> Year:
    """Begin a year with the six categories of the process and what step 6 measures."""
    year = _new_year(number, by=by, at=at)
    series_of = {each.key: each for each in Series.objects.all()}
    for position, category in enumerate(Category, start=1):
        goal = Goal.objects.create(
            year=year,
            category=category,
            title=_in("lv", WORDING[category]),
            title_en=_in("en", WORDING[category]),
            owner=by,
            position=position,
            changed_by=by,
            changed_at=at,
        )
        for place, key in enumerate(DEFAULT_INDICATORS[category], start=1):
            series = series_of[key]
            Indicator.objects.create(
                goal=goal,
                name=series.name,
                name_en=series.name_en,
                unit=series.unit,
                series=series,
                owner=by,
                position=place,
                changed_by=by,
                changed_at=at,
            )
    return year


@transaction.atomic
def begin_from(earlier: Year, number: int, *, by: User, at: datetime) -> Year:
    """Begin a year with the goals of an earlier one; how it stood last is where this one starts."""
    year = _new_year(
        number,
        by=by,
        at=at,
        strategy_title=earlier.strategy_title,
        strategy_url=earlier.strategy_url,
        strategy_file=earlier.strategy_file,
    )
    indicators = Prefetch("indicators", Indicator.objects.select_related("series__growth_of"))
    old_goals = list(earlier.goals.prefetch_related(indicators))
    standing = standings_of_year(old_goals, earlier.year, timezone.localtime(at).date())
    for old_goal in old_goals:
        goal = _copied(old_goal, year=year, changed_by=by, changed_at=at)
        for old in standing[old_goal.pk]:
            _copied(
                old.indicator,
                goal=goal,
                start=None if old.lacks_channel else old.value,
                target=None,
                previous_id=old.indicator.pk,
                changed_by=by,
                changed_at=at,
            )
    return year


def _new_year(number: int, *, by: User, at: datetime, **fields: object) -> Year:
    return Year.objects.create(
        year=number, document=Document.objects.create(), changed_by=by, changed_at=at, **fields
    )


def _copied(record: Record, **changes: object) -> Record:
    """Save the same once more as a new row."""
    same = {
        field.attname: getattr(record, field.attname)
        for field in record._meta.concrete_fields
        if field.editable and not field.primary_key
    }
    copied = type(record)(**same, position=record.position)
    for name, value in changes.items():
        setattr(copied, name, value)
    copied.save()
    return copied


def _in(language: str, words: str | Promise) -> str:
    with translation.override(language):
        return str(words)
