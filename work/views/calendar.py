"""Calendars to subscribe to: the page that shows their secret addresses, and what is there."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from accounts.models import User
from plans.rules import can_see_plans
from work import calendar_feed as feed
from work.models import CalendarFeed
from work.rules import can_see_tasks


@allowed_if(can_see_tasks)
@require_GET
def calendar(request: StaffRequest) -> HttpResponse:
    found = CalendarFeed.objects.filter(user=request.user).first()
    return render(request, "work/calendar.html", {"feed": found})


@allowed_if(can_see_tasks)
@require_POST
def calendar_renew(request: StaffRequest) -> HttpResponse:
    """Make the addresses, or others in place of the old."""
    now = timezone.now()
    found, is_new = CalendarFeed.objects.get_or_create(user=request.user, defaults={"made_at": now})
    if is_new:
        messages.success(request, gettext("Your calendars have their addresses now."))
    else:
        found.renew(now)
        messages.success(request, gettext("There are new addresses; the old ones show nothing."))
    return redirect("work:calendar")


@allowed_if(can_see_tasks)
@require_POST
def calendar_off(request: StaffRequest) -> HttpResponse:
    CalendarFeed.objects.filter(user=request.user).delete()
    messages.success(request, gettext("The addresses show nothing any more."))
    return redirect("work:calendar")


@require_GET
def calendar_of_tasks(request: HttpRequest, token: str) -> HttpResponse:
    """Give the tasks to whoever has the address: the address is the key."""
    owner = _owner_of(token)
    return _given(feed.of_tasks(owner, timezone.now()), "tasks.ics")


@require_GET
def calendar_of_plan(request: HttpRequest, token: str) -> HttpResponse:
    """Give the activity plan to whoever has the address, while its owner may see plans."""
    owner = _owner_of(token)
    if not can_see_plans(owner):
        raise Http404
    return _given(feed.of_plan(owner, timezone.now()), "plan.ics")


def _owner_of(token: str) -> User:
    return get_object_or_404(User.objects.active(), calendar_feed__token=token)


def _given(text: str, filename: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
