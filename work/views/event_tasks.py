"""An event's tasks: made from the templates, and moved along with the event."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.http import StaffRequest, allowed_if
from events.models import Event
from work import event_tasks as domain
from work.forms.task import MoveTasksForm
from work.rules import leads_work


@allowed_if(leads_work)
@require_POST
def event_tasks_make(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    made = domain.make(event, timezone.now())
    words = ngettext("%(count)s task is made.", "%(count)s tasks are made.", made)
    messages.success(request, words % {"count": made})
    return redirect("events:event_detail", pk)


@allowed_if(leads_work)
def event_tasks_move(request: StaffRequest, pk: int) -> HttpResponse:
    """Show each open task's day before and after, and move those that are ticked."""
    event, now = get_object_or_404(Event, pk=pk), timezone.now()
    if request.method == "POST":
        form = MoveTasksForm(request.POST, event=event)
        if form.is_valid():
            chosen = [task.pk for task in form.cleaned_data["tasks"]]
            moved = domain.move(event, chosen, by=request.user, now=now)
            words = ngettext("%(count)s task has moved.", "%(count)s tasks have moved.", moved)
            messages.success(request, words % {"count": moved})
            return redirect("events:event_detail", pk)
        messages.warning(request, form.errors.as_data().popitem()[1][0].message)
    context = {"event": event, "shifts": domain.shifts(event, now)}
    return render(request, "work/event_tasks_move.html", context)
