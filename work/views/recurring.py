"""Pages of recurring tasks."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from plans.local_time import local_day
from work import recurring as domain
from work.forms.recurring import RecurringForm
from work.models import RecurringTask
from work.rules import can_see_tasks, leads_work

RECURRING_ON_A_PAGE = 50


@allowed_if(can_see_tasks)
@require_GET
def recurring_list(request: StaffRequest) -> HttpResponse:
    found = RecurringTask.objects.select_related("assignee")
    context = {
        "page": Paginator(found, RECURRING_ON_A_PAGE).get_page(request.GET.get("page")),
        "today": local_day(timezone.now()),
        "can_edit": leads_work(request.user),
    }
    return render(request, "work/recurring_list.html", context)


@allowed_if(leads_work)
def recurring_create(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    recurring = RecurringTask(first_on=local_day(now), created_by=request.user, created_at=now)
    return _form_page(request, recurring)


@allowed_if(leads_work)
def recurring_update(request: StaffRequest, pk: int) -> HttpResponse:
    return _form_page(request, get_object_or_404(RecurringTask, pk=pk))


def _form_page(request: StaffRequest, recurring: RecurringTask) -> HttpResponse:
    now, is_new = timezone.now(), recurring.pk is None
    form = RecurringForm(request.POST or None, instance=recurring)
    if request.method == "POST" and form.is_valid() and form.save_revised(by=request.user, at=now):
        domain.start(recurring, local_day(now), now)
        messages.success(request, gettext("The recurring task is saved."))
        return redirect("work:recurring_list")
    context = {"form": form, "recurring": None if is_new else recurring}
    return render(request, "work/recurring_form.html", context)
