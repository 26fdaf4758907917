"""Pages of an intake's audiences and channels."""

from typing import TypeVar

from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from documents.models import InvalidTransitionError
from plans.forms.communication import AudienceForm, ChannelForm, ChannelUpkeepForm
from plans.models import Audience, Channel
from plans.registers import StillUsedError, take_out
from plans.rules import can_edit_communication, can_manage_plans, can_see_plans
from plans.views.intake import find_intake
from plans.views.saving import refuse_locked, saved

M = TypeVar("M", Audience, Channel)


@allowed_if(can_see_plans)
@require_GET
def intake_audiences(request: StaffRequest, pk: int) -> HttpResponse:
    intake = find_intake(pk)
    context = {
        "intake": intake,
        "audiences": intake.audiences.prefetch_related("channels").annotate(
            activity_count=models.Count("activities")
        ),
        "can_edit": can_edit_communication(request.user, intake),
    }
    return render(request, "plans/intake_audiences.html", context)


@allowed_if(can_manage_plans)
def audience_create(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit_audience(request, Audience(intake=find_intake(pk)))


@allowed_if(can_manage_plans)
def audience_update(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit_audience(request, _find(Audience, pk))


def _edit_audience(request: StaffRequest, audience: Audience) -> HttpResponse:
    intake = audience.intake
    document = intake.communication_plan.document
    refuse_locked(request, document)
    form = AudienceForm(request.POST or None, instance=audience, intake=intake)
    if saved(request, form, document):
        messages.success(request, gettext("The audience is saved."))
        return redirect("plans:intake_audiences", intake.pk)
    context = {"form": form, "audience": audience, "intake": intake}
    return render(request, "plans/audience_form.html", context)


@allowed_if(can_manage_plans)
def audience_delete(request: StaffRequest, pk: int) -> HttpResponse:
    return _take_out(request, _find(Audience, pk), "plans:intake_audiences")


@allowed_if(can_see_plans)
@require_GET
def intake_channels(request: StaffRequest, pk: int) -> HttpResponse:
    intake, today = find_intake(pk), timezone.localdate()
    context = {
        "intake": intake,
        "rows": [
            (channel, channel.has_lost_access(today), channel.loses_access_soon(today))
            for channel in intake.channels.select_related("owner")
        ],
        "can_manage": can_manage_plans(request.user),
        "can_edit": can_edit_communication(request.user, intake),
    }
    return render(request, "plans/intake_channels.html", context)


@allowed_if(can_manage_plans)
def channel_create(request: StaffRequest, pk: int) -> HttpResponse:
    channel = Channel(intake=find_intake(pk))
    refuse_locked(request, channel.intake.communication_plan.document)
    return _edit_channel(request, channel)


@allowed_if(can_manage_plans)
def channel_update(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit_channel(request, _find(Channel, pk))


def _edit_channel(request: StaffRequest, channel: Channel) -> HttpResponse:
    """Change a channel; in a locked plan only who looks after it, and until when."""
    intake = channel.intake
    document = intake.communication_plan.document
    is_upkeep = bool(channel.pk) and not document.is_open
    form_class = ChannelUpkeepForm if is_upkeep else ChannelForm
    form = form_class(request.POST or None, instance=channel)
    if saved(request, form, None if is_upkeep else document):
        messages.success(request, gettext("The channel is saved."))
        return redirect("plans:intake_channels", intake.pk)
    context = {"form": form, "channel": channel, "intake": intake, "is_upkeep": is_upkeep}
    return render(request, "plans/channel_form.html", context)


@allowed_if(can_manage_plans)
def channel_delete(request: StaffRequest, pk: int) -> HttpResponse:
    return _take_out(request, _find(Channel, pk), "plans:intake_channels")


def _take_out(request: StaffRequest, record: Audience | Channel, list_name: str) -> HttpResponse:
    document = record.intake.communication_plan.document
    refuse_locked(request, document)
    back_url = reverse(list_name, args=[record.intake_id])
    if request.method == "POST":
        try:
            take_out(record, document)
        except (InvalidTransitionError, StillUsedError) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("“%(name)s” is taken out.") % {"name": record})
        return redirect(back_url)
    context = {
        "record": record,
        "intake": record.intake,
        "back_url": back_url,
        "warning": gettext("Its cells of the grid go with it, and activities no longer name it."),
    }
    return render(request, "plans/take_out.html", context)


def _find(model: type[M], pk: int) -> M:
    found = model._default_manager.select_related(
        "intake__communication_plan__document", "intake__activity_plan__document"
    )
    return get_object_or_404(found, pk=pk)
