"""Recurring tasks: made on their days, closed as missed when the day is over."""

from datetime import date, timedelta

import pytest

from accounts.models import Role
from tests.factories import make_recurring, make_user, riga
from work import recurring
from work.models import Task

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 9)


def run(day, hour=0, minute=5):
    return recurring.keep_up(day, riga(day.year, day.month, day.day, hour, minute))


def test_a_working_days_task_comes_on_working_days():
    make_recurring()

    for number in range(7):
        run(MONDAY + timedelta(days=number))

    assert list(Task.objects.values_list("due_on", flat=True)) == [
        MONDAY + timedelta(days=number) for number in range(5)
    ]


def test_running_twice_makes_one():
    make_recurring()
    run(MONDAY)

    assert run(MONDAY, hour=9) == 0
    assert Task.objects.count() == 1


def test_a_missed_day_is_closed_as_missed_and_does_not_pile_up():
    make_recurring()
    for number in range(4):
        run(MONDAY + timedelta(days=number))

    assert Task.objects.open().count() == 1
    missed = Task.objects.filter(missed_at__isnull=False)
    assert [task.due_on for task in missed] == [MONDAY + timedelta(days=day) for day in range(3)]
    assert [task.changes.get().kind for task in missed] == ["missed"] * 3


def test_what_was_ticked_is_not_missed():
    make_recurring()
    run(MONDAY)
    task = Task.objects.get()
    task.complete(by=make_user(), at=riga(2026, 3, 9, 10))

    run(MONDAY + timedelta(days=1))

    task.refresh_from_db()
    assert task.missed_at is None


def test_a_missed_one_can_be_ticked_after_all():
    make_recurring()
    run(MONDAY)
    run(MONDAY + timedelta(days=1))
    task = Task.objects.get(due_on=MONDAY)

    task.complete(by=make_user(), at=riga(2026, 3, 10, 9))

    assert (task.missed_at, task.is_late) == (None, True)


def test_days_on_which_nothing_ran_get_no_tasks_afterwards():
    make_recurring()
    run(MONDAY)

    run(MONDAY + timedelta(days=3))

    assert [task.due_on for task in Task.objects.all()] == [MONDAY, MONDAY + timedelta(days=3)]


@pytest.mark.parametrize(("skips", "count"), [(True, 0), (False, 1)])
def test_a_public_holiday_is_left_out_if_wished(skips, count):
    make_recurring(skips_holidays=skips)

    run(date(2026, 11, 18))

    assert Task.objects.count() == count


def test_it_begins_and_ends_on_its_days():
    make_recurring(first_on=MONDAY, last_on=MONDAY + timedelta(days=1))

    for number in range(-3, 4):
        run(MONDAY + timedelta(days=number))

    assert [task.due_on for task in Task.objects.all()] == [MONDAY, MONDAY + timedelta(days=1)]


def test_it_goes_to_its_person_or_to_the_only_one_of_the_role():
    only, other = make_user(role=Role.SPECIALIST), make_user(role=Role.PROJECT_MANAGER)
    make_recurring(title="A")
    make_recurring(title="B", assignee=other)

    run(MONDAY)

    assert dict(Task.objects.values_list("title", "assignee")) == {"A": only.pk, "B": other.pk}


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_half_past_midnight_of_a_clock_change_is_its_day(day):
    make_recurring(weekdays=0b1111111)

    run(day, minute=30)

    assert Task.objects.get().due_on == day
