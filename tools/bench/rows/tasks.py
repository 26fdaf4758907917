"""Pages of tasks with a year's data, 60 events and 5,000 tasks, and with ten years'."""

import tempfile
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Role, User
from events.models import Event
from plans.local_time import local_day
from tools.bench.figures import Figure, Size
from tools.bench.ledger import analyse
from tools.bench.rows.pages import figure, page_of, signed_in, take
from work import event_tasks
from work.models import RecurringTask, Task

YEARS = 10
EVENTS_A_YEAR, TASKS_A_YEAR = 60, 5000
MOST_MS = 150.0
STAFF = (
    Role.DIRECTOR,
    Role.MARKETING_HEAD,
    Role.PROJECT_MANAGER,
    Role.SPECIALIST,
    Role.SPECIALIST,
    Role.SPECIALIST,
)
STILL_OPEN = timedelta(days=3)
"""What is older than this is done, but for one in fifty, which is overdue."""

GIVEN_UP = timedelta(days=300)
"""Nothing stays overdue for years."""


def measure(size: Size) -> list[Figure]:
    now = timezone.now()
    years = size.choose(YEARS, 2)
    with tempfile.TemporaryDirectory() as directory:
        settings.STATIC_ROOT = directory
        call_command("collectstatic", interactive=False, verbosity=0)
        client = signed_in()
        staff = add_staff()
        event = _events(now, 0)[0]
        add_tasks(staff, now, 0)
        event_tasks.make(event, now)
        analyse()
        fewer = take(client, pages(event))
        for year in range(1, years):
            _events(now, year)
            add_tasks(staff, now, year)
        analyse()
        many = take(client, pages(event))
    return [figure(page, fewer[page], many[page], most_ms=MOST_MS) for page in many]


def pages(event: Event) -> dict[str, str]:
    task = Task.objects.earliest("pk")
    return {
        "my day": page_of("work:my_day"),
        "open tasks": page_of("work:task_list"),
        "done tasks": page_of("work:task_list", state="done"),
        "tasks done late": page_of("work:task_list", state="late"),
        "all tasks, deep": page_of("work:task_list", state="all", after=task.pk + 4900),
        "tasks, a search": page_of("work:task_list", state="all", q="baneri"),
        "tasks, a search for nothing": page_of("work:task_list", state="all", q="nekas"),
        "a task": page_of("work:task_detail", task),
        "the team's week": page_of("work:team_week"),
        "the workload": page_of("work:workload"),
        "recurring tasks": page_of("work:recurring_list"),
        "task templates": page_of("work:template_list"),
        "absences": page_of("work:hand_over_list"),
        "an event with its tasks": page_of("events:event_detail", event),
        "moving its tasks": page_of("work:event_tasks_move", event),
    }


def add_staff() -> list[User]:
    return [
        User.objects.create(
            email=f"{number}@college.example", full_name=f"Person {number}", role=role
        )
        for number, role in enumerate(STAFF)
    ]


def _events(now: datetime, year: int) -> list[Event]:
    """Make the events of a year: of this one, half are still to come."""
    begins = now - timedelta(days=365 * year + 180)
    return Event.objects.bulk_create(
        Event(
            kind="webinar",
            title=f"Vebinārs {number}",
            starts_at=begins + timedelta(days=365 - 6 * number),
            ends_at=begins + timedelta(days=365 - 6 * number, hours=1),
        )
        for number in range(EVENTS_A_YEAR)
    )


def add_tasks(staff: list[User], now: datetime, year: int) -> None:
    """Make the tasks of a year, some weeks of it ahead."""
    last = local_day(now) + timedelta(days=28 - 365 * year)
    RecurringTask.objects.create(
        title=f"Atbildēt {year}", role=Role.SPECIALIST, first_on=last - timedelta(days=400)
    )
    Task.objects.bulk_create(
        (
            _task(staff, number, last - timedelta(days=number * 365 // TASKS_A_YEAR), now)
            for number in range(TASKS_A_YEAR)
        ),
        batch_size=1000,
    )


def _task(staff: list[User], number: int, due_on: date, now: datetime) -> Task:
    person = staff[number % len(staff)]
    task = Task(
        title=f"Sagatavot baneri {number}",
        role=person.role,
        assignee=person if number % 10 else None,
        due_on=due_on,
        created_at=now - timedelta(days=400),
    )
    age = local_day(now) - due_on
    if age > STILL_OPEN and (number % 50 or age > GIVEN_UP):
        task.done_at = now - age + timedelta(days=number % 3 - 1)
        task.done_by = person
        task.is_late = number % 3 == 2
    return task
