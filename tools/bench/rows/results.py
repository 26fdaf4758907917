"""Results of a full intake, 60 events, 12,000 registrations, 30,000 messages, 5,000 tasks and a
year of measurements, beside as full a one of the year before; and with ten times as much of other
years around them."""

import tempfile
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Role, User
from documents.models import Document
from events.models import Event
from goals.models import Goal, Indicator, Series, Year
from kpi import store
from kpi.models import Channel, Reading
from kpi.periods import Span
from kpi.store import Value
from plans.local_time import local_day
from plans.models import Intake, IntakeTarget
from results import reviews
from results.models import Review
from tools.bench import ledger
from tools.bench.figures import Figure, Size
from tools.bench.rows.pages import client_of, figure, page_of, take
from tools.bench.rows.plans import add_year
from tools.bench.rows.tasks import add_staff, add_tasks

EVENTS, PEOPLE, MESSAGES = 60, 2_000, 36_000
"""Of a year: 200 people at each event, with three messages to each."""

YEARS = 2
TIMES = 10
MOST_MS = 400.0


def measure(size: Size) -> list[Figure]:
    now = timezone.now()
    today, years = local_day(now), YEARS * size.choose(TIMES, 2)
    with tempfile.TemporaryDirectory() as directory:
        settings.STATIC_ROOT = directory
        call_command("collectstatic", interactive=False, verbosity=0)
        head = User.objects.create(
            email="results@college.example", full_name="Ilze", role=Role.MARKETING_HEAD
        )
        client, staff = client_of(head), add_staff()
        for number in range(YEARS):
            add_year(head, now, number)
            add_tasks(staff, now, number)
        intake = Intake.objects.latest("begins_on")
        # The intake has all of the year's events, registrations, messages and tasks.
        first, last = today - timedelta(days=364), today - timedelta(days=1)
        Intake.objects.filter(pk=intake.pk).update(begins_on=first, ends_on=last)
        intake.refresh_from_db()
        for number in range(YEARS):
            add_events(Intake.objects.get(year=intake.year - number, season=intake.season))
        add_targets(intake)
        add_measurements(today, years=YEARS)
        reviews.begin(intake)
        review = confirmed(
            Intake.objects.get(year=intake.year - 1, season=intake.season), head, now
        )
        ledger.analyse()
        fewer = take(client, pages(intake))
        for number in range(YEARS, years):
            add_year(head, now, number)
            add_tasks(staff, now, number)
            add_events(Intake.objects.get(year=intake.year - number, season=intake.season))
        add_measurements(today, years=years)
        ledger.analyse()
        many = take(client, pages(intake))
        review.reopen(by=head, at=now, reason="Trūkst skaitļu.")
        page = "results of an intake, nothing before it confirmed"
        [slower] = take(client, {page: page_of("results:intake_results", intake)}).values()
    figures = [figure(page, fewer[page], many[page], most_ms=MOST_MS) for page in many]
    # Both intakes are read from their beginnings, as seldom as an intake is left unconfirmed.
    return [*figures, Figure(f"page: {page}", "ms", slower.ms, remark=f"{slower.queries} queries.")]


def pages(intake: Intake) -> dict[str, str]:
    return {
        "results of an intake": page_of("results:intake_results", intake),
        "results as a workbook": page_of("results:results_xlsx", intake),
        "the review": page_of("results:review_detail", intake),
        "one's own results": page_of("results:own_results", intake),
        "all intakes with results": page_of("results:intake_list"),
        "evaluation forms": page_of("results:evaluation_list"),
    }


def confirmed(intake: Intake, head: User, now: datetime) -> Review:
    """Close an intake as it is done in earnest, by both who confirm."""
    director = User.objects.create(
        email="director@college.example", full_name="Anna", role=Role.DIRECTOR
    )
    review = reviews.begin(intake)
    Review.objects.filter(pk=review.pk).update(held_on=local_day(now))
    snapshot = reviews.freeze(review, by=head, at=now)
    for person in (head, director):
        reviews.confirm(review, snapshot, by=person, at=now)
    return review


def add_events(intake: Intake) -> None:
    """Give the intake a year's events, with the people who came and what was written to them."""
    ledger.fill(people=PEOPLE, events=EVENTS, messages=MESSAGES)
    Event.objects.filter(activity=None).update(activity=intake.activities.earliest("pk"))


def add_targets(intake: Intake) -> None:
    """Give every goal of the year five indicators with a target, also of the intake."""
    year = Year.objects.filter(year=intake.year).first() or Year.objects.create(
        year=intake.year, document=Document.objects.create()
    )
    series = list(Series.objects.entered())
    indicators = [
        Indicator.objects.create(
            goal=goal,
            name=f"Rādītājs {number}",
            start=Decimal(0),
            target=Decimal(100_000),
            series=series[number % len(series)],
            position=number,
        )
        for goal in Goal.objects.filter(year=year)
        for number in range(5)
    ]
    IntakeTarget.objects.bulk_create(
        IntakeTarget(intake=intake, indicator=each, target=Decimal(50_000)) for each in indicators
    )


def add_measurements(today: date, *, years: int) -> None:
    """Measure every series on every channel, each day of so many years."""
    channels = list(Channel.objects.on())
    reading = Reading.objects.create(
        source=Reading.HAND,
        first_day=today,
        last_day=today,
        started_at=timezone.now(),
        finished_at=timezone.now(),
        state=Reading.State.DONE,
    )
    values = (
        Value(series.pk, channel.pk, Span.DAY, today - timedelta(days=day), Decimal(day % 97))
        for series in Series.objects.entered()
        for channel in channels
        for day in range(1, 365 * years)
    )
    store.write(reading, values, at=timezone.now())
