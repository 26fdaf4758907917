"""The home page that draws the process, the colours of the pages, and the health check."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.http import StaffRequest, way_back
from outbox import health
from plans import year_and_intake
from plans.local_time import local_day
from plans.year_and_intake import Period
from results.headline import reached_words
from results.rules import can_see_results
from smmprocess import step_facts
from smmprocess.needs import Circumstances, needs_of
from smmprocess.overview import boxes
from smmprocess.process import ENDS_WITH, STARTS_FROM

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


@login_required
def home(request: StaffRequest) -> HttpResponse:
    """Draw the process for a year and intake, and list what needs the person."""
    now = timezone.now()
    found = year_and_intake.all_periods(local_day(now))
    period = _asked(request, found) or year_and_intake.current(found, local_day(now))
    facts = step_facts.read(period, now)
    drawn = boxes(facts, request.user, now)
    context = {
        "boxes": drawn,
        "needs": needs_of(Circumstances(request.user, now, period.year, drawn, facts.control)),
        "period": period,
        "periods": found,
        "starts_from": STARTS_FROM,
        "ends_with": ENDS_WITH,
        "can_see_results": can_see_results(request.user),
        "reached": reached_words(facts.review.reached, facts.review.judged)
        if facts.review.closed_on
        else "",
    }
    return render(request, "smmprocess/home.html", context)


def _asked(request: StaffRequest, found: list[Period]) -> Period | None:
    """Give the period that is asked for; None where none is."""
    key = request.GET.get("period")
    if not key:
        return None
    if period := year_and_intake.named(found, key):
        return period
    raise Http404


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember in this browser whether pages are light or dark."""
    chosen = request.POST.get("theme")
    if chosen not in THEMES:
        return HttpResponseBadRequest()
    response = redirect(way_back(request, "/"))
    response.set_cookie(
        THEME_COOKIE,
        chosen,
        max_age=timedelta(days=365),
        secure=settings.HTTPS,
        samesite="Lax",
    )
    return response


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Tell a monitor how sending does: 503 when a person has to look."""
    report = health.report(timezone.now())
    return JsonResponse(report, status=200 if report["status"] == "ok" else 503)
