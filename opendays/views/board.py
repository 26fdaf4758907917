"""Pages of an open day's preparation: its board, the concept, the leads that came of it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from documents.editing import RevisedForm
from events.from_plan import ActivityRefusedError
from events.models import Event
from events.rules import can_approve_materials, can_prepare_events, can_see_board, can_see_events
from events.views.event import frame, get_event
from opendays import activity as from_activity
from opendays import preparation
from opendays.forms import ConceptForm, LeadCountForm
from opendays.models import LeadCount, Series
from plans.models import Activity


@allowed_if(can_see_events)
@require_GET
def board(request: StaffRequest, pk: int) -> HttpResponse:
    event = _open_day(pk)
    if not can_see_board(request.user, event):
        raise Http404
    context = {
        "page": preparation.page(event, timezone.now()),
        "can_prepare": can_prepare_events(request.user),
        "can_approve": can_approve_materials(request.user),
    }
    return render(request, "opendays/board.html", frame(request, event, "board", context))


@allowed_if(can_prepare_events)
def concept_update(request: StaffRequest, pk: int) -> HttpResponse:
    event = _open_day(pk)
    is_post = request.method == "POST"
    found = preparation.stored_promotion_of if is_post else preparation.promotion_of
    form = ConceptForm(request.POST or None, instance=found(event))
    return _part(request, event, form, "concept")


@allowed_if(can_prepare_events)
def lead_count_update(request: StaffRequest, pk: int) -> HttpResponse:
    event = _open_day(pk)
    if request.method == "POST":
        LeadCount.objects.get_or_create(event=event)
    form = LeadCountForm(request.POST or None, instance=preparation.lead_count_of(event))
    return _part(request, event, form, "funnel")


def _part(request: StaffRequest, event: Event, form: RevisedForm, part: str) -> HttpResponse:
    back = f"{reverse('opendays:board', args=[event.pk])}#{part}"
    if (
        request.method == "POST"
        and form.is_valid()
        and form.save_revised(by=request.user, at=timezone.now())
    ):
        return redirect(back)
    context = {"event": event, "form": form, "part": part, "board": back}
    return render(request, "opendays/part_update.html", context)


@allowed_if(can_prepare_events)
@require_POST
def activity_make(request: StaffRequest, pk: int) -> HttpResponse:
    """Make the event or the series of an activity of the plan, and go to it."""
    activity = get_object_or_404(Activity, pk=pk)
    try:
        made = from_activity.make(activity, by_id=request.user.pk, now=timezone.now())
    except ActivityRefusedError as refusal:
        raise PermissionDenied(str(refusal)) from None
    name = "opendays:series_detail" if isinstance(made, Series) else "opendays:board"
    return redirect(name, made.pk)


def _open_day(pk: int) -> Event:
    event = get_event(pk)
    if event.kind != "open_day":
        raise Http404
    return event
