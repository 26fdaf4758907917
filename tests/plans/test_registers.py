"""What is named by the activities of a locked plan stays; in an open one it may go."""

import pytest
from django.urls import reverse

from goals.models import Goal
from plans.models import Activity, Audience, Channel
from tests.factories import make_goal, make_user
from tests.plans.making import make_activity, make_audience, make_channel, make_intake, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(client_for):
    return client_for(make_user(full_name="Head"))


@pytest.fixture
def named():
    """Plan an activity that names one audience, one channel and one goal."""
    intake = make_intake()
    audience, channel, goal = make_audience(intake), make_channel(intake), make_goal()
    activity = make_activity(intake, title="SEO", audiences=[audience], channels=[channel])
    activity.goals.add(goal)
    return activity


def pages(activity):
    return [
        (Audience, reverse("plans:audience_delete", args=[activity.audiences.get().pk])),
        (Channel, reverse("plans:channel_delete", args=[activity.channels.get().pk])),
        (Goal, reverse("goals:goal_delete", args=[activity.goals.get().pk])),
    ]


def test_what_a_locked_plan_names_stays_and_the_activities_are_said(head, named):
    submit(named.intake.activity_plan)

    for model, url in pages(named):
        answer = head.post(url, follow=True)

        assert "activities of a locked plan name it: “SEO”." in answer.content.decode()
        assert model.objects.count() == 1
    assert [named.audiences.count(), named.channels.count(), named.goals.count()] == [1, 1, 1]


def test_what_an_open_plan_names_is_taken_out(head, named):
    for model, url in pages(named):
        head.post(url)

        assert not model.objects.exists()


def test_a_cancelled_activity_of_a_locked_plan_holds_nothing(head, named):
    Activity.objects.update(state=Activity.State.CANCELLED, reason="Nobody came.")
    submit(named.intake.activity_plan)

    for model, url in pages(named):
        head.post(url)

        assert not model.objects.exists()
