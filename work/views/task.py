"""Pages of tasks: the list, one task, what is said about it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from events.models import Event
from files import uploads
from files.http import send
from outbox.paging import page_of
from plans.local_time import local_day
from work import editing
from work.forms.task import CloseForm, CommentForm, FileForm, TaskFilterForm, TaskForm
from work.models import StepRefusedError, Task, TaskComment, TaskFile, TaskQuerySet
from work.models.task import SHOWN_WITH
from work.rules import can_create_tasks, can_edit_task, can_see_tasks
from work.views.asked import get_task, permitted

TASKS_ON_A_PAGE = 50
LATEST_DUE_FIRST = ("-due_on", "-pk")
LATEST_DONE_FIRST = ("-done_at", "-pk")
ORDERS = {
    "done": LATEST_DONE_FIRST,
    "late": LATEST_DONE_FIRST,
    "missed": LATEST_DUE_FIRST,
    "closed": LATEST_DUE_FIRST,
    "all": LATEST_DUE_FIRST,
}
"""What is open or overdue is listed with what is due first on top."""


@allowed_if(can_see_tasks)
@require_GET
def task_list(request: StaffRequest) -> HttpResponse:
    today = local_day(timezone.now())
    form = TaskFilterForm(request.GET)
    visible = Task.objects.visible_to(request.user)
    wanted = form.cleaned_data if form.is_valid() else {}
    tasks = chosen(visible, wanted, today)
    order = ORDERS.get(wanted.get("state", ""), ("due_on", "pk"))
    page = page_of(tasks, request.GET, TASKS_ON_A_PAGE, order=order, related=SHOWN_WITH)
    context = {
        "form": form,
        "page": page,
        "today": today,
        "is_narrowed": any(request.GET.get(name) for name in ("q", "state", "role", "person")),
        "can_create": can_create_tasks(request.user),
    }
    return render(request, "work/task_list.html", context)


def chosen(tasks: TaskQuerySet, wanted: dict[str, Any], today: date) -> TaskQuerySet:
    found = tasks.search(wanted.get("q", ""))
    if role := wanted.get("role"):
        found = found.filter(role=role)
    if person := wanted.get("person"):
        found = found.filter(assignee=person)
    match wanted.get("state"):
        case "overdue":
            return found.overdue(today)
        case "done":
            return found.filter(done_at__isnull=False)
        case "late":
            return found.filter(is_late=True)
        case "missed":
            return found.filter(missed_at__isnull=False)
        case "closed":
            return found.filter(closed_at__isnull=False)
        case "all":
            return found
    return found.open()


@allowed_if(can_create_tasks)
def task_create(request: StaffRequest) -> HttpResponse:
    event = None
    if number := request.GET.get("event"):
        event = get_object_or_404(Event, pk=number if number.isdecimal() else 0)
    now = timezone.now()
    task = Task(role=request.user.role, assignee=request.user, due_on=local_day(now), event=event)
    form = TaskForm(request.POST or None, instance=task)
    if request.method == "POST" and form.is_valid():
        editing.create(form, by=request.user, now=now)
        messages.success(request, gettext("The task is added."))
        return redirect("events:event_detail", event.pk) if event else redirect("work:task_list")
    return render(request, "work/task_form.html", {"form": form, "event": event})


@allowed_if(can_see_tasks)
@require_GET
def task_detail(request: StaffRequest, pk: int) -> HttpResponse:
    task = get_task(request, pk)
    context = {
        "task": task,
        "today": local_day(timezone.now()),
        "comments": task.comments.select_related("by"),
        "changes": task.changes.select_related("by", "new_assignee"),
        "files": task.files.select_related("stored__uploaded_by"),
        "comment_form": CommentForm(),
        "file_form": FileForm(),
        "can_edit": can_edit_task(request.user, task),
        "can_close": can_edit_task(request.user, task) and task.is_open,
    }
    return render(request, "work/task_detail.html", context)


@allowed_if(can_see_tasks)
def task_update(request: StaffRequest, pk: int) -> HttpResponse:
    task = get_task(request, pk)
    permitted(can_edit_task(request.user, task))
    before = get_task(request, pk)
    form = TaskForm(request.POST or None, instance=task)
    if (
        request.method == "POST"
        and form.is_valid()
        and editing.save(form, before, by=request.user, now=timezone.now())
    ):
        messages.success(request, gettext("The task is saved."))
        is_still_seen = Task.objects.visible_to(request.user).filter(pk=pk).exists()
        return redirect("work:task_detail", pk) if is_still_seen else redirect("work:my_day")
    return render(request, "work/task_form.html", {"form": form, "task": before})


@allowed_if(can_see_tasks)
def task_close(request: StaffRequest, pk: int) -> HttpResponse:
    task = get_task(request, pk)
    permitted(can_edit_task(request.user, task))
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            task.close(form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except StepRefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("The task is closed."))
        return redirect("work:task_detail", pk)
    return render(request, "work/task_close.html", {"form": form, "task": task})


@allowed_if(can_see_tasks)
@require_POST
def comment_create(request: StaffRequest, pk: int) -> HttpResponse:
    task = get_task(request, pk)
    form = CommentForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        TaskComment.objects.create(task=task, text=text, at=timezone.now(), by=request.user)
    else:
        messages.error(request, gettext("Write something first, at most 2000 characters."))
    return redirect("work:task_detail", pk)


@allowed_if(can_see_tasks)
@require_POST
def file_create(request: StaffRequest, pk: int) -> HttpResponse:
    task = get_task(request, pk)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        stored = uploads.store(upload, by=request.user, at=timezone.now())
        TaskFile.objects.create(task=task, stored=stored)
        messages.success(request, gettext("The file is added."))
    else:
        messages.error(request, str(form.errors["upload"][0]))
    return redirect("work:task_detail", pk)


@allowed_if(can_see_tasks)
@require_GET
def file_detail(request: StaffRequest, pk: int) -> FileResponse:
    files = TaskFile.objects.filter(task__in=Task.objects.visible_to(request.user))
    found = get_object_or_404(files.select_related("stored"), pk=pk)
    return send(found.stored, inline=True)
