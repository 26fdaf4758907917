"""Pages of series of open days."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from events.changes import ChangeRefusedError
from events.event_page import with_figures
from events.models import Event
from events.rules import can_manage_events, can_see_events
from opendays import series as domain
from opendays.forms import ExtendForm, NewSeriesForm, SeriesForm, SkipForm
from opendays.models import Occurrence, Series

SERIES_ON_A_PAGE = 25


@allowed_if(can_see_events)
@require_GET
def series_list(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    ahead = Count(
        "occurrences",
        filter=Q(occurrences__event__starts_at__gt=now, occurrences__event__cancelled_at=None),
    )
    found = Series.objects.annotate(ahead=ahead).order_by(F("last_day").desc(), "title", "pk")
    page = Paginator(found, SERIES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "can_manage": can_manage_events(request.user)}
    return render(request, "opendays/series_list.html", context)


@allowed_if(can_manage_events)
def series_create(request: StaffRequest) -> HttpResponse:
    form = NewSeriesForm(request.POST or None, instance=Series(moderator=request.user))
    if request.method == "POST" and form.is_valid():
        series = form.save(commit=False)
        made = domain.create(series, by_id=request.user.pk, now=timezone.now())
        messages.success(request, _made(len(made)))
        return redirect("opendays:series_detail", series.pk)
    return render(request, "opendays/series_form.html", {"form": form})


@allowed_if(can_see_events)
@require_GET
def series_detail(request: StaffRequest, pk: int) -> HttpResponse:
    series = get_object_or_404(Series.objects.select_related("moderator"), pk=pk)
    occurrences = list(series.occurrences.select_related("event__offer"))
    numbers = [each.event_id for each in occurrences]
    figures = {each.pk: each for each in with_figures(Event.objects.filter(pk__in=numbers))}
    context = {
        "series": series,
        "rows": [(each, figures[each.event_id]) for each in occurrences],
        "edited": domain.edited_alone(occurrences, series),
        "extend_form": ExtendForm(series=series),
        "now": timezone.now(),
        "can_manage": can_manage_events(request.user),
    }
    return render(request, "opendays/series_detail.html", context)


@allowed_if(can_manage_events)
def series_update(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask what is to change, show which open days would, and only then change them."""
    before, now = get_object_or_404(Series, pk=pk), timezone.now()
    series = get_object_or_404(Series, pk=pk)
    form = SeriesForm(request.POST or None, instance=series)
    context: dict[str, object] = {"form": form, "series": before}
    if request.method == "POST" and form.is_valid():
        after = form.save(commit=False)
        after.revision = form.cleaned_data["revision"]
        try:
            if form.is_confirmed:
                changed = domain.update(after, by_id=request.user.pk, now=now)
                messages.success(request, _changed(changed))
                return redirect("opendays:series_detail", pk)
            planned, kept = domain.preview(before, after, now)
        except domain.SeriesChangedError:
            form.show_both()
        else:
            context |= {"planned": planned, "kept": kept, "is_preview": True}
    return render(request, "opendays/series_form.html", context)


@allowed_if(can_manage_events)
@require_POST
def series_extend(request: StaffRequest, pk: int) -> HttpResponse:
    series = get_object_or_404(Series, pk=pk)
    form = ExtendForm(request.POST, series=series)
    if not form.is_valid():
        messages.error(request, gettext("Choose the day until which the series goes on."))
        return redirect("opendays:series_detail", pk)
    last_day = form.cleaned_data["last_day"]
    try:
        made = domain.extend(series, last_day, by_id=request.user.pk, now=timezone.now())
    except domain.SeriesRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _made(len(made)))
    return redirect("opendays:series_detail", pk)


@allowed_if(can_manage_events)
def occurrence_skip(request: StaffRequest, pk: int) -> HttpResponse:
    occurrence = get_object_or_404(Occurrence.objects.select_related("event", "series"), pk=pk)
    form = SkipForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            domain.skip(occurrence, reason, by_id=request.user.pk, now=timezone.now())
        except domain.SeriesRefusedError as refusal:
            form.add_error("reason", str(refusal))
        except ChangeRefusedError as refusal:
            messages.error(request, str(refusal))
            return redirect("opendays:series_detail", occurrence.series_id)
        else:
            messages.success(request, gettext("This open day is left out."))
            return redirect("opendays:series_detail", occurrence.series_id)
    registered = occurrence.event.registrations.active().count()
    context = {"occurrence": occurrence, "form": form, "registered": registered}
    return render(request, "opendays/occurrence_skip.html", context)


def _made(count: int) -> str:
    words = ngettext("%(count)s open day is made.", "%(count)s open days are made.", count)
    return words % {"count": count}


def _changed(count: int) -> str:
    words = ngettext("%(count)s open day is changed.", "%(count)s open days are changed.", count)
    return words % {"count": count}
