"""Registrations by hand: add, cancel, take up again; and everybody registered as a file."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from accounts.models import User
from events import registration as registering
from events import registration_export as exporting
from events.forms.participant import RegistrationForm, SamePersonForm
from events.models import Event, Registration
from events.registration import Origin, Person, Registered, RegistrationRefusedError
from events.rules import can_manage_events, can_see_people
from people.models import Participant

MOST_CANDIDATES = 5


@allowed_if(can_manage_events)
def registration_create(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    form = RegistrationForm(request.POST or None)
    question = None
    if request.method == "POST" and form.is_valid():
        person = _person(form)
        question = _question(request, person)
        if question is None or question.is_valid():
            same = question.chosen() if question else None
            try:
                registered = _register(event, form, request.user, same)
            except RegistrationRefusedError as refusal:
                form.add_error(None, str(refusal))
            else:
                _tell(request, form, registered)
                return redirect("events:event_registrations", event.pk)
    context = {"event": event, "form": form, "question": question}
    return render(request, "events/registration_create.html", context)


def _person(form: RegistrationForm) -> Person:
    names = ("first_name", "last_name", "email", "phone", "language")
    return Person(**{name: form.cleaned_data[name] for name in names}, consents=form.consents())


def _question(request: StaffRequest, person: Person) -> SamePersonForm | None:
    """Ask who is meant where an address is known, but under a name that does not agree."""
    if registering.find_participant(person):
        return None
    candidates = list(registering.sharing_address(person)[:MOST_CANDIDATES])
    if not candidates:
        return None
    answer = request.POST if "same_as" in request.POST else None
    return SamePersonForm(answer, candidates=candidates)


def _register(
    event: Event, form: RegistrationForm, by: User, same: Participant | None
) -> Registered:
    origin = Origin(Registration.Source.STAFF, by_id=by.pk)
    return registering.register(
        event,
        _person(form),
        origin,
        timezone.now(),
        confirm=form.cleaned_data["confirm"],
        participant=same,
    )


def _tell(request: StaffRequest, form: RegistrationForm, registered: Registered) -> None:
    """Say what became of it, and what of the typed was not taken."""
    participant = registered.registration.participant
    name = {"name": participant}
    if registered.is_new:
        messages.success(request, gettext("%(name)s is registered.") % name)
    elif registered.is_again:
        messages.success(request, gettext("%(name)s is registered again.") % name)
    else:
        messages.info(request, gettext("%(name)s was registered already.") % name)
    for field in ("email", "phone"):
        typed, kept = form.cleaned_data[field], getattr(participant, field)
        if typed and typed != kept:
            text = gettext(
                "We know %(kept)s for this person; %(value)s was not saved. If it is right, change"
                " it on the participant's page."
            )
            messages.warning(request, text % {"kept": kept, "value": typed})
    if form.phone_gets_no_sms():
        text = gettext("%(number)s is not a mobile number and gets no SMS.")
        messages.warning(request, text % {"number": form.cleaned_data["phone"]})


@allowed_if(can_manage_events)
@require_POST
def registration_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    registration = get_object_or_404(Registration.objects.select_related("participant"), pk=pk)
    registering.cancel(registration, timezone.now())
    text = gettext("The registration of %(name)s is cancelled. Nothing more is sent for it.")
    messages.success(request, text % {"name": registration.participant})
    return redirect("events:participant_detail", registration.participant_id)


@allowed_if(can_manage_events)
@require_POST
def registration_take_up(request: StaffRequest, pk: int) -> HttpResponse:
    registration = get_object_or_404(
        Registration.objects.select_related("participant", "event"), pk=pk
    )
    try:
        registering.register_again(registration, timezone.now())
    except RegistrationRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        name = {"name": registration.participant}
        messages.success(request, gettext("%(name)s is registered again.") % name)
    return redirect("events:participant_detail", registration.participant_id)


@allowed_if(can_see_people)
@require_GET
def registration_export_xlsx(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    return _attachment(
        exporting.as_xlsx(event),
        f"{exporting.filename(event)}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


@allowed_if(can_see_people)
@require_GET
def registration_export_csv(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    return _attachment(
        exporting.as_csv(event), f"{exporting.filename(event)}.csv", "text/csv; charset=utf-8"
    )


def _attachment(content: bytes, filename: str, content_type: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(content, content_type=content_type, headers=disposition)
