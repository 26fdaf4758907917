"""The demonstration college: a believable story on any day, and the same after a second run."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils.translation import override

from accounts.models import Role, User
from documents.models import Comment, Document
from events.board import Progress
from events.models import Event, Material, MaterialVersion, Registration
from events.participant_list import read
from goals.models import CheckIn, Goal, Year
from outbox.models import Message, Status
from plans.grid import grid_of
from plans.holidays import is_holiday
from plans.local_time import local_day
from plans.models import Activity, ActivityComment, Intake, Publication
from plans.year_and_intake import Period
from results.models import Evaluation, Snapshot
from smmprocess.demo.list_file import write_list
from smmprocess.demo.staff import PASSWORD
from smmprocess.process import EVERY_STEP
from smmprocess.step_facts import read as facts_of
from smmprocess.step_states import State, stand_of
from tests.factories import make_event, riga
from webinars import board_page
from work.models import HandOver, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, tmp_path):
    settings.VAR_DIR = settings.BASE_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BITRIX24_WEBHOOK_URL = ""

    def run():
        printed = StringIO()
        call_command("demo", stdout=printed)
        return printed.getvalue()

    return run


EVERYTHING = (
    *(User, Event, Registration, Message, Year, Goal, CheckIn, Intake, Activity, Publication),
    *(Task, Document, Comment, Material, HandOver, Snapshot, Evaluation),
)

DAYS = [
    riga(2026, 11, 26, 10),
    riga(2027, 1, 1, 0, 20),
    riga(2026, 3, 29, 4, 30),
    riga(2026, 10, 25, 3, 30),
    riga(2027, 6, 2, 17, 40),
]
"""A morning, the first minutes of a year, both clock changes, just before a weekly open day."""


def counts():
    return [model.objects.count() for model in EVERYTHING]


def test_everybody_can_sign_in_and_a_second_run_changes_nothing(demo):
    with time_machine.travel(DAYS[0], tick=False):
        printed = demo()
        first = counts()
        demo()

    assert counts() == first
    assert set(User.objects.values_list("role", flat=True)) == set(Role.values)
    assert all(user.email in printed for user in User.objects.all())
    assert all(user.check_password(PASSWORD) for user in User.objects.all())


def test_a_run_on_another_day_adds_the_open_day_of_that_hour(demo):
    with time_machine.travel(DAYS[0], tick=False):
        demo()
    before = Event.objects.count()

    with time_machine.travel(DAYS[0] + timedelta(days=2), tick=False):
        demo()

    added = Event.objects.latest("pk")
    assert Event.objects.count() == before + 1
    assert added.starts_at == DAYS[0] + timedelta(days=2, minutes=16)
    assert added.activity is not None


def test_who_has_begun_with_events_of_their_own_gets_only_the_open_day(demo):
    own = make_event()

    demo()

    soon = Event.objects.exclude(pk=own.pk).get()
    assert (soon.kind, soon.activity) == ("open_day", None)
    assert not Year.objects.exists()


@pytest.mark.parametrize("now", DAYS, ids=str)
def test_the_story_is_right_on_any_day(demo, now):
    with time_machine.travel(now, tick=False):
        demo()

        today = local_day(now)
        running = Intake.objects.current(today)
        facts = facts_of(Period(running.year, running), now)
        states = {step.number: stand_of(step, facts).state for step in EVERY_STEP}
        assert running.begins_on <= today <= running.ends_on
        assert [states[number] for number in "1234"] == [State.DONE] * 4
        assert states["5"] == State.LATE
        assert {states["5.1"], states["5.2"]} == {State.IN_WORK}
        an_open_day_is_about_to_start(now)
        the_weeks_before_have_a_history()
        nobody_is_written_to_by_the_making()
        nothing_in_the_future(now)
        the_plan_has_its_gaps(running)
        the_next_intake_is_being_prepared(running)
        the_day_has_something_of_everything(today)
        the_webinars_are_as_far_as_their_day_wants(now)
        assert not [day for day in days_of_events_ahead(now) if is_holiday(day)]


def an_open_day_is_about_to_start(now):
    soon = Event.objects.get(
        kind="open_day", starts_at__gt=now, starts_at__lt=now + timedelta(minutes=17)
    )
    assert soon.registrations.count() == 46


def the_weeks_before_have_a_history():
    sent = Message.objects.filter(status=Status.HANDED_OVER, participant__isnull=False)
    keys = set(sent.values_list("dispatch__reminder__rule__key", flat=True))
    assert keys == {"tomorrow", "before_15", "begun_10", "offer"}
    assert not sent.filter(body="").exists()


def nobody_is_written_to_by_the_making():
    assert not Message.objects.exclude(status__in=[Status.HANDED_OVER, Status.SKIPPED]).exists()
    assert Message.objects.filter(user__isnull=False).exists()


def nothing_in_the_future(now):
    assert not CheckIn.objects.filter(on__gt=local_day(now)).exists()
    assert not Task.objects.filter(done_at__gt=now).exists()
    assert not Publication.objects.filter(published_at__gt=now).exists()
    assert not Comment.objects.filter(at__gt=now).exists()
    assert not ActivityComment.objects.filter(at__gt=now).exists()
    assert not MaterialVersion.objects.filter(made_at__gt=now).exists()
    assert not Activity.objects.filter(state="done", ends_at__gt=now, last_on=None).exists()


def the_plan_has_its_gaps(running):
    in_plan = running.activities.in_plan()
    unserved = Goal.objects.filter(year__year=running.year).exclude(activities__in=in_plan)
    assert [goal.category for goal in unserved] == ["listening"]
    assert [each.title for each in in_plan.filter(goals=None)] == ["Absolventu vakars"]
    assert set(in_plan.values_list("kind", flat=True)) == set(Activity.Kind.values)
    states = set(running.activities.values_list("state", flat=True))
    assert states == set(Activity.State.values)
    grid = grid_of(running.communication_plan)
    assert 0 < grid.empty < grid.size


def the_next_intake_is_being_prepared(running):
    coming = Intake.objects.get(rolled_from=running)
    assert coming.begins_on == running.ends_on + timedelta(days=1)
    assert coming.communication_plan.document.status == Document.Status.SUBMITTED
    assert coming.activity_plan.document.status == Document.Status.RETURNED


def the_day_has_something_of_everything(today):
    assert Task.objects.overdue(today).exists()
    assert Task.objects.open().filter(due_on=today).exists()
    assert Task.objects.filter(is_late=True).exclude(late_reason="").exists()
    assert Task.objects.filter(missed_at__isnull=False).exists()
    assert HandOver.objects.in_force().get().tasks.exists()
    confidences = set(CheckIn.objects.values_list("confidence", flat=True))
    assert confidences == set(CheckIn.Confidence.values)


def the_webinars_are_as_far_as_their_day_wants(now):
    past, ready, half_done = Event.objects.filter(kind="webinar").order_by("starts_at")
    assert open_boxes(past, now) == {}
    assert set(open_boxes(ready, now)) == {"pay", "moderation", "reminders"}
    assert open_boxes(half_done, now)["contract"] == "Get the contract signed."
    assert open_boxes(half_done, now)["banner"] == "Approve what waits for it."


def open_boxes(event, now):
    head = User.objects.get(role=Role.MARKETING_HEAD)
    with override("en"):
        boxes = board_page.page(event, head, now).boxes
    return {box.key: box.next_step for box in boxes if box.progress != Progress.DONE}


def days_of_events_ahead(now):
    in_plan = Event.objects.going_ahead().filter(starts_at__gt=now + timedelta(hours=1))
    return [local_day(event.starts_at) for event in in_plan]


def test_the_list_to_import_has_the_faults_lists_have(tmp_path):
    write_list(tmp_path / "list.xlsx")

    with (tmp_path / "list.xlsx").open("rb") as file:
        found = read(file, filename="list.xlsx")

    assert (len(found.rows), found.empty_rows) == (59, 1)
    assert len(found.all_problems()) >= 3
