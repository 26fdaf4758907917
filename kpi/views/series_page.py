"""Pages of one series: its line, its table, where a number comes from, notes on its days."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from goals.models import Series
from kpi import series_page as page
from kpi.asked import asked_in
from kpi.forms.page import NoteForm, PeriodForm
from kpi.models import Note
from kpi.origin import growth_begins_at, origins, sources_of
from kpi.periods import Period
from kpi.rules import can_enter, can_read_sources, can_remove_note, can_see_kpi
from kpi.views.answer import answer
from plans.local_time import local_day

ROWS_ON_A_PAGE = 100
ORIGINS_ON_A_PAGE = 50


@allowed_if(can_see_kpi)
@require_GET
def series_detail(request: StaffRequest, key: str) -> HttpResponse:
    series, today = _series(request, key), local_day(timezone.now())
    asked = asked_in(request.GET, today)
    found = page.entries(series, asked, today)
    indicators = list(page.targets_of(series))
    chart = page.chart_of(series, found, indicators, asked, today)
    days = Period(chart.periods[0].first, chart.periods[-1].last)
    newest_first = Paginator(found[::-1], ROWS_ON_A_PAGE)
    context = {
        "series": series,
        "asked": asked,
        "form": PeriodForm.showing(asked),
        "chart": chart,
        "page": newest_first.get_page(request.GET.get("page")),
        "standings": page.standings(series, indicators, today),
        "days": days,
        "sources": sources_of(series, asked.channel_number, days),
        "can_read_sources": can_read_sources(request.user),
        "notes": page.notes_of(series, chart.periods, request.user),
        "note_form": NoteForm(initial={"day": today}),
        "today": today,
        "can_enter": can_enter(request.user),
    }
    return answer(request, "kpi/series_detail.html", context, page.table(series, found, asked))


@allowed_if(can_see_kpi)
@require_GET
def value_origin(request: StaffRequest, key: str) -> HttpResponse:
    """Tell where the numbers of some days come from."""
    series, today = _series(request, key), local_day(timezone.now())
    asked = asked_in(request.GET, today)
    found = origins(series, asked.channel_number, asked.period)
    context = {
        "series": series,
        "asked": asked,
        "page": Paginator(found, ORIGINS_ON_A_PAGE).get_page(request.GET.get("page")),
        "begins_at": growth_begins_at(series, asked.channel_number, asked.period, today),
    }
    return render(request, "kpi/value_origin.html", context)


@allowed_if(can_enter)
@require_POST
def note_create(request: StaffRequest, key: str) -> HttpResponse:
    series, form = _series(request, key), NoteForm(request.POST)
    if form.is_valid():
        Note.objects.create(series=series, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, gettext("The note is saved."))
    else:
        messages.error(request, gettext("A note needs a day and a sentence."))
    return redirect("kpi:series_detail", key)


@allowed_if(can_enter)
@require_POST
def note_delete(request: StaffRequest, pk: int) -> HttpResponse:
    note = get_object_or_404(Note.objects.visible_to(request.user).select_related("series"), pk=pk)
    if not can_remove_note(request.user, note):
        raise PermissionDenied
    note.delete()
    messages.success(request, gettext("The note is taken out."))
    return redirect("kpi:series_detail", note.series.key)


def _series(request: StaffRequest, key: str) -> Series:
    seen = Series.objects.visible_to(request.user).select_related("growth_of")
    return get_object_or_404(seen, key=key)
