"""Ticking, taking back, closing; who sees which task."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from accounts.models import Role
from tests.factories import START, make_task, make_unit, make_user
from work.models import StepRefusedError, Task, TaskChange

pytestmark = pytest.mark.django_db

AT = START - timedelta(hours=2)


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


def test_a_tick_says_who_and_when():
    task, anna = make_task(), make_user()

    task.complete(by=anna, at=AT)

    assert (task.done_by, task.done_at) == (anna, AT)
    assert not task.is_late
    assert [(change.kind, change.by, change.at) for change in task.changes.all()] == [
        ("done", anna, AT)
    ]


def test_the_second_to_tick_is_told_who_was_quicker():
    task, anna, ilze = make_task(), make_user(full_name="Anna"), make_user()
    same = Task.objects.get(pk=task.pk)
    task.complete(by=anna, at=AT)

    with pytest.raises(StepRefusedError, match=r"Anna has ticked this on 11\.03\.2026 at 16:00"):
        same.complete(by=ilze, at=AT + timedelta(minutes=1))

    assert same.done_by == anna
    assert TaskChange.objects.count() == 1


def test_of_two_who_take_a_task_the_second_is_told_whose_it_is():
    task, anna = make_task(), make_user(full_name="Anna")
    same = Task.objects.get(pk=task.pk)
    task.take(by=anna, at=AT)

    with pytest.raises(StepRefusedError, match="This is a task of Anna"):
        same.take(by=make_user(), at=AT)

    assert Task.objects.get().assignee == anna
    assert [(change.kind, change.new_assignee) for change in task.changes.all()] == [
        ("assigned", anna)
    ]


def test_a_tick_taken_back_leaves_the_task_open_and_both_steps_in_its_history():
    task, anna = make_task(), make_user()
    task.complete(by=anna, at=AT + timedelta(days=1))
    Task.objects.update(late_reason="Slimība")

    task.reopen(by=anna, at=AT + timedelta(days=1))

    assert task.is_open
    assert task.late_reason == ""
    assert [change.kind for change in task.changes.all()] == ["done", "reopened"]


def test_what_is_open_cannot_be_taken_back():
    with pytest.raises(StepRefusedError, match="open already"):
        make_task().reopen(by=make_user(), at=AT)


def test_a_closed_task_cannot_be_ticked():
    task, head = make_task(), make_user()
    task.close("Nav vajadzīgs", by=head, at=AT)

    with pytest.raises(StepRefusedError, match="closed: Nav vajadzīgs"):
        task.complete(by=head, at=AT)

    assert task.done_at is None


def test_late_is_who_ticks_after_the_day_in_riga():
    in_time, late = make_task(), make_task()

    in_time.complete(by=make_user(), at=START.replace(hour=23, minute=59))
    late.complete(by=make_user(), at=START.replace(hour=0, minute=1) + timedelta(days=1))

    assert (in_time.is_late, late.is_late) == (False, True)


def test_overdue_is_what_is_open_and_was_due_before_today():
    today = START.date()
    late = make_task(due_on=today - timedelta(days=1))
    done = make_task(due_on=today - timedelta(days=1))
    done.complete(by=make_user(), at=AT)
    make_task(due_on=today)

    assert list(Task.objects.overdue(today)) == [late]


@pytest.fixture
def tasks():
    unit = make_unit(name="Katedra")
    specialist = make_user(role=Role.SPECIALIST)
    head_of_unit = make_user(role=Role.UNIT_HEAD, unit=unit)
    lecturer = make_user(role=Role.PROJECT_MANAGER, unit=unit)
    return {
        "own": make_task(title="own", role=Role.PROJECT_MANAGER, assignee=specialist),
        "of_role": make_task(title="of_role"),
        "of_colleague": make_task(title="of_colleague", assignee=make_user(role=Role.SPECIALIST)),
        "of_unit": make_task(title="of_unit", role=Role.PROJECT_MANAGER, assignee=lecturer),
        "of_unit_head": make_task(title="of_unit_head", role=Role.UNIT_HEAD),
        "of_head": make_task(title="of_head", role=Role.MARKETING_HEAD),
    }, {Role.SPECIALIST: specialist, Role.UNIT_HEAD: head_of_unit}


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.SPECIALIST, {"own", "of_role", "of_colleague"}),
        (Role.UNIT_HEAD, {"of_unit", "of_unit_head"}),
        *(
            (role, {"own", "of_role", "of_colleague", "of_unit", "of_unit_head", "of_head"})
            for role in (Role.MARKETING_HEAD, Role.PROJECT_MANAGER, Role.DIRECTOR)
        ),
    ],
)
def test_each_role_sees(tasks, role, seen):
    user = tasks[1].get(role) or make_user(role=role)

    assert {task.title for task in Task.objects.visible_to(user)} == seen


def test_search_finds_words_of_both_titles():
    banner = make_task(title="Sagatavot baneri", title_en="Prepare the banner")
    make_task(title="Baneri pārbaudīt")

    assert list(Task.objects.search("prepare")) == [banner]
    assert list(Task.objects.search("baneri sagatavot")) == [banner]


@pytest.mark.parametrize("words", ["šķirot", "Šķirot", "ŠĶIROT", "Attēlus", "sort IMAGES"])
def test_search_minds_no_capitals(words):
    task = make_task(title="Šķirot attēlus", title_en="Sort images")

    assert list(Task.objects.search(words)) == [task]


@pytest.mark.parametrize(("word", "spellings"), [("Baneri", 1), ("šķirot", 2)])
def test_search_looks_for_a_second_spelling_only_where_the_first_letter_has_one(word, spellings):
    assert str(Task.objects.search(word).values("pk").query).count("found_by") == spellings


def test_search_follows_a_changed_title():
    task = make_task(title="Baneris")

    Task.objects.filter(pk=task.pk).update(title="Plakāts")

    assert list(Task.objects.search("plakāts")) == [task]
