"""Blocked addresses: all of them, lifting one, and reading the providers' STOP lists."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from events import blocks
from events.forms.participant import BlockLiftForm
from events.rules import can_manage_events, can_see_people
from outbox import stop_lists
from outbox.rules import can_read_stop_lists
from people.models import AddressBlock

BLOCKS_ON_A_PAGE = 50


@allowed_if(can_see_people)
@require_GET
def block_list(request: StaffRequest) -> HttpResponse:
    in_force = AddressBlock.objects.in_force().order_by("-blocked_at", "-pk")
    page = Paginator(in_force, BLOCKS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": blocks.with_people(page.object_list),
        "can_lift": can_manage_events(request.user),
        "can_read": can_read_stop_lists(request.user),
        "stop_lists": [channel.name for channel in stop_lists.channels()],
    }
    return render(request, "events/block_list.html", context)


@allowed_if(can_manage_events)
def block_lift(request: StaffRequest, pk: int) -> HttpResponse:
    block = get_object_or_404(AddressBlock.objects.in_force(), pk=pk)
    form = BlockLiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        try:
            blocks.lift(block, reason=reason, by=request.user, at=now)
        except blocks.StillStoppedError as error:
            form.add_error(None, str(error))
        else:
            text = gettext("Messages go to %(address)s again.") % {"address": block.address}
            messages.success(request, text)
            return redirect("events:block_list")
    context = {"form": form, "blocked": blocks.with_people([block])[0]}
    return render(request, "events/block_lift.html", context)


@allowed_if(can_read_stop_lists)
@require_POST
def stop_lists_read(request: StaffRequest) -> HttpResponse:
    blocked, problems = stop_lists.read_all(timezone.now())
    for problem in problems:
        messages.error(request, problem)
    if blocked or not problems:
        text = ngettext(
            "The STOP lists are read: %(count)s address is newly blocked.",
            "The STOP lists are read: %(count)s addresses are newly blocked.",
            blocked,
        )
        messages.success(request, text % {"count": blocked})
    return redirect("events:block_list")
