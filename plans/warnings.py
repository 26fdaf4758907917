"""What a person should look at in a plan; nothing of it ever stands in anybody's way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from people.identity import folded
from plans.holidays import holiday_name
from plans.local_time import local_day
from plans.models import Activity, Publication

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class PlanWarning:
    """A sentence about one activity, or about two that get into each other's way."""

    sentence: str
    on: date
    activities: tuple[Activity, ...]


def of_plan(
    activities: Iterable[Activity], publications: Iterable[Publication]
) -> list[PlanWarning]:
    """Find everything worth a look, the earliest first.

    `publications` have their activities and channels read along.
    """
    activities = list(activities)
    found = [
        *_on_holidays(activities),
        *_presenters_at_two_places(activities),
        *_advertisements_within_an_hour(publications),
    ]
    return sorted(found, key=lambda warning: (warning.on, warning.sentence))


def about(activity: Activity, warnings: Iterable[PlanWarning]) -> list[PlanWarning]:
    return [warning for warning in warnings if activity in warning.activities]


def _on_holidays(activities: Iterable[Activity]) -> Iterator[PlanWarning]:
    for activity in activities:
        for starts_at, _ends_at in activity.occurrences():
            day = local_day(starts_at)
            if name := holiday_name(day):
                sentence = gettext("“%(activity)s” is on a public holiday: %(day)s, %(holiday)s.")
                words = {"activity": _name(activity), "day": _day(day), "holiday": name}
                yield PlanWarning(sentence % words, day, (activity,))


@dataclass(frozen=True)
class _Turn:
    starts_at: datetime
    ends_at: datetime
    activity: Activity


def _presenters_at_two_places(activities: Iterable[Activity]) -> Iterator[PlanWarning]:
    turns: dict[str, list[_Turn]] = {}
    for activity in activities:
        if presenter := folded(activity.presenter.strip()):
            turns.setdefault(presenter, []).extend(
                _Turn(starts_at, ends_at, activity) for starts_at, ends_at in activity.occurrences()
            )
    for of_one in turns.values():
        seen: set[frozenset[int]] = set()
        for first, second in _overlapping(of_one):
            pair = frozenset((first.activity.pk, second.activity.pk))
            if len(pair) == 2 and pair not in seen:
                seen.add(pair)
                yield _twice(first, second)


def _overlapping(turns: list[_Turn]) -> Iterator[tuple[_Turn, _Turn]]:
    """Pair what goes on at the same time; only neighbours in time are compared."""
    running: list[_Turn] = []
    for turn in sorted(turns, key=lambda each: each.starts_at):
        running = [each for each in running if each.ends_at > turn.starts_at]
        yield from ((each, turn) for each in running)
        running.append(turn)


def _twice(first: _Turn, second: _Turn) -> PlanWarning:
    sentence = gettext(
        "%(presenter)s presents twice at the same time: “%(first)s” and “%(second)s”, %(moment)s."
    )
    words = {
        "presenter": first.activity.presenter,
        "first": _name(first.activity),
        "second": _name(second.activity),
        "moment": _moment(second.starts_at),
    }
    return PlanWarning(
        sentence % words, local_day(second.starts_at), (first.activity, second.activity)
    )


def _advertisements_within_an_hour(publications: Iterable[Publication]) -> Iterator[PlanWarning]:
    """Pair advertisements less than an hour apart; one on two channels at once is no clash."""
    recent: list[Publication] = []
    for publication in sorted(publications, key=lambda each: each.planned_at):
        recent = [each for each in recent if publication.planned_at - each.planned_at < HOUR]
        for earlier in recent:
            if (
                earlier.activity_id != publication.activity_id
                or earlier.channel_id == publication.channel_id
            ):
                yield _close(earlier, publication)
        recent.append(publication)


def _close(first: Publication, second: Publication) -> PlanWarning:
    sentence = gettext(
        "Two advertisements within one hour: “%(first)s” (%(first_channel)s, %(first_moment)s)"
        " and “%(second)s” (%(second_channel)s, %(second_moment)s)."
    )
    words = {
        "first": _name(first.activity),
        "first_channel": first.channel,
        "first_moment": _moment(first.planned_at),
        "second": _name(second.activity),
        "second_channel": second.channel,
        "second_moment": _moment(second.planned_at),
    }
    activities = dict.fromkeys((first.activity, second.activity))
    return PlanWarning(sentence % words, local_day(first.planned_at), tuple(activities))


def _name(activity: Activity) -> str:
    return activity.name(get_language() or "")


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
