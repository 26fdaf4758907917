"""The college's process as data: seven steps, one of them in two parts, from start to end."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from goals.years import WORDING
from work.due_dates import shifted

Words = str | Promise

STARTS_FROM = _("Marketing goals defined")
ENDS_WITH = _("Planned goals reached")


class Anchor(StrEnum):
    """What the date of a step is counted from."""

    YEAR_BEGINS = "year_begins"
    INTAKE_BEGINS = "intake_begins"
    INTAKE_ENDS = "intake_ends"
    EVENT = "event"
    EVERY_DAY = "every_day"


@dataclass(frozen=True)
class Due:
    """By when a step is to be done: so many days or months after its anchor, or before it."""

    anchor: Anchor
    offset: int = 0
    unit: str = "days"

    def on(self, anchor: date) -> date:
        return shifted(anchor, self.offset, self.unit)


@dataclass(frozen=True)
class Step:
    """One box of the process's flow chart."""

    number: str
    name: Words
    responsible: Words
    document: Words
    when: Words
    due: Due
    owners: tuple[Role, ...] = (Role.MARKETING_HEAD,)
    """Who is written to when its date nears or passes."""

    includes: tuple[Words, ...] = ()
    automated: tuple[Words, ...] = ()
    event_kind: str = ""
    """The kind of event the step is about, if it is about one."""

    parts: "tuple[Step, ...]" = ()


WEBINARS = Step(
    number="5.1",
    name=_("Publish information about free and paid webinars on social media: Facebook, Instagram"),
    responsible=_("Marketing head"),
    document=_("Communication plan"),
    when=_("1 month before the webinar"),
    due=Due(Anchor.EVENT, -1, "months"),
    includes=(
        _("Define the webinar's topic and find its presenter"),
        _("Contractual relations with the presenter"),
        _("Organise the presenter's pay"),
        _("Prepare the advertising banner"),
        _("Prepare the advertising materials"),
        _("Place the advertising"),
        _("Moderate the webinar"),
        _("Send participants a reminder of the webinar by e-mail and SMS"),
    ),
    event_kind="webinar",
)

OPEN_DAYS = Step(
    number="5.2",
    name=_("Publish information about open days on social media: Facebook, Instagram"),
    responsible=_("Marketing head, Marketing specialist"),
    document=_("Communication plan"),
    when=_("1 week before the weekly online event"),
    due=Due(Anchor.EVENT, -7),
    owners=(Role.MARKETING_HEAD, Role.SPECIALIST),
    includes=(
        _("Develop the advertising concept"),
        _("Prepare the advertising banners"),
        _("Place the advertising on Facebook and the home page"),
    ),
    automated=(
        _("15 minutes before the event: an SMS and an e-mail from Bitrix24"),
        _("10 minutes after the start: an SMS to participants who have not connected"),
        _(
            "After the event: an e-mail to all participants about a special price for studies,"
            " only this week"
        ),
    ),
    event_kind="open_day",
)

STEPS = (
    Step(
        number="1",
        name=_("Define the goals that social-media content activities must reach"),
        responsible=_("Marketing head"),
        document=_("College strategy 2018–2024"),
        when=_("Once a year"),
        due=Due(Anchor.YEAR_BEGINS),
        includes=tuple(WORDING.values()),
    ),
    Step(
        number="2",
        name=_("Draw up the social-media communication plan"),
        responsible=_("Marketing head"),
        document=_("Social-media communication plan"),
        when=_("Twice a year: Spring and Autumn intake"),
        due=Due(Anchor.INTAKE_BEGINS, -30),
    ),
    Step(
        number="3",
        name=_("Determine the target audiences and channels"),
        responsible=_("Marketing head"),
        document=_("Social-media activity plan"),
        when=_("Twice a year: Spring and Autumn intake"),
        due=Due(Anchor.INTAKE_BEGINS, -30),
        includes=(
            _("Age"),
            _("Gender"),
            _("Represented industry"),
            _("Interests"),
            _("Occupation"),
            _("Habits"),
            _("Social-media usage habits"),
        ),
    ),
    Step(
        number="4",
        name=_("Draw up the social-media activity plan"),
        responsible=_("Marketing head"),
        document=_("Social-media activity plan, for carrying out the marketing and sales strategy"),
        when=_("Twice a year"),
        due=Due(Anchor.INTAKE_BEGINS, -30),
        includes=(
            _("Free and paid webinars"),
            _("Study programmes"),
            _("Open days"),
            _("Guest lectures"),
            _("Conferences"),
        ),
    ),
    Step(
        number="5",
        name=_("Organise the execution of the activity plan"),
        responsible=_("Marketing head"),
        document=_("Work tasks"),
        when=_("Every day"),
        due=Due(Anchor.EVERY_DAY),
        parts=(WEBINARS, OPEN_DAYS),
    ),
    Step(
        number="6",
        name=_("Follow and control the execution of the activities in sequence"),
        responsible=_("Marketing head"),
        document=_("KPI results, matching the employees' tasks"),
        when=_("By day, week, month and year"),
        due=Due(Anchor.EVERY_DAY),
        includes=(
            _("Total followers and their growth"),
            _("Traffic to the home page"),
            _("Number of new leads"),
            _("Video views"),
            _("Reactions"),
            _("Comments"),
            _(
                "Results and analysis from Google Analytics, the automatic reports of Bitrix24"
                " and Excel record files"
            ),
        ),
    ),
    Step(
        number="7",
        name=_("Execution of the planned results"),
        responsible=_("Marketing head"),
        document=_(
            "Social-media activity plan; work performance planning and evaluation form;"
            " the work results achieved, presented"
        ),
        when=_("Twice a year, after each intake"),
        due=Due(Anchor.INTAKE_ENDS, 30),
        includes=(
            _(
                "Before the performance interviews the Director and the Marketing head discuss"
                " how the unit's results were met"
            ),
        ),
    ),
)

EVERY_STEP = tuple(step for whole in STEPS for step in (whole, *whole.parts))
