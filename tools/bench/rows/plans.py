"""Pages of plans, of years with 2 intakes and 300 activities each: of two years, and of twenty.

Two, since the intake of a year before stands beside on some of them.
"""

import tempfile
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Role, User
from goals import years
from goals.models import Goal, Year
from plans import intakes
from plans.local_time import local_day
from plans.models import (
    Activity,
    Audience,
    Channel,
    Intake,
    KeyMessage,
    Publication,
    Wording,
)
from tools.bench.figures import Figure, Size
from tools.bench.ledger import analyse
from tools.bench.rows.pages import Taken, figure, page_of, signed_in, take

YEARS = 2
TIMES = 10
ACTIVITIES_AN_INTAKE, WEEKLY_EVERY = 150, 30
CROWDED = 10
"""So many times as many activities has an intake into which somebody imported a lot."""

CHANNELS, AUDIENCES, MESSAGES = 5, 6, 6
MOST_MS, CROWDED_MS = 150.0, 300.0


def measure(size: Size) -> list[Figure]:
    now = timezone.now()
    with tempfile.TemporaryDirectory() as directory:
        settings.STATIC_ROOT = directory
        call_command("collectstatic", interactive=False, verbosity=0)
        client = signed_in()
        head = User.objects.create(
            email="plans@college.example", full_name="Ilze", role=Role.MARKETING_HEAD
        )
        intake, *_before = [add_year(head, now, number) for number in range(YEARS)]
        analyse()
        fewer = take(client, pages(intake))
        for number in range(YEARS, YEARS * size.choose(TIMES, 2)):
            add_year(head, now, number)
        analyse()
        many = take(client, pages(intake))
        _activities(intake, list(Goal.objects.filter(year__year=intake.year)), head, CROWDED - 1)
        analyse()
        crowded = take(client, pages_of_all(intake))
    return [
        *(figure(page, fewer[page], many[page], most_ms=MOST_MS) for page in many),
        *(_crowded(page, many[page], crowded[page]) for page in crowded),
    ]


def _crowded(page: str, usual: Taken, crowded: Taken) -> Figure:
    """Judge a page of an intake with more activities than anybody plans: it stays usable."""
    return Figure(
        f"page: {page}, of an intake with {CROWDED * ACTIVITIES_AN_INTAKE:,}",
        "ms",
        crowded.ms,
        f"≤ {CROWDED_MS:g} ms",
        crowded.ms <= CROWDED_MS and crowded.queries == usual.queries,
        remark=f"{crowded.queries} queries; of the usual intake {usual.queries}"
        f" and {usual.ms:.1f} ms.",
    )


def pages_of_all(intake: Intake) -> dict[str, str]:
    """Return the pages that look at every activity of an intake, or at a part of its days."""
    wanted = ("an intake", "its activities", "a month of activities", "a week of activities")
    found = pages(intake)
    return {name: found[name] for name in (*wanted, "warnings", "an activity")}


def pages(intake: Intake) -> dict[str, str]:
    activity = intake.activities.earliest("pk")
    month = f"{intake.begins_on:%Y-%m}"
    return {
        "intakes": page_of("plans:intake_list"),
        "an intake": page_of("plans:intake_detail", intake),
        "its targets": page_of("plans:intake_targets", intake),
        "its communication plan with the grid": page_of("plans:communication_detail", intake),
        "its audiences": page_of("plans:intake_audiences", intake),
        "its channels": page_of("plans:intake_channels", intake),
        "its activities": page_of("plans:intake_activities", intake),
        "its activities, a search": page_of("plans:intake_activities", intake, q="lekcija"),
        "its activities, last page": page_of("plans:intake_activities", intake, page=99),
        "a month of activities": page_of("plans:intake_month", intake, month=month),
        "a week of activities": page_of("plans:intake_week", intake),
        "warnings": page_of("plans:intake_warnings", intake),
        "an activity": page_of("plans:activity_detail", activity),
        "editing an activity": page_of("plans:activity_update", activity),
    }


def add_year(head: User, now: datetime, number: int) -> Intake:
    """Make the goals and the two intakes of a year so many years ago; give its first intake."""
    year = years.begin(local_day(now).year - number, by=head, at=now)
    seasons = ((Intake.Season.SPRING, 1), (Intake.Season.AUTUMN, 8))
    made = [_intake(head, year, season, month, now) for season, month in seasons]
    return made[0]


def _intake(head: User, year: Year, season: str, month: int, now: datetime) -> Intake:
    begins_on = date(year.year, month, 10)
    intake = intakes.begin(
        Intake(
            year=year.year,
            season=season,
            begins_on=begins_on,
            ends_on=begins_on + timedelta(days=140),
        ),
        by=head,
        at=now,
    )
    _grid(intake)
    _activities(intake, list(year.goals.all()), head)
    return intake


def _grid(intake: Intake) -> None:
    """Say something to every audience on three of the channels."""
    channels = Channel.objects.bulk_create(
        Channel(intake=intake, kind=Channel.Kind.FACEBOOK, name=f"Kanāls {number}")
        for number in range(CHANNELS)
    )
    audiences = Audience.objects.bulk_create(
        Audience(intake=intake, name=f"Auditorija {number}", how_we_know="Aptauja")
        for number in range(AUDIENCES)
    )
    messages = KeyMessage.objects.bulk_create(
        KeyMessage(plan=intake.communication_plan, text=f"Vēstījums {number}", position=number)
        for number in range(MESSAGES)
    )
    Wording.objects.bulk_create(
        Wording(key_message=message, audience=audience, channel=channel, text="Studē vakaros " * 5)
        for message in messages
        for audience in audiences
        for channel in channels[:3]
    )


def _activities(intake: Intake, goals: list[Goal], head: User, times: int = 1) -> None:
    first = datetime.combine(
        intake.begins_on, datetime.min.time(), tzinfo=timezone.get_default_timezone()
    )
    starts = (
        first + timedelta(days=number * 139 // (times * ACTIVITIES_AN_INTAKE), hours=18)
        for number in range(times * ACTIVITIES_AN_INTAKE)
    )
    activities = Activity.objects.bulk_create(
        Activity(
            intake=intake,
            kind=Activity.Kind.values[number % len(Activity.Kind.values)],
            title=f"Lekcija {number}",
            starts_at=start,
            ends_at=start + timedelta(minutes=90),
            last_on=None if number % WEEKLY_EVERY else intake.ends_on,
            presenter=f"Lektors {number % 25}",
            owner=head,
            budget_planned=100,
            expected_leads=10,
        )
        for number, start in enumerate(starts)
    )
    serves = Activity.goals.through
    serves.objects.bulk_create(
        serves(activity_id=activity.pk, goal_id=goals[number % len(goals)].pk)
        for number, activity in enumerate(activities)
        if number % 7
    )
    Publication.objects.bulk_create(
        Publication(
            activity=activity, channel=channel, planned_at=activity.starts_at - timedelta(days=30)
        )
        for activity in activities
        for channel in intake.channels.all()[:2]
    )
