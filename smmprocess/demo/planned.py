"""How an activity of the demonstration is written down: by weeks from the middle of its intake."""

from dataclasses import dataclass

from goals.models import Goal
from plans.models import Activity

Kind = Activity.Kind
LEADS, RELATIONSHIPS, AUTHORITY, AWARENESS, TRAFFIC, LISTENING = Goal.Category
FACEBOOK, INSTAGRAM, HOME_PAGE, LINKEDIN = range(4)
SCHOOL, CAREER, OWNERS = range(3)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)


@dataclass(frozen=True)
class When:
    """A time in an intake: so many weeks after its middle, by the clock, so many minutes long."""

    week: int
    weekday: int
    clock: str
    minutes: int
    days: int = 0
    """How many days longer it takes, for a campaign."""


@dataclass(frozen=True)
class Planned:
    """An activity of the plan."""

    kind: Activity.Kind
    titles: tuple[str, str]
    when: When
    owner: str
    leads: int | None = None
    budget: int | None = None
    spent: str = ""
    """What it has cost, once it is over."""

    goals: tuple[Goal.Category, ...] = (LEADS,)
    audiences: tuple[int, ...] = (CAREER,)
    channels: tuple[int, ...] = (FACEBOOK, INSTAGRAM)
    presenter: str = ""
    unit: str = ""
    notes: str = ""
    is_weekly: bool = False
    cancelled: str = ""
    """Why it does not take place."""

    comments: tuple[tuple[str, str], ...] = ()
    """Who says what about it."""

    @property
    def title(self) -> str:
        return self.titles[0]
