"""An intake that is over, with something of everything its results tell of."""

from datetime import date
from decimal import Decimal

from accounts.models import Role
from events.models import EventMove, Registration
from opendays.models import LeadCount
from outbox.models import Status
from plans.models import Activity
from tests.factories import (
    make_event,
    make_goal,
    make_message,
    make_registration,
    make_task,
    make_user,
    make_year,
    riga,
)
from tests.plans.making import make_activity, make_intake

NOW = riga(2026, 7, 6, 10)
"""A week after the spring intake of 2026 has ended."""


def make_finished_intake():
    """Make Spring 2026 with its goals, activities, tasks, an open day and its messages."""
    year = make_year(2026)
    make_goal(year)
    intake = make_intake(begins_on=date(2026, 1, 12), ends_on=date(2026, 6, 30))
    done = make_activity(
        intake,
        kind=Activity.Kind.OPEN_DAY,
        state=Activity.State.DONE,
        budget_planned=Decimal(200),
        budget_spent=Decimal(150),
        expected_leads=40,
    )
    make_activity(
        intake,
        kind=Activity.Kind.CONFERENCE,
        title="Konference",
        title_en="Conference",
        state=Activity.State.CANCELLED,
        reason="Too few speakers.",
        budget_spent=Decimal(30),
    )
    event = make_event(activity=done)
    EventMove.objects.create(
        event=event,
        old_starts_at=riga(2026, 3, 10, 18),
        new_starts_at=event.starts_at,
        moved_at=riga(2026, 3, 1, 9),
    )
    LeadCount.objects.create(event=event, count=7)
    joined = make_registration(event, attendance=Registration.Attendance.PRESENT)
    make_registration(event)
    make_message(
        participant=joined.participant,
        status=Status.HANDED_OVER,
        handed_over_at=riga(2026, 3, 11, 17, 46),
    )
    specialist = make_user(role=Role.SPECIALIST, full_name="Inga")
    make_task(assignee=specialist, done_at=riga(2026, 3, 10, 12), done_by=specialist)
    make_task(assignee=specialist, done_at=riga(2026, 3, 14, 12), done_by=specialist, is_late=True)
    make_task()
    return intake
