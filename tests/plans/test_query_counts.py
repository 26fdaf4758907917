"""However much an intake holds, its pages ask the database as often."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from plans.models import ActivityComment, IntakeTarget, Wording
from tests.factories import make_goal, make_indicator, make_unit, make_user, make_year
from tests.plans.making import (
    NOW,
    START,
    make_activity,
    make_audience,
    make_channel,
    make_intake,
    make_message,
    make_publication,
)

pytestmark = pytest.mark.django_db

PAGES = (
    "intake_detail",
    "intake_targets",
    "communication_detail",
    "communication_versions",
    "intake_audiences",
    "intake_channels",
    "intake_activities",
    "intake_month",
    "activities_print",
    "intake_week",
    "intake_warnings",
    "activities_versions",
    "intake_export",
    "intake_roll_forward",
)


def fill(intake, activity, year, people):
    """Make one more of everything that the pages of an intake show."""
    goal = make_goal(year)
    IntakeTarget.objects.create(intake=intake, indicator=make_indicator(goal), target=50)
    channel = make_channel(intake, owner=people[0], access_expires_on=NOW.date())
    audience = make_audience(intake)
    audience.channels.add(channel)
    message = make_message(intake)
    Wording.objects.create(key_message=message, audience=audience, channel=channel, text="Short")
    for state in ("planned", "done", "proposed"):
        made = make_activity(
            intake,
            state=state,
            presenter="Anna",
            owner=people[0],
            unit=make_unit(),
            audiences=[audience],
            channels=[channel],
            starts_at=START,
            last_on=(START + timedelta(weeks=2)).date(),
        )
        made.goals.add(goal)
        make_publication(made, channel, planned_at=START)
    make_activity(intake)
    activity.audiences.add(audience)
    activity.channels.add(channel)
    activity.goals.add(goal)
    make_publication(activity, channel, planned_at=START)
    ActivityComment.objects.create(activity=activity, by=people[1], at=NOW, text="Good")


def count(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@time_machine.travel(NOW, tick=False)
def test_every_page_asks_as_often_for_one_for_three_and_for_many(client_for):
    client, intake, year = client_for(make_user()), make_intake(), make_year(2026)
    activity = make_activity(intake, presenter="Anna", owner=make_user())
    counted, made = [], 0
    for many in (1, 3, 20):
        for _number in range(made, many):
            fill(intake, activity, year, [make_user(), make_user(role=Role.DIRECTOR)])
        made = many
        pages = {name: reverse(f"plans:{name}", args=[intake.pk]) for name in PAGES}
        pages["activity_detail"] = reverse("plans:activity_detail", args=[activity.pk])
        pages["activity_update"] = reverse("plans:activity_update", args=[activity.pk])
        message = intake.communication_plan.key_messages.first()
        pages["message_wordings"] = reverse("plans:message_wordings", args=[message.pk])
        counted.append({name: count(client, address) for name, address in pages.items()})

    assert counted[1] == counted[0]
    assert counted[2] == counted[0]
