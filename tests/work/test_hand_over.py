"""Somebody is away: the open tasks go to who stands in, and come back."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from accounts.models import Role, User
from tests.factories import make_recurring, make_task, make_user, riga
from work import hand_over as domain
from work import recurring
from work.models import HandOver, Task

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 7, 6), date(2026, 7, 17)
BEFORE = riga(2026, 7, 1, 10)


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def anna():
    return make_user(role=Role.SPECIALIST, full_name="Anna")


@pytest.fixture
def ilze():
    return make_user(role=Role.SPECIALIST, full_name="Ilze")


def hand_over(person, to, first=FIRST, last=LAST, now=BEFORE):
    away = HandOver(person=person, to=to, first_on=first, last_on=last, made_by=person)
    domain.make(away, today=now.date(), now=now)
    return away


def run(day):
    now = riga(day.year, day.month, day.day, 0, 5)
    recurring.keep_up(day, now)
    return domain.keep_up(day, now)


def whose():
    return {task.title: task.assignee.full_name for task in Task.objects.select_related("assignee")}


def test_what_is_due_meanwhile_goes_over_at_once_and_the_rest_stays(anna, ilze):
    make_task(title="before", assignee=anna, due_on=date(2026, 7, 3))
    make_task(title="meanwhile", assignee=anna, due_on=date(2026, 7, 17))
    make_task(title="after", assignee=anna, due_on=date(2026, 7, 18))
    make_task(title="done", assignee=anna, due_on=FIRST, done_at=BEFORE, done_by=anna)

    hand_over(anna, ilze)

    assert whose() == {"before": "Anna", "meanwhile": "Ilze", "after": "Anna", "done": "Anna"}


def test_on_the_first_day_what_is_still_open_from_before_goes_over_too(anna, ilze):
    make_task(title="before", assignee=anna, due_on=date(2026, 7, 3))
    hand_over(anna, ilze)

    assert run(FIRST - timedelta(days=1)) == 0
    assert run(FIRST) == 1
    assert whose() == {"before": "Ilze"}


def test_what_comes_up_meanwhile_goes_over_too(anna, ilze):
    make_recurring(title="daily", assignee=anna)
    hand_over(anna, ilze)

    run(FIRST)

    assert whose() == {"daily": "Ilze"}


def test_nothing_more_goes_to_who_stood_in_and_has_left(anna, ilze):
    make_task(title="before", assignee=anna, due_on=FIRST)
    hand_over(anna, ilze)
    ilze.is_active = False
    ilze.save(update_fields=["is_active"])
    make_task(title="new", assignee=anna, due_on=LAST)

    assert run(FIRST) == 0
    assert whose() == {"before": "Ilze", "new": "Anna"}


def test_nothing_goes_for_good_from_one_who_has_left_to_another(anna, ilze):
    make_task(title="before", assignee=anna, due_on=LAST + timedelta(days=9))
    hand_over(anna, ilze)
    User.objects.filter(pk__in=[anna.pk, ilze.pk]).update(is_active=False)

    assert run(FIRST) == 0
    assert whose() == {"before": "Anna"}


def test_after_the_last_day_what_is_open_goes_back_by_itself(anna, ilze):
    make_task(title="done", assignee=anna, due_on=FIRST)
    make_task(title="open", assignee=anna, due_on=LAST)
    away = hand_over(anna, ilze)
    Task.objects.get(title="done").complete(by=ilze, at=BEFORE)

    assert run(LAST) == 0
    assert run(LAST + timedelta(days=1)) == 1

    assert whose() == {"done": "Ilze", "open": "Anna"}
    away.refresh_from_db()
    assert (away.returned_at, away.returned_by) == (riga(2026, 7, 18, 0, 5), None)
    assert [change.kind for change in Task.objects.get(title="open").changes.all()] == [
        "handed_over",
        "went_back",
    ]


def test_taken_back_earlier_they_do_not_go_over_again(anna, ilze):
    make_task(title="open", assignee=anna, due_on=LAST)
    away = hand_over(anna, ilze)

    assert domain.take_back(away, by=anna, now=BEFORE) == 1
    assert domain.take_back(away, by=anna, now=BEFORE) == 0
    assert run(FIRST) == 0
    assert whose() == {"open": "Anna"}


def test_what_who_stands_in_has_passed_on_stays_there(anna, ilze):
    task = make_task(title="open", assignee=anna, due_on=LAST)
    away = hand_over(anna, ilze)
    Task.objects.filter(pk=task.pk).update(assignee=make_user(full_name="Zane"))

    domain.take_back(away, by=anna, now=BEFORE)

    assert whose() == {"open": "Zane"}


@pytest.mark.parametrize(
    ("person", "to", "reason"),
    [
        ("Anna", "Zane", "Ilze stands in for Anna then already."),
        ("Zane", "Anna", "Anna is away then too."),
        ("Ilze", "Zane", "Ilze stands in for Anna then: first find somebody else"),
    ],
)
def test_tasks_do_not_go_in_circles(anna, ilze, person, to, reason):
    people = {"Anna": anna, "Ilze": ilze, "Zane": make_user(full_name="Zane")}
    hand_over(anna, ilze)

    with pytest.raises(domain.HandOverRefusedError, match=reason):
        hand_over(people[person], people[to], first=LAST, last=LAST + timedelta(days=5))

    assert HandOver.objects.count() == 1


def test_one_after_the_other_is_no_circle(anna, ilze):
    hand_over(anna, ilze)
    hand_over(ilze, anna, first=LAST + timedelta(days=1), last=LAST + timedelta(days=5))

    assert HandOver.objects.count() == 2


def test_everything_of_who_has_left_goes_over_and_stays(anna, ilze):
    make_task(title="before", assignee=anna, due_on=date(2026, 7, 3))
    make_task(title="after", assignee=anna, due_on=date(2026, 9, 18))
    anna.deactivate()

    away = hand_over(anna, ilze, now=riga(2026, 7, 6, 10))
    went_back = run(LAST + timedelta(days=1))

    assert went_back == 0
    assert whose() == {"before": "Ilze", "after": "Ilze"}
    assert (away.kept_at, away.returned_at) == (riga(2026, 7, 6, 10), None)
    assert not Task.objects.exclude(hand_over=None).exists()


def test_who_leaves_while_away_gets_nothing_back(anna, ilze):
    make_task(title="meanwhile", assignee=anna, due_on=LAST)
    make_task(title="after", assignee=anna, due_on=LAST + timedelta(days=60))
    away = hand_over(anna, ilze)
    anna.deactivate()

    assert run(FIRST) == 1
    assert run(LAST + timedelta(days=1)) == 0

    away.refresh_from_db()
    assert whose() == {"meanwhile": "Ilze", "after": "Ilze"}
    assert (away.kept_at, away.returned_at) == (riga(2026, 7, 6, 0, 5), None)
    assert not Task.objects.exclude(hand_over=None).exists()


@pytest.mark.parametrize("made", ["before she left", "after she left"])
def test_who_took_over_from_somebody_who_has_left_can_go_away(anna, ilze, made):
    zane, summer = make_user(full_name="Zane"), date(2026, 12, 31)
    make_task(title="hers", assignee=anna, due_on=LAST)
    if made == "before she left":
        hand_over(anna, ilze, last=summer)
    anna.deactivate()
    if made == "after she left":
        hand_over(anna, ilze, last=summer)

    hand_over(ilze, zane)

    assert whose() == {"hers": "Zane"}


def test_more_of_who_has_left_can_go_to_somebody_else(anna, ilze):
    make_task(title="first", assignee=anna, due_on=LAST)
    anna.deactivate()
    hand_over(anna, ilze)
    make_task(title="later", assignee=anna, due_on=LAST)

    hand_over(anna, make_user(full_name="Zane"))

    assert whose() == {"first": "Ilze", "later": "Zane"}


def test_a_recurring_task_of_who_has_left_is_for_the_role(anna, ilze):
    make_recurring(assignee=anna)
    anna.deactivate()

    recurring.keep_up(FIRST, riga(2026, 7, 6, 0, 5))

    assert whose() == {"Atbildēt uz komentāriem": "Ilze"}
