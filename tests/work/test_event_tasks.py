"""An event's tasks come with it, are offered to move with it, and close when it is cancelled."""

from datetime import date, time, timedelta

import pytest

from accounts.models import Role
from events import changes
from events.models import Event
from opendays import series
from opendays.models import Series
from tests.factories import START, make_event, make_user, riga
from work import event_tasks
from work.models import Task, TaskChange, TaskTemplate

pytestmark = pytest.mark.django_db

MADE = START - timedelta(days=100)


def create(kind="webinar", starts_at=START, now=MADE):
    event = Event(kind=kind, title="Kā sākt", title_en="How to begin")
    ends_at = starts_at + timedelta(minutes=90)
    return changes.create(event, starts_at, ends_at, by_id=make_user().pk, now=now)


def due_days(event):
    return {
        task.template.key: task.due_on
        for task in event.work_tasks.select_related("template").order_by("due_on")
    }


def test_a_webinar_gets_its_eight_tasks_counted_back_from_it():
    event = create()

    assert due_days(event) == {
        "topic": date(2026, 1, 10),
        "contract": date(2026, 1, 25),
        "banner": date(2026, 2, 1),
        "materials": date(2026, 2, 4),
        "publication": date(2026, 2, 11),
        "reminders": date(2026, 3, 10),
        "moderation": date(2026, 3, 11),
        "pay": date(2026, 3, 18),
    }


def test_an_open_day_gets_its_three_tasks_and_is_published_a_week_before():
    event = create("open_day")

    assert due_days(event) == {
        "concept": date(2026, 2, 25),
        "banners": date(2026, 3, 1),
        "publication": date(2026, 3, 4),
    }


@pytest.mark.parametrize(
    ("starts_at", "publication"),
    [
        (riga(2026, 3, 29, 0, 30), date(2026, 2, 28)),
        (riga(2026, 3, 31, 18), date(2026, 2, 28)),
        (riga(2026, 10, 25, 0, 30), date(2026, 9, 25)),
        (riga(2026, 10, 25, 23, 30), date(2026, 9, 25)),
    ],
)
def test_publication_is_due_a_calendar_month_before_by_the_day_in_riga(starts_at, publication):
    assert due_days(create(starts_at=starts_at))["publication"] == publication


def test_a_task_is_for_the_only_active_person_of_its_role_and_else_for_nobody():
    only = make_user(role=Role.SPECIALIST)
    make_user(role=Role.SPECIALIST, is_active=False)
    make_user(role=Role.PROJECT_MANAGER)
    make_user(role=Role.PROJECT_MANAGER)

    event = create()

    assert event.work_tasks.get(template__key="banner").assignee == only
    assert event.work_tasks.get(template__key="contract").assignee is None


def test_nothing_is_overdue_at_birth():
    event = create(now=START - timedelta(days=10))

    assert due_days(event)["publication"] == date(2026, 3, 1)
    assert due_days(event)["moderation"] == date(2026, 3, 11)


def test_a_switched_off_template_makes_no_task():
    TaskTemplate.objects.filter(event_kind="open_day", key="banners").update(is_on=False)

    assert set(due_days(create("open_day"))) == {"concept", "publication"}


def test_a_copied_event_has_tasks_of_its_own():
    event = create("open_day")

    copied = changes.copy(event, START + timedelta(days=7), by_id=make_user().pk, now=MADE)

    assert due_days(copied)["publication"] == date(2026, 3, 11)
    assert due_days(event)["publication"] == date(2026, 3, 4)


def test_each_open_day_of_a_series_has_its_tasks():
    weekly = Series(
        title="Durvis",
        weekday=2,
        clock=time(18),
        first_day=date(2026, 3, 25),
        last_day=date(2026, 4, 1),
    )

    first, second = series.create(weekly, by_id=make_user().pk, now=MADE)

    assert due_days(first)["publication"] == date(2026, 3, 18)
    assert due_days(second)["publication"] == date(2026, 3, 25)


def test_tasks_of_an_event_are_made_once_however_often_they_are_asked_for():
    event = create("open_day")

    assert event_tasks.make(event, MADE) == 0
    assert event.work_tasks.count() == 3


def test_an_event_that_is_over_gets_no_tasks():
    event = make_event()

    assert event_tasks.make(event, START + timedelta(days=1)) == 0
    assert event_tasks.make(event, START) == 3


def test_a_moved_event_offers_its_open_tasks_and_leaves_the_done_ones():
    event, head = create("open_day"), make_user()
    done = event.work_tasks.get(template__key="concept")
    done.complete(by=head, at=MADE)
    assert not event_tasks.shifts(event, MADE)

    new_start = START + timedelta(days=14)
    changes.move(event, new_start, new_start + timedelta(hours=1), by_id=head.pk, now=MADE)

    offered = {
        shift.task.template.key: shift.new_due_on for shift in event_tasks.shifts(event, MADE)
    }
    assert offered == {"banners": date(2026, 3, 15), "publication": date(2026, 3, 18)}
    assert due_days(event)["publication"] == date(2026, 3, 4)
    assert event_tasks.with_undecided_tasks() == [event]


