"""Pages of a communication plan: what it says, its grid, its key messages, its approval."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from documents.comparison import draft_changes, history
from documents.content import snapshot
from documents.http import steps_for, take_step
from documents.models import InvalidTransitionError
from plans import content
from plans.forms.communication import CommunicationPlanForm, KeyMessageForm, WordingsForm
from plans.grid import fill, grid_of, table_of
from plans.models import CommunicationPlan, KeyMessage
from plans.registers import take_out
from plans.rules import can_edit_communication, can_manage_plans, can_see_plans
from plans.views.intake import find_intake
from plans.views.saving import refuse_locked, saved


def saying(plan: CommunicationPlan) -> dict[str, object]:
    """Write down what the plan says now."""
    return snapshot(lambda: content.communication_lines(plan))


@allowed_if(can_see_plans)
@require_GET
def communication_detail(request: StaffRequest, pk: int) -> HttpResponse:
    intake = find_intake(pk)
    plan = intake.communication_plan
    context = {
        "intake": intake,
        "plan": plan,
        "document": plan.document,
        "grid": grid_of(plan),
        "steps": steps_for(request.user, plan.document),
        "step_url": reverse("plans:communication_step", args=[pk, "x"]).removesuffix("x/"),
        "comment_url": reverse("plans:communication_step", args=[pk, "comment"]),
        "comments": plan.document.comments.select_related("by"),
        "can_edit": can_edit_communication(request.user, intake),
    }
    return render(request, "plans/communication_detail.html", context)


@allowed_if(can_manage_plans)
def communication_update(request: StaffRequest, pk: int) -> HttpResponse:
    intake = find_intake(pk)
    plan = intake.communication_plan
    refuse_locked(request, plan.document)
    form = CommunicationPlanForm(request.POST or None, instance=plan)
    if saved(request, form, plan.document):
        messages.success(request, gettext("The communication plan is saved."))
        return redirect("plans:communication_detail", pk)
    return render(request, "plans/communication_form.html", {"form": form, "intake": intake})


@allowed_if(can_see_plans)
@require_GET
def communication_versions(request: StaffRequest, pk: int) -> HttpResponse:
    intake = find_intake(pk)
    plan = intake.communication_plan
    context = {
        "intake": intake,
        "owner": plan,
        "chapters": history(plan.document),
        "draft": draft_changes(plan.document, saying(plan)) if plan.document.is_open else [],
        "back_url": reverse("plans:communication_detail", args=[pk]),
    }
    return render(request, "plans/versions.html", context)


@allowed_if(can_see_plans)
@require_POST
def communication_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    plan = find_intake(pk).communication_plan
    back = reverse("plans:communication_detail", args=[pk])
    return take_step(
        request,
        plan.document,
        step,
        content=lambda: content.complete_communication(plan),
        back=back,
    )


@allowed_if(can_manage_plans)
def message_create(request: StaffRequest, pk: int) -> HttpResponse:
    plan = find_intake(pk).communication_plan
    last = plan.key_messages.order_by("position").last()
    message = KeyMessage(plan=plan, position=last.position + 1 if last else 1)
    return _edit_message(request, message)


@allowed_if(can_manage_plans)
def message_update(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit_message(request, _message(pk))


def _edit_message(request: StaffRequest, message: KeyMessage) -> HttpResponse:
    plan = message.plan
    refuse_locked(request, plan.document)
    form = KeyMessageForm(request.POST or None, instance=message)
    if saved(request, form, plan.document):
        messages.success(request, gettext("The key message is saved."))
        return redirect("plans:communication_detail", plan.intake_id)
    context = {"form": form, "message": message, "intake": plan.intake}
    return render(request, "plans/message_form.html", context)


@allowed_if(can_manage_plans)
def message_delete(request: StaffRequest, pk: int) -> HttpResponse:
    message = _message(pk)
    refuse_locked(request, message.plan.document)
    if request.method == "POST":
        try:
            take_out(message, message.plan.document)
        except InvalidTransitionError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("The key message is taken out."))
        return redirect("plans:communication_detail", message.plan.intake_id)
    context = {
        "record": message,
        "intake": message.plan.intake,
        "back_url": reverse("plans:communication_detail", args=[message.plan.intake_id]),
        "warning": gettext("What it sounds like to each audience goes with it."),
    }
    return render(request, "plans/take_out.html", context)


@allowed_if(can_manage_plans)
def message_wordings(request: StaffRequest, pk: int) -> HttpResponse:
    """Fill the cells of one key message; a cell somebody else wrote into is shown first."""
    message = _message(pk)
    intake = message.plan.intake
    refuse_locked(request, message.plan.document)
    table = table_of(message, intake.audiences.all(), intake.channels.all())
    form = WordingsForm(request.POST if request.method == "POST" else None, table=table)
    if request.method == "POST" and form.is_valid():
        try:
            clashes = fill(message, form.wanted())
        except InvalidTransitionError as refusal:
            form.add_error(None, str(refusal))
        else:
            if not clashes:
                messages.success(request, gettext("The wordings are saved."))
                return redirect("plans:communication_detail", intake.pk)
            form.show_clashes(clashes)
    context = {"form": form, "message": message, "intake": intake}
    return render(request, "plans/message_wordings.html", context)


def _message(pk: int) -> KeyMessage:
    found = KeyMessage.objects.select_related("plan__document", "plan__intake")
    return get_object_or_404(found.prefetch_related("wordings"), pk=pk)
