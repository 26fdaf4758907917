"""One's day, and ticking."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if, way_back
from plans.local_time import local_day
from work import event_tasks
from work import my_day as domain
from work.forms.task import LateReasonForm
from work.models import StepRefusedError, Task
from work.rules import can_create_tasks, can_explain, can_see_tasks, can_tick, leads_work
from work.views.asked import get_task, permitted


@allowed_if(can_see_tasks)
@require_GET
def my_day(request: StaffRequest) -> HttpResponse:
    today = local_day(timezone.now())
    context = {
        "today": today,
        "day": domain.day_of(request.user, today),
        "moved": event_tasks.with_undecided_tasks() if leads_work(request.user) else [],
        "can_create": can_create_tasks(request.user),
    }
    return render(request, "work/my_day.html", context)


@allowed_if(can_see_tasks)
@require_POST
def task_complete(request: StaffRequest, pk: int) -> HttpResponse:
    task = get_task(request, pk)
    permitted(can_tick(request.user, task))
    return _step(request, task, task.complete, gettext("Done: %(task)s"))


@allowed_if(can_see_tasks)
@require_POST
def task_take(request: StaffRequest, pk: int) -> HttpResponse:
    task = get_task(request, pk)
    permitted(task.role == request.user.role)
    return _step(request, task, task.take, gettext("This is your task now: %(task)s"))


@allowed_if(can_see_tasks)
@require_POST
def task_reopen(request: StaffRequest, pk: int) -> HttpResponse:
    task = get_task(request, pk)
    permitted(can_tick(request.user, task))
    return _step(request, task, task.reopen, gettext("Not done after all: %(task)s"))


def _step(request: StaffRequest, task: Task, take: Callable[..., None], said: str) -> HttpResponse:
    """Take a step with a task, and say that it is taken or why it is refused."""
    try:
        take(by=request.user, at=timezone.now())
    except StepRefusedError as refusal:
        return answer(request, task, refusal=str(refusal))
    return answer(request, task, said % {"task": task.name(get_language() or "")})


@allowed_if(can_see_tasks)
@require_POST
def task_explain(request: StaffRequest, pk: int) -> HttpResponse:
    task = get_task(request, pk)
    permitted(can_explain(request.user, task))
    form = LateReasonForm(request.POST)
    if not form.is_valid():
        return answer(request, task, refusal=gettext("The reason is too long."))
    task.late_reason = form.cleaned_data["late_reason"]
    task.save(update_fields=["late_reason"])
    return answer(request, task, gettext("The reason is noted."))


def answer(request: StaffRequest, task: Task, said: str = "", *, refusal: str = "") -> HttpResponse:
    """Give the task's new line, or lead back to the page the tick was on."""
    back = way_back(request, reverse("work:my_day"))
    if request.htmx:
        context: dict[str, Any] = {"task": task, "said": refusal or said, "refusal": refusal}
        return render(request, "work/_ticked.html", context | {"next": back})
    if refusal:
        messages.warning(request, refusal)
    else:
        messages.success(request, said)
    return redirect(back)
