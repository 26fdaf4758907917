"""The calendar feed: the page that shows its secret address, and the feed itself."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
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
    """Make the address, or another one in place of the old."""
    now = timezone.now()
    found, is_new = CalendarFeed.objects.get_or_create(user=request.user, defaults={"made_at": now})
    if is_new:
        messages.success(request, gettext("Your calendar has its address now."))
    else:
        found.renew(now)
        messages.success(request, gettext("There is a new address; the old one shows nothing."))
    return redirect("work:calendar")


@allowed_if(can_see_tasks)
@require_POST
def calendar_off(request: StaffRequest) -> HttpResponse:
    CalendarFeed.objects.filter(user=request.user).delete()
    messages.success(request, gettext("The address shows nothing any more."))
    return redirect("work:calendar")


@require_GET
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give the calendar to whoever has the address: the address is the key."""
    found = CalendarFeed.objects.filter(token=token, user__is_active=True).select_related("user")
    owner = found.first()
    if owner is None:
        raise Http404
    response = HttpResponse(
        feed.of(owner.user, timezone.now()), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'inline; filename="tasks.ics"'
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
