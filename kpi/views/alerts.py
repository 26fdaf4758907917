"""Alerts: what holds now, what is muted and why."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from kpi.forms.page import MuteForm
from kpi.models import Alert, Mute
from kpi.rules import can_enter, can_see_kpi
from plans.local_time import local_day


@allowed_if(can_see_kpi)
@require_GET
def alert_list(request: StaffRequest) -> HttpResponse:
    today = local_day(timezone.now())
    found = Alert.objects.visible_to(request.user).open()
    context = {
        "alerts": found.not_muted(today).select_related("indicator", "series", "channel"),
        "mutes": Mute.objects.holding(today).select_related("indicator", "series", "channel", "by"),
        "can_mute": can_enter(request.user),
    }
    return render(request, "kpi/alert_list.html", context)


@allowed_if(can_enter)
def alert_mute(request: StaffRequest, pk: int) -> HttpResponse:
    seen = Alert.objects.visible_to(request.user).select_related("indicator", "series", "channel")
    alert, now = get_object_or_404(seen, pk=pk), timezone.now()
    mute = Mute(
        kind=alert.kind,
        indicator=alert.indicator,
        series=alert.series,
        channel=alert.channel,
        by=request.user,
        at=now,
    )
    form = MuteForm(request.POST or None, instance=mute, today=local_day(now))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("The alert is muted."))
        return redirect("kpi:alert_list")
    return render(request, "kpi/alert_mute.html", {"alert": alert, "form": form})


@allowed_if(can_enter)
@require_POST
def mute_lift(request: StaffRequest, pk: int) -> HttpResponse:
    get_object_or_404(Mute, pk=pk).lift(timezone.now())
    messages.success(request, gettext("It is told of again."))
    return redirect("kpi:alert_list")
