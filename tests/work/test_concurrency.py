"""Two at once, in threads with connections of their own, on the suite's database."""

from datetime import timedelta

import pytest

from accounts.models import Role
from events.models import Event
from outbox.models import Message
from tests.factories import START, make_event, make_recurring, make_task, make_user
from tests.outbox.test_concurrency import together
from work import event_tasks, hand_over, morning, recurring
from work.models import HandOver, StepRefusedError, Task, TaskChange
from work.seeding import seed_templates

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = START.date()


def test_of_two_who_tick_at_once_one_has_ticked_and_the_other_is_told():
    people = [make_user(full_name="Anna"), make_user(full_name="Ilze")]
    for _round in range(10):
        task, refused = make_task(), []

        def tick(person, task=task, refused=refused):
            own = Task.objects.get(pk=task.pk)
            try:
                own.complete(by=person, at=START)
            except StepRefusedError as refusal:
                refused.append((person, str(refusal)))

        together(*(lambda person=person: tick(person) for person in people))

        task.refresh_from_db()
        other = next(person for person in people if person != task.done_by)
        sentence = f"{task.done_by} to jau atzīmēja 11.03.2026 plkst. 18:00."
        assert refused == [(other, sentence)]
        assert [change.by for change in task.changes.all()] == [task.done_by]


def test_two_beats_make_a_recurring_task_once():
    make_recurring()

    together(*[lambda: recurring.keep_up(TODAY, START)] * 3)

    assert Task.objects.count() == 1


def test_two_beats_close_a_missed_day_once():
    make_recurring()
    recurring.keep_up(TODAY, START)

    together(*[lambda: recurring.close_missed(TODAY + timedelta(days=1), START)] * 3)

    assert TaskChange.objects.filter(kind="missed").count() == 1


def test_two_beats_write_one_morning_list():
    make_task(assignee=make_user(), due_on=TODAY)
    eight = START.replace(hour=8)

    together(*[lambda: morning.queue_due(eight)] * 3)

    assert Message.objects.count() == 1


def test_two_who_press_the_button_make_an_events_tasks_once():
    seed_templates()
    event = make_event(starts_at=START + timedelta(days=30))

    together(*[lambda: event_tasks.make(Event.objects.get(), START)] * 3)

    assert event.work_tasks.count() == 3


def test_a_tick_and_a_hand_over_at_once_lose_neither():
    anna, ilze = make_user(role=Role.SPECIALIST), make_user(role=Role.SPECIALIST)
    task = make_task(assignee=anna)
    away = HandOver(person=anna, to=ilze, first_on=TODAY, last_on=TODAY, made_by=anna)

    together(
        lambda: Task.objects.get(pk=task.pk).complete(by=anna, at=START),
        lambda: hand_over.make(away, today=TODAY, now=START),
    )

    task.refresh_from_db()
    assert task.done_by == anna
