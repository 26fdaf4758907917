"""A new intake from an earlier one: what was planned is taken along, what came of it is not.

Dates move by whole weeks, so that a Wednesday stays a Wednesday and 18:00 stays 18:00 by the wall
clock; what then falls on a public holiday or another kind of day is marked for a person to see.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models, transaction

from accounts.models import User
from goals.models import Goal, Year
from plans import intakes
from plans.holidays import holiday_name, is_weekend
from plans.local_time import local_day, same_clock
from plans.models import Activity, Audience, Channel, Intake, KeyMessage, Publication, Wording
from plans.models.activity import ONCE
from plans.next_goals import counterparts

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Holiday:
    """A public holiday on which an activity would fall."""

    day: date
    name: str


@dataclass(frozen=True)
class Line:
    """An activity of the earlier intake, and when it would take place in the new one."""

    activity: Activity
    starts_at: datetime
    ends_at: datetime
    last_on: date | None
    holidays: tuple[Holiday, ...]
    """The public holidays it would fall on, in any of its weeks."""

    is_on_weekend: bool
    is_outside: bool
    """In one of its weeks it would begin before the new intake does, or after its end."""

    is_once_now: bool
    """It was planned every week before such a thing took place once; only the first is taken."""


def weeks_between(source: Intake, begins_on: date) -> int:
    """Say by how many whole weeks dates move: the nearest number to the distance of the begins."""
    return round((begins_on - source.begins_on).days / 7)


def preview(activities: Iterable[Activity], target: Intake, *, weeks: int) -> list[Line]:
    """Say when each activity would take place; nothing is saved."""
    return [_line(activity, target, weeks * 7) for activity in activities]


def _line(activity: Activity, target: Intake, days: int) -> Line:
    is_once_now = activity.is_weekly and activity.kind in ONCE
    # Counted on the wall clock, too: what ends at 19:30 still does over a clock change.
    moved = Activity(
        starts_at=same_clock(activity.starts_at, days=days),
        ends_at=same_clock(activity.ends_at, days=days),
        last_on=None if is_once_now else _shifted(activity.last_on, days),
    )
    weeks = [local_day(starts_at) for starts_at, _ends_at in moved.occurrences()]
    return Line(
        activity,
        moved.starts_at,
        moved.ends_at,
        moved.last_on,
        tuple(Holiday(day, name) for day in weeks if (name := holiday_name(day))),
        is_weekend(weeks[0]),
        not all(target.begins_on <= day <= target.ends_on for day in weeks),
        is_once_now,
    )


def _shifted(day: date | None, days: int) -> date | None:
    return None if day is None else date.fromordinal(day.toordinal() + days)


@dataclass(frozen=True)
class GoalsLeft:
    """What activities would lose of the goals they serve."""

    year: int
    is_begun: bool
    """Whether there are goals of the new intake's year."""

    without_next: tuple[Goal, ...]
    """Those that no goal of that year goes on with."""


def goals_left(activities: Iterable[Activity], target: Intake) -> GoalsLeft:
    served = Goal.objects.filter(activities__in=activities).distinct()
    found = counterparts(served, target.year)
    return GoalsLeft(
        target.year,
        Year.objects.filter(year=target.year).exists(),
        tuple(goal for goal in served.order_by("position", "pk") if goal.pk not in found),
    )


@transaction.atomic
def carry_out(
    source: Intake,
    target: Intake,
    *,
    weeks: int,
    chosen: Collection[int],
    by: User,
    at: datetime,
) -> Intake:
    """Begin `target` with the plans of `source` and those activities whose numbers are chosen."""
    target.rolled_from = source
    intakes.begin(target, by=by, at=at)
    copy = _Copy(target, by, at)
    copy.channels(source)
    copy.audiences(source)
    copy.communication(source)
    activities = list(
        source.activities.in_plan()
        .filter(pk__in=chosen)
        .prefetch_related("audiences", "channels", "goals")
    )
    lines = preview(activities, target, weeks=weeks)
    copy.activities(lines)
    copy.publications(activities, weeks * 7)
    return target


