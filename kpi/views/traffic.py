"""The page of traffic."""

from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from kpi import traffic as page
from kpi.asked import day_in, span_in
from kpi.forms.sources import DaysForm
from kpi.periods import Period, Span
from kpi.rules import can_read_sources, can_see_kpi
from kpi.traffic_line import over_time, usual_span
from kpi.views.answer import answer
from plans.local_time import local_day

USUAL_DAYS = 30


@allowed_if(can_see_kpi)
@require_GET
def traffic(request: StaffRequest) -> HttpResponse:
    today = local_day(timezone.now())
    last = day_in(request.GET, "last") or today - timedelta(1)
    first = day_in(request.GET, "first") or last - timedelta(USUAL_DAYS - 1)
    if first > last:
        first, last = last, first
    period = Period(first, last)
    span = span_in(request.GET, usual=usual_span(period))
    read = page.read(period, request.user, today)
    context = {
        "traffic": read,
        "line": over_time(period, span, request.user, today),
        "span": span,
        "spans": Span.choices,
        "period": period,
        "usual": page.usual(today),
        "form": DaysForm(initial={"first": first, "last": last}),
        "can_read_sources": can_read_sources(request.user),
        "today": today,
    }
    return answer(request, "kpi/traffic.html", context, page.table(read))
