"""Pages of task templates: what every new event of a kind gets, tried on a made-up event."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from events.event_type import EventType, all_types
from events.models import Event
from plans.local_time import local_day
from work.forms.template import SampleForm, TemplateForm
from work.models import TaskTemplate
from work.rules import can_edit_templates, can_see_tasks

AHEAD = timedelta(weeks=10)
"""A made-up event lies this far ahead, so that most of its tasks do too."""


@dataclass(frozen=True)
class Line:
    """A template, and the day its task of the sample event would be due, if there is one."""

    template: TaskTemplate
    due_on: date | None


@allowed_if(can_see_tasks)
@require_GET
def template_list(request: StaffRequest, kind: str = "") -> HttpResponse:
    event_type = _type(kind) if kind else all_types()[0]
    form = sample_form(request, event_type.key)
    times = form.times() if form.is_valid() else None
    templates = TaskTemplate.objects.for_kind(event_type.key)
    lines = [Line(each, each.due_on(*times) if times else None) for each in templates]
    context = {
        "type": event_type,
        "types": all_types(),
        "form": form,
        "lines": lines,
        "can_edit": can_edit_templates(request.user),
    }
    return render(request, "work/template_list.html", context)


def sample_form(request: StaffRequest, kind: str) -> SampleForm:
    """Take the day asked for, or that of the next event of the kind, or one some weeks ahead."""
    if "on" in request.GET:
        return SampleForm(request.GET)
    return SampleForm({"on": sample_day(kind, timezone.now())})


def sample_day(kind: str, now: datetime) -> date:
    coming = Event.objects.filter(kind=kind).going_ahead().upcoming(now).first()
    return local_day(coming.starts_at) if coming else local_day(now) + AHEAD


@allowed_if(can_edit_templates)
def template_create(request: StaffRequest, kind: str) -> HttpResponse:
    event_type = _type(kind)
    last = TaskTemplate.objects.for_kind(kind).last()
    template = TaskTemplate(event_kind=kind, position=last.position + 1 if last else 0)
    return _form_page(request, template, event_type)


@allowed_if(can_edit_templates)
def template_update(request: StaffRequest, pk: int) -> HttpResponse:
    template = get_object_or_404(TaskTemplate, pk=pk)
    return _form_page(request, template, _type(template.event_kind))


def _form_page(
    request: StaffRequest, template: TaskTemplate, event_type: EventType
) -> HttpResponse:
    """Ask, show on which day it would be due, and only save where that was not all."""
    now = timezone.now()
    form = TemplateForm(request.POST or None, instance=template)
    sample = SampleForm({"on": request.POST.get("on") or sample_day(event_type.key, now)})
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and "preview" not in request.POST and form.save_revised(by=request.user, at=now):
        messages.success(request, gettext("The template is saved. New events go by it."))
        return redirect("work:template_list", event_type.key)
    context = {"form": form, "type": event_type, "template": template, "sample": sample}
    if sample.is_valid() and (is_valid or request.method == "GET"):
        context["due_on"] = template.due_on(*sample.times())
    return render(request, "work/template_form.html", context)


def _type(kind: str) -> EventType:
    found = next((each for each in all_types() if each.key == kind), None)
    if found is None:
        raise Http404(gettext("There is no such kind of event."))
    return found
