"""The outbox: every message, what became of it, and the decisions only people can take."""

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from outbox import decisions, detours, pause, rules, undecided
from outbox.blocks import name_of
from outbox.channels.base import can_be_asked
from outbox.forms import MessageFilter, PauseForm, SeenForm
from outbox.models import Detour, Dispatch, Message
from outbox.naming import names_of
from outbox.paging import page_of

PAGE = 50
RECIPIENT = ("dispatch", "participant", "user")

DECISIONS = {
    "retry": decisions.retry,
    "sent": decisions.settle_as_sent,
    "again": decisions.settle_by_sending_again,
    "drop": decisions.settle_as_not_needed,
}


@allowed_if(rules.can_see_messages)
@require_GET
def message_list(request: StaffRequest) -> HttpResponse:
    form = MessageFilter(request.GET)
    found = form.apply(Message.objects.all())
    taken = detours.in_force()
    page = page_of(found, request.GET, PAGE, order=form.order, related=RECIPIENT)
    groups = undecided.groups(found) if form.shows_groups else []
    titles = {each.dispatch_id: each.dispatch.title for each in page.rows}
    titles |= {each.dispatch_id: each.title for each in groups}
    context = {
        "form": form,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "page": page,
        "names": names_of(titles),
        "undecided": Message.objects.for_a_person().count(),
        "groups": groups,
        "can_decide": rules.can_decide_messages(request.user),
        "pause": pause.current(),
        "can_stop": rules.can_stop_all_sending(request.user),
        "ways_out": detours.ways_out(timezone.now(), taken),
        "detours": taken,
        "can_make_detours": rules.can_make_detours(request.user),
    }
    return render(request, "outbox/message_list.html", context)


@allowed_if(rules.can_see_messages)
@require_GET
def message_detail(request: StaffRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(_with_recipient(), pk=pk)
    may_decide = rules.can_decide_messages(request.user)
    context = {
        "message": message,
        "name": _name_of(message.dispatch),
        "history": message.history.select_related("by"),
        "can_retry": may_decide and decisions.can_retry(message, timezone.now()),
        "can_settle": may_decide and decisions.can_settle(message),
        "can_send_again": may_decide and decisions.can_send_again(message, timezone.now()),
    }
    return render(request, "outbox/message_detail.html", context)


@allowed_if(rules.can_decide_messages)
@require_POST
def message_decide(request: StaffRequest, pk: int, decision: str) -> HttpResponse:
    message = get_object_or_404(_with_recipient(), pk=pk)
    try:
        DECISIONS[decision](message, by_id=request.user.pk, at=timezone.now())
    except decisions.DecisionRefusedError as error:
        flash.error(request, str(error))
    return redirect("outbox:message_detail", pk)


@allowed_if(rules.can_decide_messages)
@require_GET
def undecided_detail(request: StaffRequest, dispatch: int, channel: str) -> HttpResponse:
    found = get_object_or_404(Dispatch, pk=dispatch)
    waiting = undecided.waiting(dispatch, channel, timezone.now())
    context = {
        "dispatch": found,
        "name": _name_of(found),
        "channel": channel,
        "waiting": waiting,
        "can_be_asked": can_be_asked(channel),
        "form": SeenForm.of(waiting.seen),
    }
    return render(request, "outbox/undecided_detail.html", context)


@allowed_if(rules.can_decide_messages)
@require_POST
def undecided_decide(
    request: StaffRequest, dispatch: int, channel: str, decision: str
) -> HttpResponse:
    get_object_or_404(Dispatch, pk=dispatch)
    form = SeenForm(request.POST)
    if form.is_valid():
        chosen, seen = undecided.DECISIONS[decision], form.cleaned_data["seen"]
        decided = undecided.decide(
            (dispatch, channel), chosen, seen, by_id=request.user.pk, at=timezone.now()
        )
        flash.info(request, _decided(decided))
        if decided < len(seen):
            flash.warning(request, _left_alone(len(seen) - decided))
    return redirect("outbox:undecided_detail", dispatch, channel)


@allowed_if(rules.can_stop_all_sending)
def sending_pause(request: StaffRequest) -> HttpResponse:
    form = PauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        pause.pause(form.cleaned_data["reason"], by_id=request.user.pk, at=timezone.now())
        flash.warning(request, gettext("All sending is stopped until you resume it."))
        return redirect("outbox:message_list")
    return render(request, "outbox/sending_pause.html", {"form": form})


@allowed_if(rules.can_stop_all_sending)
@require_POST
def sending_resume(request: StaffRequest) -> HttpResponse:
    pause.resume(by_id=request.user.pk, at=timezone.now())
    flash.info(request, gettext("Sending goes on: what is still of use goes out now."))
    return redirect("outbox:message_list")


@allowed_if(rules.can_make_detours)
@require_POST
def detour_begin(request: StaffRequest, channel: str, goes_by: str) -> HttpResponse:
    try:
        moved = detours.begin(channel, goes_by, by_id=request.user.pk, at=timezone.now())
    except detours.DetourRefusedError as error:
        flash.error(request, str(error))
    else:
        flash.info(request, _moved(moved, goes_by))
    return redirect("outbox:message_list")


@allowed_if(rules.can_make_detours)
@require_POST
def detour_end(request: StaffRequest, pk: int) -> HttpResponse:
    detour = get_object_or_404(Detour, pk=pk)
    moved = detours.end(detour, by_id=request.user.pk, at=timezone.now())
    flash.info(request, _moved(moved, detour.channel))
    return redirect("outbox:message_list")


def _decided(count: int) -> str:
    text = ngettext(
        "%(count)s message was decided on.", "%(count)s messages were decided on.", count
    )
    return text % {"count": count}


def _left_alone(count: int) -> str:
    text = ngettext(
        "%(count)s message was left alone: its state has changed, or it is of no use any more.",
        "%(count)s messages were left alone: their state has changed, or they are of no use any "
        "more.",
        count,
    )
    return text % {"count": count}


def _moved(count: int, channel: str) -> str:
    text = ngettext(
        "%(count)s message that waited goes by another way now: %(channel)s.",
        "%(count)s messages that waited go by another way now: %(channel)s.",
        count,
    )
    return text % {"count": count, "channel": name_of(channel)}


def _name_of(dispatch: Dispatch) -> str:
    return names_of({dispatch.pk: dispatch.title})[dispatch.pk]


def _with_recipient() -> QuerySet[Message]:
    return Message.objects.select_related(*RECIPIENT)
