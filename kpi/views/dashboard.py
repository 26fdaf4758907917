"""The dashboard of the figures."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from kpi import dashboard as page
from kpi.asked import span_in
from kpi.models import Alert
from kpi.periods import Span
from kpi.rules import can_enter, can_see_kpi
from kpi.views.answer import answer
from plans import year_and_intake
from plans.local_time import local_day


@allowed_if(can_see_kpi)
@require_GET
def dashboard(request: StaffRequest) -> HttpResponse:
    today = local_day(timezone.now())
    found = year_and_intake.all_periods(today)
    period = _asked(request, found) or year_and_intake.current(found, today)
    read = page.read(period, today, span_in(request.GET, usual=Span.MONTH))
    context = {
        "dashboard": read,
        "period": period,
        "periods": found,
        "spans": Span.choices,
        "today": today,
        "alerts": _alerts(request, today),
        "can_enter": can_enter(request.user),
    }
    return answer(request, "kpi/dashboard.html", context, page.table(read, period))


def _asked(
    request: StaffRequest, found: list[year_and_intake.Period]
) -> year_and_intake.Period | None:
    key = request.GET.get("period")
    if not key:
        return None
    if period := year_and_intake.named(found, key):
        return period
    raise Http404


def _alerts(request: StaffRequest, today: date) -> QuerySet[Alert]:
    found = Alert.objects.visible_to(request.user).open().not_muted(today)
    return found.select_related("indicator", "series", "channel")
