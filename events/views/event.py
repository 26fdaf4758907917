"""The pages of an event: the list, its details, what goes out, who is registered."""

from datetime import datetime
from typing import Any
from zlib import crc32

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from events import (
    changes,
    event_page,
    going_out,
    outcome,
    plan_lines,
    preflight,
    sms_lengths,
    time_needed,
)
from events.event_type import EventType, all_types, get_type
from events.forms.event import (
    EventFilterForm,
    EventForm,
    PlanFilterForm,
    RegistrationFilterForm,
    TimesForm,
)
from events.message_counts import parts_of, segments
from events.models import Event, Evidence, Registration, ReminderRule
from events.models.event import EventQuerySet
from events.models.registration import RegistrationQuerySet
from events.rules import (
    can_manage_events,
    can_run_room,
    can_see_board,
    can_see_events,
    can_see_people,
)
from events.signals import event_shown
from ui.parts import parts_wanted_by

EVENTS_ON_A_PAGE = 25
PEOPLE_ON_A_PAGE = 50


@allowed_if(can_see_events)
@require_GET
def event_list(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    form = EventFilterForm(request.GET)
    events = _chosen(form, now) if form.is_valid() else Event.objects.going_ahead().upcoming(now)
    numbers = events.values_list("pk", flat=True)
    page = Paginator(numbers, EVENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    kind = request.GET.get("kind", "")
    context = {
        "form": form,
        "page": page,
        "rows": event_page.rows(event_page.read_with_figures(list(page)), now),
        "type": _type_or_none(kind),
        "is_narrowed": any(request.GET.get(name) for name in ("q", "when")),
        "can_manage": can_manage_events(request.user),
    }
    return render(request, "events/event_list.html", context)


def _chosen(form: EventFilterForm, now: datetime) -> EventQuerySet:
    wanted = form.cleaned_data
    events = Event.objects.search(wanted["q"])
    if wanted["kind"]:
        events = events.filter(kind=wanted["kind"])
    match wanted["when"]:
        case "past":
            return events.going_ahead().past(now)
        case "cancelled":
            return events.exclude(cancelled_at=None).order_by("-starts_at", "-pk")
        case "all":
            return events.order_by("-starts_at", "-pk")
    return events.going_ahead().upcoming(now)


@allowed_if(can_manage_events)
@require_GET
def event_new(request: StaffRequest) -> HttpResponse:
    return render(request, "events/event_new.html", {"types": all_types()})


@allowed_if(can_manage_events)
def event_create(request: StaffRequest, kind: str) -> HttpResponse:
    event = Event(kind=_known_type(kind).key, moderator=request.user)
    form = EventForm(request.POST or None, instance=event)
    times = TimesForm(request.POST or None)
    if request.method == "POST" and form.is_valid() & times.is_valid():
        changes.create(
            form.save(commit=False),
            times.cleaned_data["starts_at"],
            times.cleaned_data["ends_at"],
            by_id=request.user.pk,
            now=timezone.now(),
        )
        return redirect("events:event_detail", event.pk)
    context = {"form": form, "times": times, "type": get_type(kind)}
    return render(request, "events/event_form.html", context)


@allowed_if(can_see_events)
@require_GET
def event_detail(request: StaffRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    event = get_event(pk)
    rules = list(ReminderRule.objects.for_kind(event.kind))
    outcomes = outcome.outcomes(event)
    total = outcome.total_of(outcomes)
    lines = going_out.lines(event, rules, outcomes, now)
    context = {
        "doubts": [
            *event_page.doubts_about(event, now),
            *sms_lengths.warnings(event, rules, now),
            *time_needed.warnings(lines, now),
        ],
        "preflight": preflight.box(event, now),
        "moves": event.moves.select_related("moved_by"),
        "rehearsals": event.rehearsals.select_related("created_by")[:10],
        "lines": lines,
        "outcomes": outcomes,
        "parts": parts_wanted_by(event_shown, Event, event=event, user=request.user, now=now),
        "total_parts": parts_of(total),
        "total_segments": segments(total),
        **live_context(request, event, now),
    }
    return render(request, "events/event_detail.html", frame(request, event, "", context))


@allowed_if(can_see_events)
@require_GET
def event_live(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the part of the page that changes by the minute; nothing while it is as before."""
    event = get_event(pk)
    context = live_context(request, event, timezone.now())
    if request.GET.get("seen") == context["live_mark"]:
        return HttpResponse(status=204)
    return render(request, "events/_live.html", {"event": event, **context})


@allowed_if(can_see_people)
@require_GET
def event_messages(request: StaffRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    event = get_event(pk)
    rules = list(ReminderRule.objects.for_kind(event.kind))
    rule = _rule_to_list(event, rules, request.GET.get("rule", ""), now)
    form = PlanFilterForm({**request.GET.dict(), "rule": rule.pk}, rules=rules)
    wanted = form.cleaned_data if form.is_valid() else {}
    page, is_foreseen = _lines_of(request, event, rule, wanted, now)
    context = {
        "form": form,
        "rule": rule,
        "page": page,
        "lines": plan_lines.with_names(list(page)),
        "is_foreseen": is_foreseen,
    }
    return render(request, "events/event_messages.html", frame(request, event, "messages", context))


def _rule_to_list(
    event: Event, rules: list[ReminderRule], chosen: str, now: datetime
) -> ReminderRule:
    """Take the rule asked for, or the one due next, or the first."""
    if not rules:
        raise Http404
    asked_for = next((rule for rule in rules if str(rule.pk) == chosen), None)
    return asked_for or event_page.rows([event], now)[0].next_rule or rules[0]


def _lines_of(
    request: StaffRequest, event: Event, rule: ReminderRule, filters: dict[str, Any], now: datetime
) -> tuple[Page[Any], bool]:
    wanted = plan_lines.Wanted(*(filters.get(name, "") for name in ("medium", "outcome", "q")))
    occasions = list(event.dispatches.filter(rule=rule).select_related("rule"))
    for occasion in occasions:
        occasion.event = event
    is_foreseen = bool(going_out.undecided(event, [rule], occasions))
    lines: Any = (
        plan_lines.foreseen_lines(event, rule, wanted, now)
        if is_foreseen
        else plan_lines.ledger_rows(event, rule, wanted)
    )
    return Paginator(lines, PEOPLE_ON_A_PAGE).get_page(request.GET.get("page")), is_foreseen


@allowed_if(can_see_people)
@require_GET
def event_registrations(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_event(pk)
    form = RegistrationFilterForm(request.GET)
    registrations = event.registrations.all()
    if form.is_valid():
        registrations = _registrations(registrations, **form.cleaned_data)
    signs = Prefetch("evidence", Evidence.objects.order_by("-kind", "-at"))
    people = registrations.select_related("participant").prefetch_related(signs)
    page = Paginator(people, PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "live": event_page.live(event, timezone.now()),
        "is_narrowed": any(request.GET.get(name) for name in ("q", "attendance", "source")),
    }
    return render(
        request, "events/event_registrations.html", frame(request, event, "people", context)
    )


def _registrations(
    registrations: RegistrationQuerySet, *, q: str, attendance: str, source: str
) -> RegistrationQuerySet:
    found = registrations.search(q)
    if source:
        found = found.filter(source=source)
    if attendance == "cancelled":
        return found.exclude(cancelled_at=None)
    if not attendance:
        return found
    wanted = Registration.Attendance.UNKNOWN if attendance == "unknown" else attendance
    return found.active().filter(attendance=wanted)


@allowed_if(can_manage_events)
def event_update(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_event(pk)
    form = EventForm(request.POST or None, instance=event)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and changes.save_details(form, by=request.user, at=timezone.now()):
        return redirect("events:event_detail", pk)
    saved = get_event(pk)
    rules = list(ReminderRule.objects.for_kind(event.kind))
    context = {
        "form": form,
        "event": saved,
        "type": get_type(event.kind),
        "doubts": sms_lengths.warnings(saved, rules, timezone.now()),
    }
    return render(request, "events/event_form.html", context)


def get_event(pk: int) -> Event:
    """Read an event as the worker would see it: with the offer of its day, if that is known."""
    events = Event.objects.select_related(
        "moderator", "offer", "activity__intake"
    ).prefetch_related("rules_off")
    event = get_object_or_404(events, pk=pk)
    event.take_offer()
    return event


def frame(request: StaffRequest, event: Event, tab: str, context: dict[str, Any]) -> dict[str, Any]:
    """Add what stands around every page of an event: its head, its tabs, who may do what."""
    now = timezone.now()
    return {
        "event": event,
        "type": get_type(event.kind),
        "tab": tab,
        "is_over": event.has_ended(now),
        "can_manage": can_manage_events(request.user),
        "can_see_people": can_see_people(request.user),
        "can_see_board": can_see_board(request.user, event),
        **context,
    }


def live_context(request: StaffRequest, event: Event, now: datetime) -> dict[str, Any]:
    figures = event_page.live(event, now)
    return {
        "live": figures,
        "live_mark": f"{crc32(repr(figures).encode()):x}",
        "is_near": event_page.is_near(event, now),
        "can_run_room": can_run_room(request.user, event) and not event.is_cancelled,
    }


def _type_or_none(kind: str) -> EventType | None:
    return next((each for each in all_types() if each.key == kind), None)


def _known_type(kind: str) -> EventType:
    found = _type_or_none(kind)
    if found is None:
        raise Http404(gettext("There is no such kind of event."))
    return found
