"""Pages of hand-overs: somebody is away, and somebody stands in."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from plans.local_time import local_day
from work import hand_over as domain
from work.forms.hand_over import HandOverForm
from work.models import HandOver
from work.rules import can_see_tasks, can_take_back
from work.views.asked import permitted

HAND_OVERS_ON_A_PAGE = 25
TASKS_SHOWN = 100


@allowed_if(can_see_tasks)
@require_GET
def hand_over_list(request: StaffRequest) -> HttpResponse:
    found = HandOver.objects.visible_to(request.user)
    people = found.select_related("person", "to", "returned_by")
    page = Paginator(people, HAND_OVERS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(each, can_take_back(request.user, each)) for each in page],
        "today": local_day(timezone.now()),
    }
    return render(request, "work/hand_over_list.html", context)


@allowed_if(can_see_tasks)
def hand_over_create(request: StaffRequest) -> HttpResponse:
    """Ask who and when, show which tasks go over, and only then hand over."""
    now = timezone.now()
    today = local_day(now)
    hand_over = HandOver(made_by=request.user)
    form = HandOverForm(
        request.POST or None,
        instance=hand_over,
        user=request.user,
        initial={"person": request.GET.get("person", request.user.pk), "first_on": today},
    )
    context: dict[str, Any] = {"form": form, "today": today}
    if request.method == "POST" and form.is_valid():
        if doubt := domain.doubt(hand_over):
            form.add_error(None, doubt)
        elif form.is_confirmed:
            return _hand_over(request, hand_over)
        else:
            tasks = domain.tasks_to_carry(hand_over, today).select_related("event")
            read = list(tasks[: TASKS_SHOWN + 1])
            context |= {
                "hand_over": hand_over,
                "tasks": read[:TASKS_SHOWN],
                "has_more": len(read) > TASKS_SHOWN,
            }
    return render(request, "work/hand_over_form.html", context)


def _hand_over(request: StaffRequest, hand_over: HandOver) -> HttpResponse:
    now = timezone.now()
    try:
        count = domain.make(hand_over, today=local_day(now), now=now)
    except domain.HandOverRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("work:hand_over_create")
    words = ngettext(
        "%(count)s task is handed over to %(name)s.",
        "%(count)s tasks are handed over to %(name)s.",
        count,
    )
    messages.success(request, words % {"count": count, "name": hand_over.to})
    return redirect("work:hand_over_list")


@allowed_if(can_see_tasks)
@require_POST
def hand_over_take_back(request: StaffRequest, pk: int) -> HttpResponse:
    found = HandOver.objects.visible_to(request.user).select_related("person")
    hand_over = get_object_or_404(found, pk=pk)
    permitted(can_take_back(request.user, hand_over))
    if hand_over.returned_at is not None:
        messages.info(request, gettext("The tasks have gone back already."))
        return redirect("work:hand_over_list")
    count = domain.take_back(hand_over, by=request.user, now=timezone.now())
    words = ngettext(
        "%(count)s task goes back to %(name)s.", "%(count)s tasks go back to %(name)s.", count
    )
    messages.success(request, words % {"count": count, "name": hand_over.person})
    return redirect("work:hand_over_list")
