"""The team's week, and how much each person has to do."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from plans.local_time import local_day
from work import team_week as week
from work import workload as load
from work.rules import can_see_tasks, can_see_workload

WEEK = timedelta(days=7)


@allowed_if(can_see_tasks)
@require_GET
def team_week(request: StaffRequest) -> HttpResponse:
    today = local_day(timezone.now())
    monday = week.monday_of(asked_day(request.GET.get("on", ""), today))
    context = {
        "days": week.days_of(monday, today),
        "rows": week.rows(request.user, monday, today),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - WEEK,
        "after": monday + WEEK,
        "today": today,
    }
    return render(request, "work/team_week.html", context)


def asked_day(text: str, today: date) -> date:
    """Read the day in the address; today, where it is none or so far away that nothing is there."""
    try:
        asked = parse_date(text)
    except ValueError:
        asked = None
    return asked if asked and abs((asked - today).days) < FARTHEST else today


FARTHEST = 10 * 366


@allowed_if(can_see_workload)
@require_GET
def workload(request: StaffRequest) -> HttpResponse:
    today = local_day(timezone.now())
    context = {"bars": load.bars(load.loads(request.user, today)), "today": today}
    return render(request, "work/workload.html", context)
