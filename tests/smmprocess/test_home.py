"""The home page draws the process."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils.html import escape

from accounts.models import Role
from events.models import Event
from plans.year_and_intake import Period
from smmprocess import step_facts
from smmprocess.overview import activity_of, boxes
from smmprocess.process import EVERY_STEP
from smmprocess.step_states import State
from tests.factories import make_user, make_year
from tests.plans.making import make_activity, make_channel, make_intake, make_publication

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 12, 15, tzinfo=UTC)


def make_event_row(**fields):
    fields.setdefault("kind", "open_day")
    fields.setdefault("title", "Open day")
    fields.setdefault("starts_at", NOW + timedelta(hours=3))
    fields.setdefault("ends_at", fields["starts_at"] + timedelta(hours=1))
    return Event.objects.create(**fields)


def every_box(user, period):
    drawn = boxes(step_facts.read(period, NOW), user, NOW)
    return {box.step.number: box for whole in drawn for box in (whole, *whole.parts)}


def test_the_process_has_nine_boxes_in_order():
    numbers = [step.number for step in EVERY_STEP]

    assert numbers == ["1", "2", "3", "4", "5", "5.1", "5.2", "6", "7"]


def test_the_page_shows_each_box_with_responsible_document_and_when(client_for):
    page = client_for(make_user()).get("/").content.decode()

    missing = [
        (step.number, words)
        for step in EVERY_STEP
        for words in (step.name, step.responsible, step.document, step.when, *step.includes)
        if escape(str(words)) not in page
    ]
    assert missing == []
    assert "Marketing goals defined" in page
    assert "Planned goals reached" in page


def test_only_the_steps_with_events_show_the_next_one():
    found = every_box(make_user(), Period(2026))

    assert [number for number, box in found.items() if box.activity is not None] == ["5.1", "5.2"]


def test_activity_counts_what_is_still_to_come_and_names_the_next():
    later = make_event_row(starts_at=NOW + timedelta(days=7))
    coming = make_event_row(starts_at=NOW + timedelta(days=2))
    make_event_row(starts_at=NOW - timedelta(days=7))
    make_event_row(kind="webinar")
    make_event_row(cancelled_at=NOW, cancel_reason="Ill.")

    activity = activity_of("open_day", NOW)

    assert (activity.upcoming, activity.next_event, activity.problems) == (2, coming, [])
    assert later.starts_at > coming.starts_at


def test_of_a_chosen_intake_only_its_own_events_are_drawn():
    old, running = (
        make_intake(year=year, begins_on=date(year, 1, 12), ends_on=date(year, 6, 30))
        for year in (2025, 2026)
    )
    coming = make_event_row()
    make_event_row(starts_at=NOW + timedelta(days=150))

    of_old, of_running = (
        every_box(make_user(), Period(intake.year, intake))["5.2"].activity
        for intake in (old, running)
    )

    assert (of_old.upcoming, of_old.next_event) == (0, None)
    assert (of_running.upcoming, of_running.next_event) == (1, coming)


def test_an_event_that_starts_soon_without_a_room_is_a_problem(client_for):
    make_event_row(room_url="")

    with time_machine.travel(NOW, tick=False):
        page = client_for(make_user()).get("/").content.decode()

    assert "The online room is still missing." in page


def test_an_event_with_everything_in_place_is_no_problem():
    make_event_row(room_url="https://room.example/1")

    assert activity_of("open_day", NOW).problems == []


def test_stopped_reminders_are_a_problem():
    make_event_row(room_url="https://room.example/1", reminders_stopped_at=NOW)

    assert activity_of("open_day", NOW).problems == ["Its reminders are stopped."]


def test_a_markup_title_stays_text(client_for):
    make_event_row(title="<b>Open</b>", starts_at=NOW)

    with time_machine.travel(NOW, tick=False):
        page = client_for(make_user()).get("/").content.decode()

    assert "&lt;b&gt;Open&lt;/b&gt;" in page


def publish(activity, *kinds, **fields):
    for kind in kinds:
        channel = make_channel(activity.intake, kind=kind)
        url = "https://social.example/1"
        make_publication(activity, channel, url=url, published_at=NOW, **fields)


@pytest.mark.parametrize(
    ("event_kind", "kinds", "published"),
    [
        ("webinar", ["facebook"], 0),
        ("webinar", ["linkedin", "instagram"], 0),
        ("webinar", ["facebook", "instagram"], 1),
        ("open_day", ["facebook", "instagram"], 0),
        ("open_day", ["facebook", "home_page"], 1),
    ],
)
def test_an_event_counts_as_published_where_its_board_says_so(event_kind, kinds, published):
    spring = make_intake()
    activity = make_activity(spring)
    publish(activity, *kinds)
    make_event_row(kind=event_kind, activity=activity)

    facts = step_facts.read(Period(2026, spring), NOW)

    told = facts.webinars if event_kind == "webinar" else facts.open_days
    assert (told.published, len(told.unpublished)) == (published, 1 - published)


def test_the_facts_are_those_of_the_chosen_intake():
    spring = make_intake()
    autumn = make_intake(season="autumn", begins_on=date(2026, 8, 31), ends_on=date(2026, 12, 31))
    make_year(2026)
    make_channel(spring)
    told = make_activity(spring)
    publish(told, "facebook", "instagram")
    make_event_row(kind="webinar", activity=told)
    make_event_row(kind="webinar", starts_at=NOW + timedelta(days=70))
    make_event_row(kind="webinar", starts_at=NOW - timedelta(days=7))

    spring_facts = step_facts.read(Period(2026, spring), NOW)
    autumn_facts = step_facts.read(Period(2026, autumn), NOW)

    assert (spring_facts.channels, spring_facts.activities) == (3, 1)
    assert spring_facts.webinars.published == 1
    assert [each.due_on for each in spring_facts.webinars.unpublished] == [date(2026, 4, 21)]
    assert spring_facts.webinars.past == 1
    assert (autumn_facts.channels, autumn_facts.activities, autumn_facts.webinars.past) == (0, 0, 0)


def test_an_advertisement_of_a_weekly_activity_is_about_one_week():
    spring = make_intake()
    weekly = make_activity(
        spring, kind="open_day", starts_at=NOW + timedelta(days=7), last_on=date(2026, 5, 1)
    )
    publish(weekly, "facebook", "home_page", planned_at=NOW)
    make_event_row(activity=weekly, starts_at=NOW + timedelta(days=7))
    make_event_row(activity=weekly, starts_at=NOW + timedelta(days=14))

    told = step_facts.read(Period(2026, spring), NOW).open_days

    assert (told.published, [each.due_on for each in told.unpublished]) == (1, [date(2026, 3, 19)])


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.MARKETING_HEAD, "Complete and submit it"),
        (Role.DIRECTOR, "Look at it"),
        (Role.SPECIALIST, "Look at it"),
    ],
)
def test_the_next_action_is_one_the_role_can_take(role, words):
    make_year(2026)

    box = every_box(make_user(role=role), Period(2026))["1"]

    assert (box.action.words, box.action.url) == (words, "/goals/2026/")


@pytest.mark.parametrize(
    ("role", "url"), [(Role.MARKETING_HEAD, "/goals/new/"), ("director", None)]
)
def test_only_who_draws_up_goals_is_led_to_begin_them(role, url):
    box = every_box(make_user(role=role), Period(2026))["1"]

    assert (box.action and box.action.url) == url


@pytest.mark.parametrize("role", Role)
def test_every_action_leads_to_a_page_the_role_may_see(client_for, role):
    user = make_user(role=role)
    spring = make_intake()
    make_year(2026)
    make_event_row(kind="webinar")
    make_event_row()
    client = client_for(user)

    found = every_box(user, Period(2026, spring))

    actions = {number: box.action.url for number, box in found.items() if box.action}
    assert {number: client.get(url).status_code for number, url in actions.items()} == (
        dict.fromkeys(actions, 200)
    )
    assert {"1", "2", "3", "4", "5", "5.1", "5.2", "6", "7"} == set(actions)


def test_a_period_is_chosen_by_its_key_and_the_running_intake_without_one(client_for):
    make_intake()
    make_intake(season="autumn", begins_on=date(2026, 8, 31), ends_on=date(2026, 12, 31))
    client = client_for(make_user())

    with time_machine.travel(NOW, tick=False):
        running = client.get("/").context["period"]
        autumn = client.get("/?period=2026-autumn").context["period"]
        unknown = client.get("/?period=2031-autumn")

    assert (running.key, autumn.key) == ("2026-spring", "2026-autumn")
    assert unknown.status_code == 404


def test_a_year_with_goals_but_no_intake_can_be_chosen(client_for):
    make_intake()
    make_year(2027)

    with time_machine.travel(NOW, tick=False):
        page = client_for(make_user()).get("/?period=2027")

    assert page.context["period"] == Period(2027)
    assert "No intake is planned yet." in page.content.decode()


def test_a_plan_opened_for_a_change_is_in_work_though_its_date_has_passed():
    head, intake = make_user(), make_intake(begins_on=date(2026, 3, 2))
    document = intake.communication_plan.document
    document.submit(by=head, at=NOW, content=lambda: {"lines": []})
    document.approve(by=make_user(role=Role.DIRECTOR), at=NOW)
    document.reopen(by=head, at=NOW, reason="A new programme.")

    stand = every_box(head, Period(2026, intake))["2"].stand

    assert stand.state == State.IN_WORK
    assert "Opened for a change: A new programme." in stand.evidence
