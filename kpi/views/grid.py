"""The grid for typing figures in."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.http import StaffRequest, allowed_if
from goals.models import Series
from kpi import grid
from kpi.asked import day_in, span_in
from kpi.forms.grid import GridForm
from kpi.models import Channel
from kpi.periods import Period, Span, period_of
from kpi.rules import can_enter
from kpi.store import Counts

ALL = "all"


@allowed_if(can_enter)
def grid_update(request: StaffRequest) -> HttpResponse:
    today = timezone.localdate()
    channel = _channel(request)
    channel_id = channel.pk if channel else None
    period = _period(request, today)
    span = grid.span_of_rows(period)
    series = _series(request, channel, span, today)
    held = grid.held([each.pk for each in series], channel_id, span, period.first, period.last)
    sent = request.POST if request.method == "POST" else None
    form = GridForm(series, span, grid.rows_to_show(period, today), held, sent)
    if sent is not None and (counts := _save(request, form, channel_id)) is not None:
        messages.success(request, _said(counts))
        return redirect(f"{reverse('kpi:grid_update')}?{request.GET.urlencode()}")
    return render(request, "kpi/grid.html", _context(form, channel, period, series, today))


def _save(request: StaffRequest, form: GridForm, channel_id: int | None) -> Counts | None:
    """Save what was typed; None where a cell has to be looked at again."""
    edits = form.edits()
    if form.errors:
        return None
    try:
        return grid.save(channel_id, edits, by=request.user, at=timezone.now(), span=form.span)
    except grid.ChangedMeanwhileError as changed:
        form.tell_changed(changed.held)
        return None


def _said(counts: Counts) -> str:
    number = counts.new + counts.changed + counts.gone
    if not number:
        return gettext("Nothing has changed.")
    sentence = ngettext("%(count)s figure is saved.", "%(count)s figures are saved.", number)
    return sentence % {"count": number}


def _channel(request: StaffRequest) -> Channel | None:
    """Give the channel that was asked for, or the first; None for all channels together."""
    channels = Channel.objects.visible_to(request.user).on()
    asked = request.GET.get("channel", "")
    if asked == ALL:
        return None
    if asked.isdecimal():
        return get_object_or_404(channels, pk=int(asked))
    return channels.first()


def _period(request: StaffRequest, today: date) -> Period:
    span = span_in(request.GET, usual=Span.WEEK)
    span = Span.WEEK if span == Span.DAY else span
    return period_of(span, min(day_in(request.GET, "day") or today, today))


def _series(
    request: StaffRequest, channel: Channel | None, span: Span, today: date
) -> list[Series]:
    asked = {int(pk) for pk in request.GET.getlist("series") if pk.isdecimal()}
    if asked:
        return [each for each in Series.objects.on().entered() if each.pk in asked]
    return grid.usual_series(channel, span, today)


def _context(
    form: GridForm, channel: Channel | None, period: Period, series: list[Series], today: date
) -> dict[str, object]:
    shown = {each.pk for each in series}
    after = period_of(period.span or Span.WEEK, period.last + timedelta(days=1))
    return {
        "form": form,
        "channel": channel,
        "channels": Channel.objects.on(),
        "period": period,
        "before": period.before,
        "after": after if after.first <= today else None,
        "series": series,
        "all_series": [(each, each.pk in shown) for each in Series.objects.on().entered()],
        "Span": Span,
    }
