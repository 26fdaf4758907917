"""What needs me, by role."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.models import Role
from opendays.models import Occurrence, Series
from plans.models import Activity, ActivityComment
from plans.year_and_intake import Period
from results import evaluations
from results.models import Evaluation, Review
from smmprocess import step_facts
from smmprocess.needs import SHOWN, Circumstances, needs_of
from smmprocess.overview import boxes
from tests.factories import (
    make_event,
    make_goal,
    make_indicator,
    make_task,
    make_user,
    make_year,
    measure,
    riga,
)
from tests.kpi.making import days, make_aimed, series
from tests.plans.making import make_activity, make_channel, make_intake
from tests.webinars.making import make_banner, make_webinar

pytestmark = pytest.mark.django_db

NOW = riga(2026, 3, 2, 10)
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def needs(user, period=None):
    return {need.heading: [line.words for line in need.lines] for need in lists_for(user, period)}


def lists_for(user, period=None):
    facts = step_facts.read(period or Period(2026), NOW)
    drawn = boxes(facts, user, NOW)
    return needs_of(Circumstances(user, NOW, 2026, drawn, facts.control))


def submit(document, by):
    document.submit(by=by, at=NOW - timedelta(days=1), content=lambda: {"lines": []})


def test_the_director_sees_what_waits_for_approval():
    head, director = make_user(), make_user(role=Role.DIRECTOR)
    year, intake = make_year(2026), make_intake()
    submit(year.document, head)
    submit(intake.communication_plan.document, head)

    assert needs(director)["Waiting for your approval"] == [
        "Goals of 2026",
        "Communication plan: Spring intake 2026",
    ]
    assert "Waiting for your approval" not in needs(head)


def test_the_marketing_head_sees_what_came_back_with_the_comment():
    head, director = make_user(), make_user(role=Role.DIRECTOR)
    document = make_year(2026).document
    submit(document, head)
    document.send_back(by=director, at=NOW, comment="Too few leads.")

    returned = next(need for need in lists_for(head) if need.heading == "Returned for changes")
    assert [(line.words, line.url, line.note) for line in returned.lines] == [
        ("Goals of 2026", "/goals/2026/", "Too few leads.")
    ]


def test_the_marketing_head_sees_goals_channels_proposals_and_late_steps():
    head = make_user()
    intake, year = make_intake(), make_year(2026)
    make_indicator(make_goal(year, title_en="Measured"))
    make_indicator(make_goal(year, title_en="No target"), target=None)
    make_goal(year, title_en="No indicator")
    make_channel(intake, name="Page", access_expires_on=TODAY + timedelta(days=30))
    make_channel(intake, name="Profile", access_expires_on=TODAY + timedelta(days=31))
    make_activity(intake, title="Proposal", state=Activity.State.PROPOSED)
    make_activity(intake, title="Plan")

    found = needs(head, Period(2026, intake))

    assert found["Goals without a target"] == ["No target", "No indicator"]
    assert found["Channels whose access expires"] == ["Page · Spring intake 2026"]
    assert found["Proposals of units"] == ["Proposal"]
    assert [words.split(".")[0] for words in found["Late steps"]] == ["1", "2", "3", "4"]


def test_the_marketing_head_sees_webinars_whose_gates_are_closed():
    make_event(kind="webinar", title_en="Soon", starts_at=NOW + timedelta(days=40))
    make_event(kind="webinar", title_en="Later", starts_at=NOW + timedelta(days=50))

    assert needs(make_user())["Webinars that may not be advertised yet"] == ["Soon"]


@pytest.mark.parametrize("role", [Role.PROJECT_MANAGER, Role.SPECIALIST])
def test_who_carries_out_sees_own_tasks_and_events_that_lack_something(role):
    user = make_user(role=role)
    make_task(title="Late", assignee=user, due_on=TODAY - timedelta(days=1))
    make_task(title="Today", role=role, due_on=TODAY)
    make_task(title="Tomorrow", assignee=user, due_on=TODAY + timedelta(days=1))
    make_task(title="Another's", assignee=make_user(role=role), due_on=TODAY)
    make_event(title_en="Bare", starts_at=NOW + timedelta(days=13), room_url="")
    make_event(title_en="Far", starts_at=NOW + timedelta(days=15), room_url="")

    assert needs(user) == {
        "Your tasks: overdue and due today": ["Late", "Today"],
        "Events that lack something": ["Bare"],
    }


def test_a_banner_of_its_series_serves_an_open_day_of_the_next_week_too():
    _bare, first, second = (
        make_event(title_en=title, starts_at=NOW + timedelta(days=days), moderator=make_user())
        for title, days in (("Bare", 3), ("First", 4), ("Second", 11))
    )
    weekly = Series.objects.create(weekday=4, clock=time(10), first_day=TODAY, last_day=TODAY)
    for event in (first, second):
        Occurrence.objects.create(series=weekly, event=event, original_on=event.starts_at)
    make_banner(first)

    assert needs(make_user())["Events that lack something"] == ["Bare"]


def test_the_head_of_a_unit_sees_its_activities_and_what_others_say_of_them():
    user, other = make_user(role=Role.UNIT_HEAD), make_user(role=Role.UNIT_HEAD)
    intake = make_intake()
    own = make_activity(intake, title="Ours", unit=user.unit)
    foreign = make_activity(intake, title="Theirs", unit=other.unit)
    for activity, by in ((own, other), (own, user), (foreign, other)):
        ActivityComment.objects.create(activity=activity, by=by, at=NOW, text="A word.")

    assert needs(user) == {
        "Activities of your unit": ["Ours"],
        "Comments on activities of your unit": ["Ours"],
    }


@pytest.mark.parametrize("role", Role)
def test_who_needs_to_do_nothing_is_told_so(client_for, role):
    page = client_for(make_user(role=role)).get("/?period=").content.decode()

    assert ("Nothing needs you now." in page) == (role not in (Role.DIRECTOR, Role.MARKETING_HEAD))


def test_a_list_shows_a_few_and_says_that_there_are_more(client_for):
    user = make_user(role=Role.SPECIALIST)
    for _number in range(SHOWN + 1):
        make_task(assignee=user, due_on=TODAY)

    page = client_for(user).get("/").content.decode()

    assert page.count('href="/work/tasks/') == SHOWN
    assert "Show all of them" in page


@pytest.mark.parametrize("role", Role)
def test_the_home_page_asks_as_often_however_much_there_is(client_for, role):
    user, author = make_user(role=role), make_user()
    intake = make_intake(by=author)
    client = client_for(user)

    def add(number):
        make_goal(make_year(2030 + number))
        make_channel(intake, access_expires_on=date(2026, 1, 1))
        make_webinar(starts_at=riga(2027, 3, number))
        make_task(assignee=user)
        activity = make_activity(intake, unit=user.unit, state=Activity.State.PROPOSED)
        ActivityComment.objects.create(activity=activity, by=author, at=NOW, text="A word.")

    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/").status_code == 200
        return len(queries)

    add(1)
    client.get("/")
    with_one = count()
    add(2)
    add(3)

    assert count() == with_one


def test_targets_that_are_behind_are_shown_the_worst_first_and_to_their_owners():
    owner = make_user(role=Role.SPECIALIST)
    make_aimed("comments", target=230, owner=owner, name_en="Comments")
    make_aimed("new_leads", target=730, owner=owner, name_en="Leads")
    make_aimed("reactions", target=100, owner=owner, name_en="Reactions")
    make_aimed("video_views", target=1, owner=owner, name_en="Views")
    for key in ("comments", "new_leads", "video_views"):
        measure(series(key), days(date(2026, 1, 1), 60, "0.5"))

    assert needs(make_user(role=Role.DIRECTOR))["Behind their target"] == ["Leads", "Comments"]
    assert needs(owner)["Your indicators: behind or without data"] == [
        "Comments",
        "Leads",
        "Reactions",
    ]
    assert "Your indicators: behind or without data" not in needs(make_user(role=Role.SPECIALIST))


FORMS = "Evaluation forms that wait for you"
BEFORE = {"begins_on": date(2025, 9, 1), "ends_on": date(2026, 3, 1)}


@pytest.mark.parametrize(
    ("state", "fields", "of_manager", "of_employee"),
    [
        ("planning", {}, True, False),
        ("self", {}, False, True),
        ("assessment", {}, True, False),
        ("signing", {}, True, True),
        ("signing", {"employee_signed_at": NOW}, True, False),
        ("signing", {"manager_signed_at": NOW}, False, True),
        ("signed", {"employee_signed_at": NOW, "manager_signed_at": NOW}, False, False),
    ],
)
def test_a_form_waits_for_whoever_takes_its_next_step(state, fields, of_manager, of_employee):
    head, inga = make_user(), make_user(role=Role.SPECIALIST, full_name="Inga")
    evaluations.begin(make_intake(**BEFORE), inga, by=head, at=NOW)
    Evaluation.objects.update(state=state, **fields)

    waiting = ["Inga · Spring intake 2026"]
    assert needs(head).get(FORMS, []) == (waiting if of_manager else [])
    assert needs(inga).get(FORMS, []) == (waiting if of_employee else [])


def test_a_self_assessment_does_not_wait_while_the_intake_runs():
    inga = make_user(role=Role.SPECIALIST)
    evaluations.begin(make_intake(**BEFORE | {"ends_on": TODAY}), inga, by=make_user(), at=NOW)
    Evaluation.objects.update(state="self")

    assert FORMS not in needs(inga)


def test_materials_that_wait_are_shown_to_who_approves_and_what_is_sent_back_to_its_maker():
    head, other = make_user(), make_user(role=Role.SPECIALIST)
    waiting, returned, approved = (
        make_banner(make_event(kind="webinar"), is_approved=False, title=title)
        for title in ("Waiting", "Returned", "Approved")
    )
    returned.send_back(by=head, at=NOW, comment="Larger.")
    approved.approve(by=head, at=NOW)
    gone = make_event(kind="webinar", cancelled_at=NOW, cancel_reason="Ill")
    make_banner(gone, is_approved=False)

    assert needs(head)["Banners and materials that wait for your approval"] == ["Waiting"]
    assert needs(returned.made_by)["Materials sent back to you"] == ["Returned"]
    assert "Materials sent back to you" not in needs(waiting.made_by)
    assert "Banners and materials that wait for your approval" not in needs(other)


@pytest.mark.parametrize(
    ("fields", "is_late"),
    [
        ({"pay_due_on": date(2026, 3, 1), "pay_amount": 150}, True),
        ({"pay_due_on": date(2026, 3, 1)}, True),
        ({"pay_due_on": date(2026, 3, 2), "pay_amount": 150}, False),
        ({"pay_due_on": date(2026, 3, 1), "pay_amount": 0}, False),
        ({"pay_due_on": date(2026, 3, 1), "pay_amount": 150, "paid_on": TODAY}, False),
    ],
)
def test_a_presenter_who_is_not_paid_in_time_is_shown_to_who_may_see_the_pay(fields, is_late):
    make_webinar(**fields)

    lists = {role: needs(make_user(role=role)) for role in Role}

    shown = {
        role for role, of_role in lists.items() if "Presenters who are not paid yet" in of_role
    }
    assert shown == ({Role.MARKETING_HEAD, Role.PROJECT_MANAGER} if is_late else set())


def test_frozen_results_wait_for_both_until_each_has_confirmed():
    head, director = make_user(), make_user(role=Role.DIRECTOR)
    review = Review.objects.create(intake=make_intake(**BEFORE), held_on=TODAY)
    heading, waiting = "Results that wait for your confirmation", ["Review: Spring intake 2026"]
    before = [needs(user).get(heading) for user in (head, director)]
    snapshot = review.freeze(by=head, at=NOW, content={}, pages={}, reached=0, judged=0)
    frozen = [needs(user).get(heading) for user in (head, director)]
    review.confirm(snapshot, by=head, at=NOW)
    confirmed_by_one = [needs(user).get(heading) for user in (head, director)]
    Review.objects.get().confirm(snapshot, by=director, at=NOW)
    closed = [needs(user).get(heading) for user in (head, director)]
    Review.objects.get().reopen(by=director, at=NOW, reason="A wrong invoice.")
    reopened = [needs(user).get(heading) for user in (head, director)]

    assert before == closed == reopened == [None, None]
    assert frozen == [waiting, waiting]
    assert confirmed_by_one == [None, waiting]


def test_a_declined_proposal_stays_on_the_list_of_its_unit_for_two_weeks_with_the_reason():
    user, intake = make_user(role=Role.UNIT_HEAD), make_intake()
    for title, days_ago in (("Lately", 13), ("Long ago", 15)):
        proposal = make_activity(intake, title=title, unit=user.unit, state="proposed")
        at = NOW - timedelta(days=days_ago)
        proposal.decline(by=make_user(), at=at, word="No money.")

    [lately] = lists_for(user)[0].lines

    assert lately.words == "Lately"
    assert lately.note.startswith("11 Mar 2026 · Declined: No money.")
