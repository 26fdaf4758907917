"""Somebody is chosen among those who work here; who has left is not lost by an edit."""

import pytest
from django.utils.translation import override

from events.forms.event import EventForm
from goals.forms import GoalForm, IndicatorForm
from opendays.forms import SeriesForm
from opendays.models import Series
from plans.forms.activity import ActivityForm
from plans.forms.communication import ChannelForm, ChannelUpkeepForm
from tests.factories import (
    make_event,
    make_goal,
    make_indicator,
    make_recurring,
    make_task,
    make_user,
)
from tests.plans.making import make_activity, make_channel, make_intake
from tests.webinars.making import make_webinar
from webinars.forms import ModerationForm
from work.forms.recurring import RecurringForm
from work.forms.task import TaskForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def left():
    return make_user(full_name="Anna Ozola", is_active=False)


def of_task(person):
    return "assignee", TaskForm, {"instance": make_task(assignee=person)}


def of_recurring(person):
    return "assignee", RecurringForm, {"instance": make_recurring(assignee=person)}


def of_channel(person):
    return "owner", ChannelForm, {"instance": make_channel(make_intake(), owner=person)}


def of_upkeep(person):
    return "owner", ChannelUpkeepForm, {"instance": make_channel(make_intake(), owner=person)}


def of_activity(person):
    intake = make_intake()
    activity = make_activity(intake, owner=person)
    return "owner", ActivityForm, {"instance": activity, "intake": intake}


def of_goal(person):
    return "owner", GoalForm, {"instance": make_goal(owner=person)}


def of_indicator(person):
    return "owner", IndicatorForm, {"instance": make_indicator(owner=person)}


def of_event(person):
    return "moderator", EventForm, {"instance": make_event(moderator=person)}


def of_moderator(person):
    return "moderator", ModerationForm, {"instance": make_webinar(moderator=person)}


def of_stand_in(person):
    return "stand_in", ModerationForm, {"instance": make_webinar(stand_in=person)}


def of_series(person):
    return "moderator", SeriesForm, {"instance": Series(moderator=person)}


FORMS = [
    *(of_task, of_recurring, of_channel, of_upkeep, of_activity, of_goal, of_indicator),
    *(of_event, of_moderator, of_stand_in, of_series),
]


@pytest.mark.parametrize("make", FORMS)
def test_who_has_left_stays_where_they_were_chosen_before(left, make):
    name, form_class, arguments = make(left)

    form = form_class({name: left.pk}, **arguments)
    form.is_valid()

    assert form.cleaned_data[name] == left


@pytest.mark.parametrize("make", FORMS)
def test_who_has_left_is_not_chosen_anew(left, make):
    name, form_class, arguments = make(make_user())

    form = form_class({name: left.pk}, **arguments)

    assert name in form.errors


@pytest.mark.parametrize(
    ("language", "words"),
    [("lv", "Anna Ozola (vairs nestrādā)"), ("en", "Anna Ozola (has left)")],
)
def test_it_is_said_of_who_has_left(left, language, words):
    name, form_class, arguments = of_task(left)

    with override(language):
        shown = str(form_class(**arguments)[name])

    assert words in shown
