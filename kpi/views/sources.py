"""Pages of the sources: how each of them does, and reading days once more."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.http import StaffRequest, allowed_if
from kpi import reading, source_state, tasks
from kpi.forms.sources import ReadAgainForm
from kpi.models import Reading
from kpi.reading import AlreadyReadingError
from kpi.rules import can_read_sources
from kpi.sources import Source, all_sources

READINGS_ON_A_PAGE = 25


@allowed_if(can_read_sources)
@require_GET
def source_list(request: StaffRequest) -> HttpResponse:
    states = source_state.states(timezone.now())
    return render(request, "kpi/source_list.html", {"states": states})


@allowed_if(can_read_sources)
@require_GET
def source_detail(request: StaffRequest, key: str) -> HttpResponse:
    now = timezone.now()
    state = source_state.state_of(_source(key), now)
    if request.htmx:
        if state.running is None:
            return HttpResponseClientRefresh()
        return render(request, "kpi/_source_progress.html", {"state": state})
    return _detail(request, state, ReadAgainForm(today=timezone.localdate(now)))


@allowed_if(can_read_sources)
@require_POST
def source_read(request: StaffRequest, key: str) -> HttpResponse:
    now, source = timezone.now(), _source(key)
    form = ReadAgainForm(request.POST, today=timezone.localdate(now))
    if source.missing() or not form.is_valid():
        return _detail(request, source_state.state_of(source, now), form)
    days = form.cleaned_data
    try:
        begun = reading.begin(key, days["first"], days["last"], now=now, by=request.user)
    except AlreadyReadingError:
        messages.warning(request, gettext("It is being read already; wait until it is done."))
    else:
        transaction.on_commit(partial(tasks.read_source.delay, begun.pk))
    return redirect("kpi:source_detail", key)


def _source(key: str) -> Source:
    for source in all_sources():
        if source.key == key:
            return source
    raise Http404


def _detail(
    request: StaffRequest, state: source_state.SourceState, form: ReadAgainForm
) -> HttpResponse:
    rows = Reading.objects.filter(source=state.key).select_related("by")
    page = Paginator(rows, READINGS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "kpi/source_detail.html", {"state": state, "form": form, "page": page})
