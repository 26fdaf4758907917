"""The home page with a year's goals, plans, events and tasks, and with ten years'."""

import tempfile
from datetime import datetime

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from plans.models import Activity, Intake
from tools.bench.figures import Figure, Size
from tools.bench.ledger import analyse
from tools.bench.rows import plans, tasks
from tools.bench.rows.pages import Taken, client_of, figure, page_of, take
from webinars import activity as webinar_of
from webinars.models import Presenter, Webinar

YEARS = 10
WEBINARS_AN_INTAKE = 30
MOST_MS = 150.0


def measure(size: Size) -> list[Figure]:
    now = timezone.now()
    with tempfile.TemporaryDirectory() as directory:
        settings.STATIC_ROOT = directory
        call_command("collectstatic", interactive=False, verbosity=0)
        staff = tasks.add_staff()
        clients = {Role(person.role): client_of(person) for person in staff}
        _add_year(staff, now, 0)
        analyse()
        fewer = _take(clients)
        for number in range(1, size.choose(YEARS, 2)):
            _add_year(staff, now, number)
        analyse()
        many = _take(clients)
    return [figure(page, fewer[page], many[page], most_ms=MOST_MS) for page in many]


def _take(clients: dict[Role, Client]) -> dict[str, Taken]:
    return {
        name: taken
        for role, client in clients.items()
        for name, taken in take(client, {f"home, {role.value}": page_of("home")}).items()
    }


def _add_year(staff: list[User], now: datetime, number: int) -> None:
    head = next(person for person in staff if person.role == Role.MARKETING_HEAD)
    first = plans.add_year(head, now, number)
    for intake in Intake.objects.of_year(first.year):
        _add_webinars(intake, head, now)
    tasks.add_tasks(staff, now, number)


def _add_webinars(intake: Intake, head: User, now: datetime) -> None:
    kinds = [Activity.Kind.FREE_WEBINAR, Activity.Kind.PAID_WEBINAR]
    for activity in intake.activities.filter(kind__in=kinds, last_on=None)[:WEBINARS_AN_INTAKE]:
        event = webinar_of.make_event(activity, by_id=head.pk, now=now)
        presenter = Presenter.objects.create(name=f"Lektors {event.pk}")
        Webinar.objects.create(event=event, topic="Tēma", presenter=presenter)
