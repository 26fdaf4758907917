"""Pages of what is measured, and on which channels."""

from django.contrib import messages
from django.db.models import F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from goals.models import Series
from kpi.forms.series import ChannelForm, SeriesForm
from kpi.models import Channel, MonthTotal
from kpi.rules import can_manage_series, can_see_kpi


@allowed_if(can_see_kpi)
@require_GET
def series_list(request: StaffRequest) -> HttpResponse:
    newest_first = (F("month").desc(), F("last_day").desc(nulls_last=True))
    of_series = MonthTotal.objects.filter(
        series=Coalesce(OuterRef("growth_of"), OuterRef("pk"))
    ).order_by(*newest_first)
    last = of_series.values_list(Coalesce("last_day", "month"))[:1]
    seen = Series.objects.visible_to(request.user).select_related("growth_of")
    shown = [(each, each.last_on) for each in seen.annotate(last_on=Subquery(last))]
    context = {"series": shown, "can_manage": can_manage_series(request.user)}
    return render(request, "kpi/series_list.html", context)


@allowed_if(can_manage_series)
def series_create(request: StaffRequest) -> HttpResponse:
    return _edit_series(request, Series(position=_place_after(Series)))


@allowed_if(can_manage_series)
def series_update(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit_series(request, get_object_or_404(Series.objects.visible_to(request.user), pk=pk))


def _edit_series(request: StaffRequest, series: Series) -> HttpResponse:
    form = SeriesForm(request.POST or None, instance=series)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and form.save_revised(by=request.user, at=timezone.now()):
        messages.success(request, gettext("The series is saved."))
        return redirect("kpi:series_list")
    return render(request, "kpi/series_form.html", {"form": form, "series": series})


@allowed_if(can_see_kpi)
@require_GET
def channel_list(request: StaffRequest) -> HttpResponse:
    context = {
        "channels": Channel.objects.visible_to(request.user),
        "can_manage": can_manage_series(request.user),
    }
    return render(request, "kpi/channel_list.html", context)


@allowed_if(can_manage_series)
def channel_create(request: StaffRequest) -> HttpResponse:
    return _edit_channel(request, Channel(position=_place_after(Channel)))


@allowed_if(can_manage_series)
def channel_update(request: StaffRequest, pk: int) -> HttpResponse:
    channels = Channel.objects.visible_to(request.user)
    return _edit_channel(request, get_object_or_404(channels, pk=pk))


def _edit_channel(request: StaffRequest, channel: Channel) -> HttpResponse:
    form = ChannelForm(request.POST or None, instance=channel)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and form.save_revised(by=request.user, at=timezone.now()):
        messages.success(request, gettext("The channel is saved."))
        return redirect("kpi:channel_list")
    return render(request, "kpi/channel_form.html", {"form": form, "channel": channel})


def _place_after(model: type[Series] | type[Channel]) -> int:
    """Give the place behind everything there is."""
    last = model.objects.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
