"""What a person should look at in a plan; nothing of it ever stands in anybody's way."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from people.identity import folded
from plans.advertising import advertised
from plans.holidays import holiday_name
from plans.linked import Carried, carried_out, turns
from plans.local_time import local_day
from plans.models import Activity, Channel, Intake, Publication

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class PlanWarning:
    """Something about one activity, or about two that get into each other's way."""

    at: datetime
    activities: tuple[Activity, ...]
    say: Callable[[], str]

    @property
    def on(self) -> date:
        return local_day(self.at)

    @property
    def sentence(self) -> str:
        """Word it in the language of the page: of many warnings only those shown are worded."""
        return self.say()


def of_plan(
    activities: Iterable[Activity],
    publications: Iterable[Publication],
    events: Mapping[int, Sequence[Carried]],
) -> list[PlanWarning]:
    """Find everything worth a look, the earliest first.

    `publications` have their activities and channels read along; what has become an event is
    looked at as it is by now.
    """
    everything = [
        _Turn(
            turn.starts_at,
            turn.ends_at,
            activity,
            _presenter(activity.presenter, events.get(activity.pk, ())),
        )
        for activity in activities
        for turn in turns(activity, events.get(activity.pk, ()))
    ]
    all_advertised = advertised(publications, events)
    found = [
        *_on_holidays(everything),
        *_presenters_at_two_places(everything),
        *_advertisements_within_an_hour(
            each.publication for each in all_advertised if not each.is_called_off
        ),
        *_advertisements_for_nothing(
            each.publication for each in all_advertised if each.is_called_off
        ),
    ]
    return sorted(found, key=lambda each: (each.at, [activity.pk for activity in each.activities]))


def of_intake(intake: Intake) -> list[PlanWarning]:
    """Find everything worth a look in an intake's plan, each activity and channel read once."""
    names = ("intake", "title", "title_en", "presenter")
    looked_at = (*names, "state", "starts_at", "ends_at", "last_on")
    activities = {each.pk: each for each in intake.activities.in_plan().only(*looked_at)}
    publications = list(
        Publication.objects.filter(activity__in=intake.activities.in_plan()).only(
            *("activity_id", "channel_id", "planned_at", "published_at")
        )
    )
    channels = Channel.objects.in_bulk({each.channel_id for each in publications})
    for each in publications:
        each.activity, each.channel = activities[each.activity_id], channels[each.channel_id]
    return of_plan(activities.values(), publications, carried_out(intake.activities.in_plan()))


def about(activity: Activity) -> list[PlanWarning]:
    """Find what is worth a look about one activity, reading only what may have to do with it."""
    plan = activity.intake.activities.in_plan()
    events = carried_out(plan)
    near = Q(pk__in=[])
    for at in activity.publications.values_list("planned_at", flat=True):
        near |= Q(planned_at__gt=at - HOUR, planned_at__lt=at + HOUR)
    found = of_plan(
        {each.pk: each for each in (*_of_same_presenter(activity, events), activity)}.values(),
        Publication.objects.filter(near, activity__intake=activity.intake_id).select_related(
            "activity", "channel"
        ),
        events,
    )
    return [warning for warning in found if activity in warning.activities]


def _of_same_presenter(
    activity: Activity, events: Mapping[int, Sequence[Carried]]
) -> Iterable[Activity]:
    presenter = folded(_presenter(activity.presenter, events.get(activity.pk, ())))
    if not presenter:
        return []
    plan = activity.intake.activities.in_plan()
    planned = plan.order_by().values_list("pk", "presenter")
    names = {number: _presenter(name, events.get(number, ())) for number, name in planned}
    return plan.filter(pk__in=[each for each, name in names.items() if folded(name) == presenter])


def _presenter(planned: str, events: Sequence[Carried]) -> str:
    """Give who presents: whoever was found for the event, else the one of the plan."""
    return (events[0].presenter if events else "").strip() or planned.strip()


@dataclass(frozen=True)
class _Turn:
    starts_at: datetime
    ends_at: datetime
    activity: Activity
    presenter: str


def _on_holidays(everything: Iterable[_Turn]) -> Iterator[PlanWarning]:
    for turn in everything:
        if name := holiday_name(local_day(turn.starts_at)):
            say = partial(_say_holiday, turn.activity, turn.starts_at, name)
            yield PlanWarning(turn.starts_at, (turn.activity,), say)


