"""Pages and actions of an event's materials; where they lead back to is the event's board."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from events import materials
from events.event_type import board_url
from events.forms.material import MaterialForm, SendBackForm, VersionForm
from events.models import DecisionRefusedError, Event, Material, MaterialVersion
from events.rules import can_approve_materials, can_prepare_events, can_see_events
from files.http import send


@allowed_if(can_prepare_events)
def material_create(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    form = MaterialForm(request.POST or None, instance=Material(event=event))
    version = VersionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() & version.is_valid():
        material = form.save(commit=False)
        materials.add(material, version.content, by=request.user, at=timezone.now())
        return redirect(_board(event))
    context = {"event": event, "board": _board(event), "form": form, "version": version}
    return render(request, "events/material_form.html", context)


@allowed_if(can_prepare_events)
def material_update(request: StaffRequest, pk: int) -> HttpResponse:
    material = get_object_or_404(Material.objects.select_related("event"), pk=pk)
    form = MaterialForm(request.POST or None, instance=material)
    if request.method == "POST" and form.is_valid():
        form.save(commit=False)
        materials.update(material, form.changed_data, by=request.user, at=timezone.now())
        return redirect(_board(material.event))
    context = {"event": material.event, "board": _board(material.event), "form": form}
    return render(request, "events/material_form.html", context)


@allowed_if(can_prepare_events)
def material_version_create(request: StaffRequest, pk: int) -> HttpResponse:
    material = get_object_or_404(Material.objects.select_related("event"), pk=pk)
    version = VersionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and version.is_valid():
        materials.add_version(material, version.content, by=request.user, at=timezone.now())
        return redirect(_board(material.event))
    context = {"event": material.event, "board": _board(material.event), "version": version}
    return render(request, "events/material_form.html", {**context, "material": material})


@allowed_if(can_approve_materials)
@require_POST
def material_approve(request: StaffRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    try:
        materials.approve(version, by=request.user, at=timezone.now())
    except DecisionRefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect(_board(version.material.event))


@allowed_if(can_approve_materials)
@require_POST
def material_send_back(request: StaffRequest, pk: int) -> HttpResponse:
    version, form = _version(request, pk), SendBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Say what is to change."))
        return redirect(_board(version.material.event))
    try:
        comment = form.cleaned_data["comment"]
        materials.send_back(version, by=request.user, at=timezone.now(), comment=comment)
    except DecisionRefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect(_board(version.material.event))


@allowed_if(can_see_events)
@require_GET
def material_file(request: StaffRequest, pk: int) -> FileResponse:
    version = _version(request, pk)
    if version.file is None:
        raise Http404
    return send(version.file, inline="shown" in request.GET)


def _version(request: StaffRequest, pk: int) -> MaterialVersion:
    """Read a version of an event whose board the person may see."""
    versions = MaterialVersion.objects.select_related("file", "made_by", "material__event")
    seen = Event.objects.with_board_for(request.user)
    return get_object_or_404(versions.filter(material__event__in=seen), pk=pk)


def _board(event: Event) -> str:
    return board_url(event) + "#materials"