def test_only_the_ticked_tasks_move_and_it_is_not_asked_twice():
    event, head = create("open_day"), make_user()
    new_start = START + timedelta(days=14)
    changes.move(event, new_start, new_start + timedelta(hours=1), by_id=head.pk, now=MADE)
    publication = event.work_tasks.get(template__key="publication")

    moved = event_tasks.move(event, [publication.pk], by=head, now=MADE)

    assert moved == 1
    assert due_days(event) == {
        "concept": date(2026, 2, 25),
        "banners": date(2026, 3, 1),
        "publication": date(2026, 3, 18),
    }
    assert event_tasks.with_undecided_tasks() == []
    change = TaskChange.objects.get(task=publication)
    assert (change.old_due_on, change.new_due_on, change.by) == (
        date(2026, 3, 4),
        date(2026, 3, 18),
        head,
    )


def test_a_day_that_a_person_chose_moves_as_far_as_the_event():
    event, head = create("open_day"), make_user()
    event.work_tasks.filter(template__key="banners").update(due_on=date(2026, 3, 2))
    free = Task.objects.create(
        title="Uzaicināt viesus",
        role=Role.SPECIALIST,
        event=event,
        due_on=date(2026, 3, 9),
        counted_from=event.starts_at,
        counted_to=event.ends_at,
    )

    new_start = START + timedelta(days=3)
    changes.move(event, new_start, new_start + timedelta(hours=1), by_id=head.pk, now=MADE)

    days = {shift.task.title: shift.new_due_on for shift in event_tasks.shifts(event, MADE)}
    assert days["Sagatavot reklāmas banerus"] == date(2026, 3, 5)
    assert days[free.title] == date(2026, 3, 12)


def test_a_task_does_not_move_into_the_past():
    event, head = create("open_day"), make_user()
    now = riga(2026, 3, 3, 9)
    new_start = START - timedelta(days=6)

    changes.move(event, new_start, new_start + timedelta(hours=1), by_id=head.pk, now=now)

    days = {shift.task.template.key: shift.new_due_on for shift in event_tasks.shifts(event, now)}
    assert days["publication"] == date(2026, 3, 3)


def test_a_cancelled_event_closes_its_open_tasks_with_the_reason():
    event, head = create("open_day"), make_user()
    done = event.work_tasks.get(template__key="concept")
    done.complete(by=head, at=MADE)

    changes.cancel(event, "Slims lektors", by_id=head.pk, now=MADE)

    closed = event.work_tasks.filter(closed_at=MADE)
    assert {task.template.key for task in closed} == {"banners", "publication"}
    assert set(closed.values_list("close_reason", flat=True)) == {"Slims lektors"}
    done.refresh_from_db()
    assert done.closed_at is None
    assert TaskChange.objects.filter(kind="closed", by=head).count() == 2


def test_a_cancelled_event_gets_no_tasks():
    event, head = make_event(), make_user()
    changes.cancel(event, "Slims lektors", by_id=head.pk, now=MADE)

    assert event_tasks.make(event, MADE) == 0


def test_an_event_that_ends_on_another_day_offers_what_is_counted_from_its_end():
    event, head = create(), make_user()
    pay = event.work_tasks.get(template__key="pay")
    assert (pay.template.anchor, pay.due_on) == ("end", date(2026, 3, 18))

    changes.move(event, START, event.ends_at + timedelta(days=1), by_id=head.pk, now=MADE)

    shift = event_tasks.shifts(event, MADE)[0]
    assert event_tasks.with_undecided_tasks() == [event]
    assert (event_tasks.undecided(event).get(), shift.new_due_on) == (pay, date(2026, 3, 19))

    event_tasks.move(event, [pay.pk], by=head, now=MADE)

    assert due_days(event)["pay"] == date(2026, 3, 19)
    assert event_tasks.with_undecided_tasks() == []


def test_an_event_that_only_lasts_longer_the_same_evening_asks_nothing():
    event, head = create(), make_user()

    changes.move(event, START, event.ends_at + timedelta(hours=1), by_id=head.pk, now=MADE)

    assert event_tasks.with_undecided_tasks() == []


def test_a_move_within_the_day_asks_nothing():
    event, head = create("open_day"), make_user()

    new_start = START + timedelta(minutes=30)
    changes.move(event, new_start, new_start + timedelta(hours=1), by_id=head.pk, now=MADE)

    assert event_tasks.shifts(event, MADE) == []
    assert event_tasks.with_undecided_tasks() == []
    assert due_days(event)["publication"] == date(2026, 3, 4)
