"""The tasks of step 5: ticked, late, due today, overdue, recurring, and handed over."""

from datetime import date, datetime, time, timedelta

from accounts.models import Role, User
from events.models import Event
from files.uploads import store
from plans.holidays import is_working_day, shift_working_days
from plans.local_time import local_day, local_moment
from smmprocess.demo import pictures
from smmprocess.demo.season import AFTERNOON, days_ago
from smmprocess.demo.staff import Staff
from smmprocess.demo.webinar_words import HALF_DONE
from work import hand_over, recurring
from work.models import HandOver, RecurringTask, Task, TaskComment, TaskFile

DAYS_OF_ROUTINE = 14
LATE_EACH = 9
"""One of so many tasks was ticked two days late."""

WHY_LATE = (
    "Gaidīju direktores saskaņojumu.",
    "Fotogrāfs bildes atsūtīja tikai otrdien.",
    "Biju slima; kolēģis pārņēma nākamajā dienā.",
)
OPEN_STILL = ("contract", "banner")
"""What of the half prepared webinar nobody has ticked."""

# Days from today, title, title in English, whose, whether it is done.
FREE = (
    (-9, "Sarunāt fotogrāfu izlaidumam", "Book a photographer for graduation", "manager", True),
    (-6, "Savākt docētāju portretus", "Collect portraits of the teachers", "specialist", True),
    (-4, "Nosūtīt uzņēmēju konferences ierakstu", "Send out the recording", "colleague", True),
    (
        -2,
        "Atjaunot programmu lapu saites",
        "Repair the links of the programmes",
        "colleague",
        False,
    ),
    (-1, "Saskaņot nedēļas ierakstus", "Agree on the posts of the week", "specialist", False),
    (
        0,
        "Sagatavot stāstu no vieslekcijas",
        "Make a story of the guest lecture",
        "specialist",
        False,
    ),
    (0, "Pārbaudīt Zoom telpu šīvakara pasākumam", "Check tonight's Zoom room", "manager", False),
    (0, "Izskatīt struktūrvienību priekšlikumus", "Look at the units' proposals", "head", False),
    (0, "Iesūtīt vieslektoru sarakstu", "Hand in the list of guest speakers", "unit_head", False),
    (
        1,
        "Uzrunāt absolventus video stāstiem",
        "Ask graduates for video stories",
        "colleague",
        False,
    ),
    (
        2,
        "Ielikt datumus mājaslapas kalendārā",
        "Put dates into the site's calendar",
        "specialist",
        False,
    ),
    (3, "Sagatavot pārskatu direktorei", "Prepare the report for the director", "head", False),
    (3, "Pārskatīt reklāmas budžetu", "Go through the advertising budget", "manager", False),
    (5, "Uzrakstīt rakstu mājaslapai", "Write an article for the home page", "colleague", False),
)
ROUTINE = (
    (
        "Atbildēt uz komentāriem un ziņām",
        "Answer comments and messages",
        Role.SPECIALIST,
        "specialist",
        (5,),
    ),
    ("Instagram stāsts", "Instagram story", Role.SPECIALIST, "colleague", (3, 8)),
)
"""What comes every working day, and how many days ago it was missed."""


def make_tasks(staff: Staff, events: list[Event], now: datetime) -> None:
    """Lead the tasks of events to the present, and add what comes besides."""
    _tick_of_events(staff, events, now)
    _make_free(staff, now)
    _make_routine(staff, now)
    _talk(staff, now)
    _be_away(staff, now)


def _tick_of_events(staff: Staff, events: list[Event], now: datetime) -> None:
    today = local_day(now)
    due = Task.objects.filter(event__in=events).overdue(today).order_by("due_on", "pk")
    open_still = due.filter(event__title=HALF_DONE.planned.title, template__key__in=OPEN_STILL)
    ticked = due.exclude(pk__in=open_still.values("pk"))
    for number, task in enumerate(ticked):
        by = task.assignee or (staff.colleague if number % 3 == 0 else staff.specialist)
        is_late = number % LATE_EACH == LATE_EACH - 1 and task.due_on + timedelta(days=2) < today
        _tick(task, by, task.due_on, WHY_LATE[number % 3] if is_late else "")


def _tick(task: Task, by: User, on: date, why_late: str = "") -> None:
    """Tick a task in the afternoon of its day, or two days late."""
    day = on + timedelta(days=2) if why_late else on
    task.complete(by=by, at=local_moment(day, time(14, task.pk % 60)))
    if why_late:
        task.late_reason = why_late
        task.save(update_fields=["late_reason"])


def _make_free(staff: Staff, now: datetime) -> None:
    today = local_day(now)
    for days, title, title_en, key, is_done in FREE:
        person: User = getattr(staff, key)
        due_on = today + timedelta(days=days)
        task = Task.objects.create(
            title=title,
            title_en=title_en,
            role=person.role,
            assignee=person,
            due_on=due_on,
            created_at=local_moment(due_on - timedelta(days=10), time(9, 30)),
            created_by=staff.head,
        )
        if is_done:
            _tick(task, person, due_on)


def _make_routine(staff: Staff, now: datetime) -> None:
    """Let recurring tasks come day by day, as beat makes them; a missed day is closed as missed."""
    today = local_day(now)
    first_on = today - timedelta(days=DAYS_OF_ROUTINE)
    missed = {}
    for title, title_en, role, key, days in ROUTINE:
        person: User = getattr(staff, key)
        RecurringTask.objects.create(
            title=title,
            title_en=title_en,
            role=role,
            assignee=person,
            first_on=first_on,
            created_at=local_moment(first_on - timedelta(days=1), time(16)),
            created_by=staff.head,
            changed_by=staff.head,
        )
        missed[title] = {shift_working_days(today, -each) for each in days}
    for ago in range(DAYS_OF_ROUTINE, -1, -1):
        day = today - timedelta(days=ago)
        recurring.keep_up(day, local_moment(day, time(5)) if ago else now)
        if ago and is_working_day(day):
            for task in Task.objects.filter(recurring__isnull=False, due_on=day):
                if day not in missed[task.title] and task.assignee is not None:
                    _tick(task, task.assignee, day)


def _talk(staff: Staff, now: datetime) -> None:
    """Say something about two tasks, and put a file to one."""
    contract = Task.objects.get(event__title=HALF_DONE.planned.title, template__key="contract")
    words = (
        (staff.manager, 3, "Līgums lektorei nosūtīts; viņa sola parakstīt līdz nedēļas beigām."),
        (staff.head, 2, "Ja līdz pirmdienai nav, lūdzu, piezvani."),
    )
    for by, days, text in words:
        at = days_ago(now, days, AFTERNOON)
        TaskComment.objects.create(task=contract, by=by, at=at, text=text)
    paper = pictures.upload("contract.pdf", "Liguma projekts.pdf")
    at = days_ago(now, 3)
    TaskFile.objects.create(task=contract, stored=store(paper, by=staff.manager, at=at))
    shared = Task.objects.open().filter(assignee=None, role=Role.SPECIALIST).order_by("due_on")
    for task in shared[:2]:
        task.take(by=staff.specialist, at=days_ago(now, 1, AFTERNOON))


def _be_away(staff: Staff, now: datetime) -> None:
    """Let the second specialist be away from yesterday on; the first stands in."""
    today = local_day(now)
    absence = HandOver(
        person=staff.colleague,
        to=staff.specialist,
        first_on=today - timedelta(days=1),
        last_on=today + timedelta(days=5),
        made_by=staff.head,
    )
    hand_over.make(absence, today=today, now=now - timedelta(hours=3))
