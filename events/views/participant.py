"""The pages of participants: find, see everything we know and have sent, correct, stop."""

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from events import registration as registering
from events.forms.participant import (
    ParticipantFilterForm,
    ParticipantForm,
    ParticipantStopForm,
)
from events.rules import can_manage_events, can_see_people
from outbox.models import Message
from outbox.paging import page_of
from people import consent
from people.consent import Proof
from people.models import BY_NAME, AddressBlock, ConsentSource, Medium, Participant

PEOPLE_ON_A_PAGE = 50
MESSAGES_ON_A_PAGE = 50
MOST_SHARING = 10


@allowed_if(can_see_people)
@require_GET
def participant_list(request: StaffRequest) -> HttpResponse:
    form = ParticipantFilterForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    people = Participant.objects.search(words)
    page = page_of(people, request.GET, PEOPLE_ON_A_PAGE, order=BY_NAME)
    context = {"form": form, "page": page, "words": words}
    return render(request, "events/participant_list.html", context)


@allowed_if(can_see_people)
@require_GET
def participant_detail(request: StaffRequest, pk: int) -> HttpResponse:
    participant = get_object_or_404(Participant, pk=pk)
    sharing = registering.sharing_address(participant).exclude(pk=pk)[:MOST_SHARING]
    context = {
        "participant": participant,
        "blocks": AddressBlock.objects.in_force().of(participant),
        "consents": participant.consents.select_related("text", "recorded_by"),
        "registrations": participant.registrations.select_related("event").order_by(
            "-event__starts_at"
        ),
        "sharing": sharing,
        "page": _messages(request, participant),
        "now": timezone.now(),
        "can_manage": can_manage_events(request.user),
    }
    return render(request, "events/participant_detail.html", context)


def _messages(request: StaffRequest, participant: Participant) -> Page[Message]:
    """Return what the person got, and what not and why, the latest first."""
    sent = Message.objects.filter(participant=participant).select_related("dispatch")
    page = Paginator(sent.order_by("-due_at", "-pk"), MESSAGES_ON_A_PAGE)
    return page.get_page(request.GET.get("page"))


@allowed_if(can_manage_events)
def participant_update(request: StaffRequest, pk: int) -> HttpResponse:
    participant = get_object_or_404(Participant, pk=pk)
    form = ParticipantForm(request.POST or None, participant=participant)
    if request.method == "POST" and form.is_valid():
        for name in form.changed_data:
            setattr(participant, name, form.cleaned_data[name])
        with transaction.atomic():
            participant.save(update_fields=form.changed_data)
            registering.reconsider([participant], timezone.now())
        messages.success(request, gettext("%(name)s is saved.") % {"name": participant})
        if form.phone_gets_no_sms():
            text = gettext("%(number)s is not a mobile number and gets no SMS.")
            messages.warning(request, text % {"number": participant.phone})
        return redirect("events:participant_detail", pk)
    context = {"form": form, "participant": Participant.objects.get(pk=pk)}
    return render(request, "events/participant_update.html", context)


@allowed_if(can_manage_events)
def participant_stop(request: StaffRequest, pk: int) -> HttpResponse:
    participant = get_object_or_404(Participant, pk=pk)
    form = ParticipantStopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _stop(request, participant, form)
        text = gettext("%(name)s gets no more offers.") % {"name": participant}
        messages.success(request, text)
        return redirect("events:participant_detail", pk)
    context = {"participant": participant, "form": form}
    return render(request, "events/participant_stop.html", context)


@transaction.atomic
def _stop(request: StaffRequest, participant: Participant, form: ParticipantStopForm) -> None:
    now, wanted = timezone.now(), form.cleaned_data
    proof = Proof(ConsentSource.STAFF, place=wanted["note"], by_id=request.user.pk)
    consent.withdraw_all(participant, at=now, proof=proof)
    reason = gettext("Asked us to stop (%(by)s).") % {"by": request.user}
    for medium, is_wanted in (
        (Medium.EMAIL, wanted["block_email"]),
        (Medium.SMS, wanted["block_phone"]),
    ):
        if is_wanted and participant.address(medium):
            AddressBlock.objects.block(medium, participant.address(medium), reason, now)
    # Who has the same address gets nothing there either.
    registering.reconsider([participant, *registering.sharing_address(participant)], now)
