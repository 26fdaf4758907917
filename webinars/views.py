"""Pages of a webinar's preparation: its board, the parts of it, its presenters."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from documents.editing import RevisedForm
from events.from_plan import ActivityRefusedError
from events.models import Event
from events.rules import (
    can_approve_materials,
    can_prepare_events,
    can_run_room,
    can_see_board,
    can_see_events,
    can_see_people,
)
from events.views.event import frame, get_event
from files.http import send
from files.models import StoredFile
from plans.models import Activity
from webinars import activity as from_activity
from webinars import board_page, checklist, forms, preparation
from webinars.models import Presenter, Webinar, of_event, stored_of_event
from webinars.rules import can_edit_contract, can_see_contract

PARTS: dict[str, type[RevisedForm]] = {
    "topic": forms.TopicForm,
    "contract": forms.ContractForm,
    "pay": forms.PayForm,
    "moderation": forms.ModerationForm,
}
PRESENTERS_ON_A_PAGE = 50
FOR_FEW = ("contract", "pay")


@allowed_if(can_see_events)
@require_GET
def board(request: StaffRequest, pk: int) -> HttpResponse:
    event = _webinar_event(pk)
    if not can_see_board(request.user, event):
        raise Http404
    page = board_page.page(event, request.user, timezone.now())
    presenter = page.webinar.presenter
    context = {
        "page": page,
        "presenter_about": presenter.about(get_language() or "") if presenter else "",
        "can_prepare": can_prepare_events(request.user),
        "can_approve": can_approve_materials(request.user),
        "can_tick": can_run_room(request.user, event),
        "can_see_contract": can_see_contract(request.user),
        "can_edit_contract": can_edit_contract(request.user),
    }
    return render(request, "webinars/board.html", frame(request, event, "board", context))


@allowed_if(can_prepare_events)
def part_update(request: StaffRequest, pk: int, part: str) -> HttpResponse:
    event = _webinar_event(pk)
    if part not in PARTS:
        raise Http404
    if part in FOR_FEW and not can_edit_contract(request.user):
        raise PermissionDenied
    is_post = request.method == "POST"
    webinar = stored_of_event(event) if is_post else of_event(event)
    webinar.event = event
    form = PARTS[part](request.POST or None, request.FILES or None, instance=webinar)
    if is_post and form.is_valid() and preparation.save(form, by=request.user, at=timezone.now()):
        return redirect(_board(event, part))
    context = {"event": event, "form": form, "part": part, "board": _board(event, part)}
    return render(request, "webinars/part_update.html", context)


@allowed_if(can_see_events)
@require_POST
def checklist_tick(request: StaffRequest, pk: int, key: str) -> HttpResponse:
    event = _webinar_event(pk)
    if key not in checklist.LINES or not can_see_board(request.user, event):
        raise Http404
    if not can_run_room(request.user, event):
        raise PermissionDenied
    webinar = stored_of_event(event)
    if "back" in request.POST:
        checklist.take_back(webinar, key)
    else:
        checklist.tick(webinar, key, by=request.user, at=timezone.now())
    return redirect(_board(event, "moderation"))


@allowed_if(can_see_contract)
@require_GET
def contract_file(request: StaffRequest, pk: int) -> FileResponse:
    webinar = get_object_or_404(Webinar.objects.select_related("contract_file"), event=pk)
    return send(_there(webinar.contract_file))


@allowed_if(can_see_people)
@require_GET
def presenter_list(request: StaffRequest) -> HttpResponse:
    presenters = Presenter.objects.prefetch_related("webinars__event")
    page = Paginator(presenters, PRESENTERS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "can_prepare": can_prepare_events(request.user)}
    return render(request, "webinars/presenter_list.html", context)


@allowed_if(can_prepare_events)
def presenter_create(request: StaffRequest) -> HttpResponse:
    return _presenter_form(request, Presenter())


@allowed_if(can_prepare_events)
def presenter_update(request: StaffRequest, pk: int) -> HttpResponse:
    return _presenter_form(request, get_object_or_404(Presenter, pk=pk))


def _presenter_form(request: StaffRequest, presenter: Presenter) -> HttpResponse:
    form = forms.PresenterForm(request.POST or None, request.FILES or None, instance=presenter)
    if (
        request.method == "POST"
        and form.is_valid()
        and preparation.save_presenter(form, by=request.user, at=timezone.now())
    ):
        messages.success(request, gettext("The presenter is saved."))
        return redirect("webinars:presenter_list")
    return render(request, "webinars/presenter_form.html", {"form": form, "presenter": presenter})


@allowed_if(can_see_events)
@require_GET
def presenter_photo(request: StaffRequest, pk: int) -> FileResponse:
    presenters = Presenter.objects.visible_to(request.user).select_related("photo")
    return send(_there(get_object_or_404(presenters, pk=pk).photo), inline=True)


@allowed_if(can_prepare_events)
@require_POST
def activity_make(request: StaffRequest, pk: int) -> HttpResponse:
    """Make the event of an activity of the plan, and go to its board."""
    activity = get_object_or_404(Activity, pk=pk)
    try:
        event = from_activity.make_event(activity, by_id=request.user.pk, now=timezone.now())
    except ActivityRefusedError as refusal:
        raise PermissionDenied(str(refusal)) from None
    return redirect(_board(event))


def _webinar_event(pk: int) -> Event:
    event = get_event(pk)
    if event.kind != "webinar":
        raise Http404
    return event


def _there(file: StoredFile | None) -> StoredFile:
    if file is None:
        raise Http404
    return file


def _board(event: Event, part: str = "") -> str:
    return reverse("webinars:board", args=[event.pk]) + (f"#{part}" if part else "")
