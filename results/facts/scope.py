"""What belongs to an intake: its days, its events and the tasks due in its days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from events.models import Event
from events.models.event import EventQuerySet
from plans.local_time import local_day, local_moment
from plans.models import Intake


@dataclass(frozen=True)
class Scope:
    """An intake as it is looked at at a moment."""

    intake: Intake
    now: datetime

    @property
    def today(self) -> date:
        return local_day(self.now)

    @property
    def first(self) -> date:
        return self.intake.begins_on

    @property
    def last(self) -> date:
        return self.intake.ends_on

    @property
    def is_over(self) -> bool:
        return self.last < self.today

    @property
    def start(self) -> datetime:
        """The first moment of the intake, by the clock in Riga."""
        return local_moment(self.first, time())

    @property
    def end(self) -> datetime:
        """The first moment after the intake."""
        return local_moment(self.last + timedelta(days=1), time())

    def events(self) -> EventQuerySet:
        """Give the events of the intake's activities, and those of no activity in its days."""
        in_its_days = Q(activity=None, starts_at__gte=self.start, starts_at__lt=self.end)
        return Event.objects.filter(Q(activity__intake=self.intake) | in_its_days)