class _Copy:
    """Rows of the new intake by the number of the row they were copied from."""

    def __init__(self, target: Intake, by: User, at: datetime) -> None:
        self.target = target
        self.stamps: dict[str, Any] = {"changed_by": by, "changed_at": at}
        self.new_channels: dict[int, Channel] = {}
        self.new_audiences: dict[int, Audience] = {}
        self.new_activities: dict[int, Activity] = {}

    def channels(self, source: Intake) -> None:
        fields = ("kind", "name", "address", "owner_id", "tone", "rules", "access_expires_on")
        for channel in source.channels.all():
            self.new_channels[channel.pk] = Channel.objects.create(
                intake=self.target, **self.stamps, **_values(channel, fields)
            )

    def audiences(self, source: Intake) -> None:
        fields = (
            *("name", "age", "gender", "industry", "interests", "occupation", "habits"),
            *("social_media_habits", "size", "how_we_know"),
        )
        for audience in source.audiences.prefetch_related("channels"):
            new = Audience.objects.create(
                intake=self.target, **self.stamps, **_values(audience, fields)
            )
            new.channels.set(_new(self.new_channels, audience.channels.all()))
            self.new_audiences[audience.pk] = new

    def communication(self, source: Intake) -> None:
        old, new = source.communication_plan, self.target.communication_plan
        new.aims, new.tone, new.budget = old.aims, old.tone, old.budget
        new.save(update_fields=["aims", "tone", "budget"])
        for message in old.key_messages.prefetch_related("wordings"):
            copied = KeyMessage.objects.create(
                plan=new, text=message.text, position=message.position, **self.stamps
            )
            Wording.objects.bulk_create(
                Wording(
                    key_message=copied,
                    audience=self.new_audiences[wording.audience_id],
                    channel=self.new_channels[wording.channel_id],
                    text=wording.text,
                )
                for wording in message.wordings.all()
            )

    def activities(self, lines: Sequence[Line]) -> None:
        """Copy them in as many queries for thousands as for one."""
        fields = (
            *("kind", "title", "title_en", "owner_id", "unit_id", "presenter"),
            *("notes", "budget_planned", "expected_leads"),
        )
        copied = [
            Activity(
                intake=self.target,
                starts_at=line.starts_at,
                ends_at=line.ends_at,
                last_on=line.last_on,
                is_rolled_forward=True,
                **self.stamps,
                **_values(line.activity, fields),
            )
            for line in lines
        ]
        pairs = list(
            zip(
                (line.activity for line in lines), Activity.objects.bulk_create(copied), strict=True
            )
        )
        self.new_activities = {old.pk: new for old, new in pairs}
        _link(
            Activity.audiences,
            [(new, _new(self.new_audiences, old.audiences.all())) for old, new in pairs],
        )
        _link(
            Activity.channels,
            [(new, _new(self.new_channels, old.channels.all())) for old, new in pairs],
        )
        served = {goal for old, _new in pairs for goal in old.goals.all()}
        new_goals = counterparts(served, self.target.year)
        _link(
            Activity.goals,
            [
                (new, {new_goals[goal.pk] for goal in old.goals.all() if goal.pk in new_goals})
                for old, new in pairs
            ],
        )

    def publications(self, activities: Iterable[Activity], days: int) -> None:
        Publication.objects.bulk_create(
            Publication(
                activity=self.new_activities[publication.activity_id],
                channel=self.new_channels[publication.channel_id],
                planned_at=same_clock(publication.planned_at, days=days),
            )
            for publication in Publication.objects.filter(activity__in=activities)
        )


def _new(copied: Mapping[int, M], old: Iterable[M]) -> list[M]:
    return [copied[each.pk] for each in old]


def _link(relation: Any, links: Iterable[tuple[Activity, Iterable[models.Model]]]) -> None:
    """Write who belongs to what of a many-to-many relation, all at once."""
    activity, other = relation.field.m2m_column_name(), relation.field.m2m_reverse_name()
    relation.through.objects.bulk_create(
        relation.through(**{activity: one.pk, other: each.pk})
        for one, others in links
        for each in others
    )


def _values(record: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in fields}
