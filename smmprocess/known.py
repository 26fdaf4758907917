"""What is known of a year and its intake: the facts by which the steps are judged."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from documents.models import Document
from kpi.aims import Told


@dataclass(frozen=True)
class Paper:
    """A document of a step."""

    status: str = Document.Status.DRAFT
    submitted_on: date | None = None
    decided_on: date | None = None
    reason: str = ""
    """Why the approved version is being changed; "" where none is."""

    approved_version: int = 0
    """The version that holds while it is being changed."""

    approved_on: date | None = None


@dataclass(frozen=True)
class IntakeDays:
    """The intake that is looked at."""

    pk: int
    begins_on: date
    ends_on: date


@dataclass(frozen=True)
class Tasks:
    """The tasks up to the end of the intake."""

    overdue: int = 0
    today: int = 0
    later: int = 0
    has_done: bool = False
    """Whether a task of the intake's days was ticked."""

    first_due_on: date | None = None
    """The day of the open one that is due first."""

    @property
    def open(self) -> int:
        return self.overdue + self.today + self.later


@dataclass(frozen=True)
class Unpublished:
    """An event that is still to come and not published on every channel of the process."""

    event: int
    title: str
    title_en: str
    due_on: date

    @property
    def name(self) -> str:
        return self.title_en or self.title if get_language() == "en" else self.title


@dataclass(frozen=True)
class Announcements:
    """How the events of one kind are published."""

    published: int = 0
    unpublished: tuple[Unpublished, ...] = ()
    """By date, the first first."""

    past: int = 0


@dataclass(frozen=True)
class Control:
    """How the targets of the year do."""

    on_pace: int = 0
    behind: int = 0
    without_data: int = 0
    last_day: date | None = None
    """Of when the newest figure is."""

    told: tuple[Told, ...] = ()
    """Each target, in the order of the goals."""

    @property
    def all(self) -> int:
        return self.on_pace + self.behind + self.without_data


@dataclass(frozen=True)
class ReviewOfIntake:
    """How far the review of the intake is."""

    is_begun: bool = False
    frozen_on: date | None = None
    confirmed_by: tuple[str, ...] = ()
    """The roles, by name, that have confirmed the frozen figures."""

    closed_on: date | None = None
    reached: int = 0
    """How many of the `judged` targets were reached, by the frozen figures."""

    judged: int = 0


@dataclass(frozen=True)
class Facts:
    """What is known of a year and its intake on a day."""

    today: date
    year: int
    intake: IntakeDays | None = None
    goals: Paper | None = None
    goal_count: int = 0
    without_target: int = 0
    communication: Paper | None = None
    key_messages: int = 0
    audiences: int = 0
    channels: int = 0
    activity_plan: Paper | None = None
    activities: int = 0
    tasks: Tasks = Tasks()
    webinars: Announcements = Announcements()
    open_days: Announcements = Announcements()
    control: Control = Control()
    review: ReviewOfIntake = ReviewOfIntake()