def _say_holiday(activity: Activity, starts_at: datetime, holiday: str) -> str:
    sentence = gettext("“%(activity)s” is on a public holiday: %(day)s, %(holiday)s.")
    day = date_format(local_day(starts_at), "SHORT_DATE_FORMAT")
    return sentence % {"activity": _name(activity), "day": day, "holiday": holiday}


def _presenters_at_two_places(everything: Iterable[_Turn]) -> Iterator[PlanWarning]:
    by_presenter: dict[str, list[_Turn]] = {}
    for turn in everything:
        if turn.presenter:
            by_presenter.setdefault(folded(turn.presenter), []).append(turn)
    for of_one in by_presenter.values():
        seen: set[frozenset[int]] = set()
        for first, second in _overlapping(of_one):
            pair = frozenset((first.activity.pk, second.activity.pk))
            if pair not in seen:
                seen.add(pair)
                both = (first.activity, second.activity)
                yield PlanWarning(second.starts_at, both, partial(_say_twice, first, second))


def _overlapping(turns: list[_Turn]) -> Iterator[tuple[_Turn, _Turn]]:
    """Pair what goes on while another does: each with the one of another activity begun last.

    Of many at once every one is in a pair, while not everybody is paired with everybody.
    """
    running: list[_Turn] = []
    for turn in sorted(turns, key=lambda each: each.starts_at):
        running = [each for each in running if each.ends_at > turn.starts_at]
        others = (each for each in reversed(running) if each.activity.pk != turn.activity.pk)
        if earlier := next(others, None):
            yield earlier, turn
        running.append(turn)


def _say_twice(first: _Turn, second: _Turn) -> str:
    sentence = gettext(
        "%(presenter)s presents twice at the same time: “%(first)s” and “%(second)s”, %(moment)s."
    )
    return sentence % {
        "presenter": first.presenter,
        "first": _name(first.activity),
        "second": _name(second.activity),
        "moment": _moment(second.starts_at),
    }


def _advertisements_for_nothing(called_off: Iterable[Publication]) -> Iterator[PlanWarning]:
    """Name what is still to be placed; with what is live nothing is left to be planned."""
    for publication in called_off:
        if publication.published_at is None:
            say = partial(_say_for_nothing, publication)
            yield PlanWarning(publication.planned_at, (publication.activity,), say)


def _say_for_nothing(publication: Publication) -> str:
    sentence = gettext(
        "An advertisement of “%(activity)s” is planned (%(channel)s, %(moment)s), but its event is"
        " cancelled: take it out, or plan it for another day."
    )
    return sentence % {
        "activity": _name(publication.activity),
        "channel": publication.channel,
        "moment": _moment(publication.planned_at),
    }


def _advertisements_within_an_hour(publications: Iterable[Publication]) -> Iterator[PlanWarning]:
    """Pair advertisements less than an hour apart, each with the nearest before it."""
    recent: deque[Publication] = deque()
    for publication in sorted(publications, key=lambda each: each.planned_at):
        while recent and publication.planned_at - recent[0].planned_at >= HOUR:
            recent.popleft()
        before = (each for each in reversed(recent) if _clash(each, publication))
        if earlier := next(before, None):
            both = tuple(dict.fromkeys((earlier.activity, publication.activity)))
            say = partial(_say_close, earlier, publication)
            yield PlanWarning(earlier.planned_at, both, say)
        recent.append(publication)


def _clash(first: Publication, second: Publication) -> bool:
    """One activity on two channels at once is no clash."""
    return first.activity_id != second.activity_id or first.channel_id == second.channel_id


def _say_close(first: Publication, second: Publication) -> str:
    sentence = gettext(
        "Two advertisements within one hour: “%(first)s” (%(first_channel)s, %(first_moment)s)"
        " and “%(second)s” (%(second_channel)s, %(second_moment)s)."
    )
    return sentence % {
        "first": _name(first.activity),
        "first_channel": first.channel,
        "first_moment": _moment(first.planned_at),
        "second": _name(second.activity),
        "second_channel": second.channel,
        "second_moment": _moment(second.planned_at),
    }


def _name(activity: Activity) -> str:
    return activity.name(get_language() or "")


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
