"""Pages of goals with one year's, each indicator reported on every week, and with ten years'."""

import tempfile
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Role, User
from goals import years
from goals.content import content
from goals.models import CheckIn, Indicator, Year
from plans.local_time import local_day
from tools.bench.figures import Figure, Size
from tools.bench.ledger import analyse
from tools.bench.rows.pages import figure, page_of, signed_in, take

YEARS = 10
INDICATORS_A_GOAL, WEEKS, VERSIONS = 4, 52, 5
MOST_MS = 150.0


def measure(size: Size) -> list[Figure]:
    now = timezone.now()
    with tempfile.TemporaryDirectory() as directory:
        settings.STATIC_ROOT = directory
        call_command("collectstatic", interactive=False, verbosity=0)
        client = signed_in()
        head, director = (
            User.objects.create(email=f"{role}@goals.example", full_name=str(role.label), role=role)
            for role in (Role.MARKETING_HEAD, Role.DIRECTOR)
        )
        year = add_year(head, director, now, 0)
        analyse()
        fewer = take(client, pages(year))
        for number in range(1, size.choose(YEARS, 2)):
            add_year(head, director, now, number)
        analyse()
        many = take(client, pages(year))
    return [figure(page, fewer[page], many[page], most_ms=MOST_MS) for page in many]


def pages(year: Year) -> dict[str, str]:
    goal = year.goals.earliest("pk")
    indicator = goal.indicators.earliest("pk")
    of_year = page_of("goals:year_list") + f"{year.year}/"
    return {
        "goals of the years": page_of("goals:year_list"),
        "beginning a year": page_of("goals:year_create"),
        "goals of a year": of_year,
        "goals of a year, to print": f"{of_year}print/",
        "their versions": f"{of_year}versions/",
        "a goal": page_of("goals:goal_detail", goal),
        "editing a goal": page_of("goals:goal_update", goal),
        "editing an indicator": page_of("goals:indicator_update", indicator),
        "reporting on an indicator": page_of("goals:check_in_create", indicator),
    }


def add_year(head: User, director: User, now: datetime, number: int) -> Year:
    """Make the goals of a year so many years ago, submitted and approved several times."""
    year = years.begin(local_day(now).year - number, by=head, at=now)
    for goal in year.goals.all():
        Indicator.objects.bulk_create(
            Indicator(goal=goal, name=f"Rādītājs {place}", start=100, target=200, owner=head)
            for place in range(INDICATORS_A_GOAL - goal.indicators.count())
        )
    _report(year, head, now)
    for _version in range(VERSIONS):
        year.document.submit(by=head, at=now, content=lambda: content(year))
        year.document.approve(by=director, at=now)
        year.document.reopen(by=head, at=now, reason="Mērķa vērtība ir mainīta.")
    return year


def _report(year: Year, head: User, now: datetime) -> None:
    CheckIn.objects.bulk_create(
        CheckIn(
            indicator=indicator,
            on=date(year.year, 1, 1) + timedelta(weeks=week),
            at=now,
            value=Decimal(100 + week),
            confidence=CheckIn.Confidence.ON_TRACK,
            sentence="Virzāmies pēc plāna.",
            by=head,
        )
        for indicator in Indicator.objects.filter(goal__year=year)
        for week in range(WEEKS)
    )
