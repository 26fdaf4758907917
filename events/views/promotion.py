"""Where an event is advertised, and which activity of the plan it carries out."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.http import StaffRequest, allowed_if
from events import advertising, from_plan
from events.event_type import board_url, get_type
from events.forms.activity import ActivityForm
from events.forms.publication import PublicationForm
from events.models import Event
from events.rules import can_prepare_events
from plans.models import PublishingRefusedError


@allowed_if(can_prepare_events)
def publication_create(request: StaffRequest, pk: int) -> HttpResponse:
    """Record a live post; what is missing for it is said, and a reason is asked for."""
    event = get_object_or_404(
        Event.objects.exclude(activity=None).select_related("activity"), pk=pk
    )
    form = PublicationForm(request.POST or None, event=event)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            advertising.record(
                event,
                wanted["channel"],
                wanted["url"],
                by=request.user,
                at=timezone.now(),
                reason=wanted["reason"],
            )
        except PublishingRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(board_url(event) + "#publication")
    context = {"event": event, "board": board_url(event), "form": form}
    return render(request, "events/publication_create.html", context)


@allowed_if(can_prepare_events)
def activity_link(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk, activity=None)
    form = ActivityForm(request.POST or None, kinds=get_type(event.kind).activity_kinds)
    if request.method == "POST" and form.is_valid():
        try:
            from_plan.link(event, form.cleaned_data["activity"])
        except from_plan.ActivityRefusedError as refusal:
            form.add_error("activity", str(refusal))
        else:
            return redirect(board_url(event))
    context = {"event": event, "board": board_url(event), "form": form}
    return render(request, "events/activity_link.html", context)
