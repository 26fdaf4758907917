"""Figures by channel, by person, and two periods side by side."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from accounts.models import User
from goals.models import Series
from kpi import channel_pages, comparison, person_page
from kpi.asked import asked_in
from kpi.forms.page import ComparisonForm, PeriodForm
from kpi.models import Channel
from kpi.periods import Span, period_of
from kpi.rules import can_see_everybody, can_see_figures_of, can_see_kpi
from kpi.views.answer import answer
from plans.local_time import local_day
from plans.models import Intake


@allowed_if(can_see_kpi)
@require_GET
def channel_figures(request: StaffRequest) -> HttpResponse:
    today = local_day(timezone.now())
    channels = list(Channel.objects.visible_to(request.user).on())
    asked = asked_in(request.GET, today, usual=Span.MONTH)
    channel = asked.channel or (channels[0] if channels else None)
    if channel is None:
        raise Http404
    rows = channel_pages.on_channel(channel, asked.span, today)
    context = {
        "channel": channel,
        "channels": channels,
        "rows": rows,
        "span": asked.span,
        "spans": Span.choices,
        "running": period_of(asked.span, today),
        "today": today,
    }
    table = channel_pages.channel_table(channel, asked.span, today, rows)
    return answer(request, "kpi/channel_figures.html", context, table)


@allowed_if(can_see_kpi)
@require_GET
def series_channels(request: StaffRequest, key: str) -> HttpResponse:
    """Show one series on each of its channels."""
    seen = Series.objects.visible_to(request.user).select_related("growth_of")
    series, today = get_object_or_404(seen, key=key), local_day(timezone.now())
    asked = asked_in(request.GET, today)
    found = channel_pages.by_channel(series, asked, today)
    context = {
        "series": series,
        "asked": asked,
        "form": PeriodForm.showing(asked),
        "found": found,
        "chart": channel_pages.chart_of(series, found, asked),
        "today": today,
    }
    table = channel_pages.series_table(series, found, asked)
    return answer(request, "kpi/series_channels.html", context, table)


@allowed_if(can_see_kpi)
@require_GET
def person_list(request: StaffRequest) -> HttpResponse:
    """Show everybody's figures to who may see them; others are led to their own."""
    if not can_see_everybody(request.user):
        return redirect("kpi:person_figures", request.user.pk)
    today = local_day(timezone.now())
    people = User.objects.active().order_by("full_name", "pk")
    sheets = person_page.sheets(people, today.year, None, today)
    context = {
        "sheets": [each for each in sheets if each.tied or each.tasks.all],
        "year": today.year,
    }
    return render(request, "kpi/person_list.html", context)


@allowed_if(can_see_kpi)
@require_GET
def person_figures(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    if not can_see_figures_of(request.user, person):
        raise Http404
    today = local_day(timezone.now())
    intake = Intake.objects.current(today)
    part = intake if intake and intake.year == today.year else None
    [sheet] = person_page.sheets([person], today.year, part, today)
    context = {
        "sheet": sheet,
        "person": person,
        "year": today.year,
        "intake": part,
        "today": today,
        "can_see_everybody": can_see_everybody(request.user),
    }
    return answer(request, "kpi/person_figures.html", context, person_page.table(sheet, today.year))


@allowed_if(can_see_kpi)
@require_GET
def compare(request: StaffRequest) -> HttpResponse:
    today = local_day(timezone.now())
    pair = comparison.asked_in(request.GET, today)
    channel = asked_in(request.GET, today).channel
    rows = comparison.compared(pair, channel, today)
    context = {
        "pair": pair,
        "rows": rows,
        "usual": comparison.usual(today),
        "form": ComparisonForm.showing(pair, channel),
        "channel": channel,
        "today": today,
    }
    return answer(request, "kpi/compare.html", context, comparison.table(rows, pair, channel))
