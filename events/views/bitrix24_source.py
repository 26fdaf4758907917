"""Sources of registrations in Bitrix24: which people there register for what."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from events import bitrix24_lists
from events.bitrix24_lists import Preview
from events.forms.bitrix24 import Bitrix24SourceForm
from events.models import Bitrix24Source, Event
from events.rules import can_manage_events, can_see_people
from events.tasks import read_bitrix24_source
from integrations.bitrix24.errors import Bitrix24Error, Bitrix24OffError

ENTRIES_ON_A_PAGE = 50


@allowed_if(can_see_people)
@require_GET
def bitrix24_source_list(request: StaffRequest) -> HttpResponse:
    context = {
        "sources": Bitrix24Source.objects.with_counts().select_related("event"),
        "may_edit": can_manage_events(request.user),
    }
    return render(request, "events/bitrix24_source_list.html", context)


@allowed_if(can_manage_events)
def bitrix24_source_create(request: StaffRequest) -> HttpResponse:
    event = Event.objects.filter(pk=request.GET.get("event") or 0).first()
    return _edit(request, Bitrix24Source(event=event, created_by=request.user))


@allowed_if(can_manage_events)
def bitrix24_source_update(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Bitrix24Source, pk=pk))


def _edit(request: StaffRequest, source: Bitrix24Source) -> HttpResponse:
    form = Bitrix24SourceForm(request.POST or None, instance=source, now=timezone.now())
    if request.method == "POST" and form.is_valid():
        source.save_edited(form.changed_data)
        if not source.is_on:
            text = gettext("Saved. Look at whom it finds, then start it.")
            messages.success(request, text)
        return redirect("events:bitrix24_source_detail", source.pk)
    return render(request, "events/bitrix24_source_form.html", {"form": form, "source": source})


@allowed_if(can_see_people)
@require_GET
def bitrix24_source_detail(request: StaffRequest, pk: int) -> HttpResponse:
    return _detail(request, get_object_or_404(Bitrix24Source, pk=pk))


@allowed_if(can_manage_events)
@require_POST
def bitrix24_source_preview(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask the portal whom the source finds now; nothing is taken in."""
    source = get_object_or_404(Bitrix24Source, pk=pk)
    try:
        found = bitrix24_lists.preview(source)
    except (Bitrix24Error, Bitrix24OffError) as error:
        return _detail(request, source, problem=str(error))
    return _detail(request, source, preview=found)


@allowed_if(can_manage_events)
@require_POST
def bitrix24_source_start(request: StaffRequest, pk: int) -> HttpResponse:
    """Take in whom the source finds, now and from now on."""
    source = get_object_or_404(Bitrix24Source, pk=pk)
    source.is_on = True
    source.save(update_fields=["is_on"])
    transaction.on_commit(partial(read_bitrix24_source.delay, source.pk))
    messages.success(
        request, gettext("The registrations are being taken in, and new ones from now on.")
    )
    return redirect("events:bitrix24_source_detail", source.pk)


@allowed_if(can_manage_events)
@require_POST
def bitrix24_source_stop(request: StaffRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Bitrix24Source, pk=pk)
    source.is_on = False
    source.save(update_fields=["is_on"])
    messages.success(request, gettext("Nobody else is taken in; who is registered stays so."))
    return redirect("events:bitrix24_source_detail", source.pk)


def _detail(
    request: StaffRequest,
    source: Bitrix24Source,
    *,
    preview: Preview | None = None,
    problem: str = "",
) -> HttpResponse:
    now = timezone.now()
    entries = source.entries.exclude(problem="").select_related("registration__participant")
    context = {
        "source": source,
        "target": source.target(now),
        "registered": source.entries.exclude(registration=None).count(),
        "page": Paginator(entries, ENTRIES_ON_A_PAGE).get_page(request.GET.get("page")),
        "preview": preview,
        "preview_problem": problem,
        "is_reading": source.busy_until is not None and source.busy_until > now,
        "may_edit": can_manage_events(request.user),
    }
    return render(request, "events/bitrix24_source_detail.html", context)
