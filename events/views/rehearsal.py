"""Rehearsing an event: begin, move the pretended clock, let things happen, send to the team."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from events import rehearsal_page, reminders
from events.event_type import get_type
from events.forms.rehearsal import ActForm, ClockForm, RehearsalForm, SendForm
from events.models import Rehearsal
from events.rehearsal import rehearsing
from events.rehearsal.script import Act
from events.rehearsal.sending import send
from events.rehearsal_page import Scene
from events.rules import can_manage_events
from events.views.event import get_event
from outbox.test_messages import NotSentError


@allowed_if(can_manage_events)
def rehearsal_create(request: StaffRequest, pk: int) -> HttpResponse:
    event, now = get_event(pk), timezone.now()
    if event.is_cancelled or event.has_ended(now):
        raise PermissionDenied
    form = RehearsalForm(request.POST or None, initial={"recipients": [request.user]})
    if request.method == "POST" and form.is_valid():
        rules = reminders.rules_of(event)
        made = rehearsing.begin(event, rules, **form.cleaned_data, by=request.user, now=now)
        return redirect("events:rehearsal_detail", pk, made.pk)
    context = {"event": event, "type": get_type(event.kind), "form": form}
    return render(request, "events/rehearsal_create.html", context)


@allowed_if(can_manage_events)
@require_GET
def rehearsal_detail(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    found = _scene(pk, number)
    context = {
        "event": found.event,
        "rehearsal": found.rehearsal,
        "scene": found,
        "acts": _forms(found),
        "clock": ClockForm(initial={"to": found.rehearsal.clock}, auto_id="id_clock_%s"),
        "team": found.rehearsal.team(),
    }
    return render(request, "events/rehearsal_detail.html", context)


@allowed_if(can_manage_events)
@require_POST
def rehearsal_clock(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """Move the pretended clock: to the next moment, to the end, back, or to a minute."""
    found = _scene(pk, number)
    form = ClockForm(request.POST)
    match request.POST.get("do"):
        case "next" if found.coming is not None:
            rehearsing.set_clock(found.rehearsal, found.coming.at)
        case "end":
            rehearsing.set_clock(found.rehearsal, found.ends_at)
        case "again":
            rehearsing.begin_again(found.rehearsal)
        case "jump" if form.is_valid():
            rehearsing.set_clock(found.rehearsal, form.cleaned_data["to"])
        case "jump":
            messages.error(request, _problems(form))
    rehearsal_page.check_at_the_end(found, timezone.now())
    return redirect("events:rehearsal_detail", pk, number)


@allowed_if(can_manage_events)
@require_POST
def rehearsal_act(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    found = _scene(pk, number)
    if request.POST.get("act") not in list(Act):
        raise Http404
    form = ActForm(request.POST, wanted=Act(request.POST["act"]), stage=found.stage)
    if form.is_valid():
        who, starts_at = form.cleaned_data.get("who", ""), form.cleaned_data.get("starts_at")
        rehearsing.let_happen(found.rehearsal, form.wanted, who=who, starts_at=starts_at)
    else:
        messages.error(request, _problems(form))
    return redirect("events:rehearsal_detail", pk, number)


@allowed_if(can_manage_events)
@require_POST
def rehearsal_send(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """Send the messages of one moment to members of the team, for real."""
    found = _scene(pk, number)
    form = SendForm(request.POST, rehearsal=found.rehearsal)
    moment = found.moment(request.POST.get("of", ""))
    if moment is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, gettext("Choose who of the team gets them."))
        return redirect("events:rehearsal_detail", pk, number)
    try:
        count = send(found.rehearsal, moment, form.cleaned_data["to"], timezone.now())
    except NotSentError as problem:
        messages.error(request, str(problem))
    else:
        sentence = ngettext(
            "%(count)s message went to the team, and none to a participant.",
            "%(count)s messages went to the team, and none to a participant.",
            count,
        )
        messages.success(request, sentence % {"count": count})
    return redirect("events:rehearsal_detail", pk, number)


@allowed_if(can_manage_events)
@require_POST
def rehearsal_delete(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    get_object_or_404(Rehearsal, pk=number, event=pk).delete()
    messages.success(request, gettext("The rehearsal is deleted."))
    return redirect("events:event_detail", pk)


def _scene(pk: int, number: int) -> Scene:
    event = get_event(pk)
    rehearsal = get_object_or_404(
        Rehearsal.objects.select_related("created_by"), pk=number, event=pk
    )
    rehearsal.event = event
    return rehearsal_page.scene(rehearsal, event)


def _forms(found: Scene) -> list[ActForm]:
    """Return a form for each thing that can happen now and needs a person or a time."""
    wanted = [Act.JOIN, Act.REGISTER, Act.CANCEL, Act.MOVE]
    forms = [ActForm(wanted=act, stage=found.stage) for act in wanted]
    return [form for form in forms if form.is_possible]


def _problems(form: Form) -> str:
    return " ".join(str(problem) for found in form.errors.values() for problem in found)
