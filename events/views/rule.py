"""Reminder rules and their words: read by everybody, edited by the marketing head."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from events import rule_changes, rule_pages, rule_words, text_check, text_previews
from events.event_type import all_types, get_type
from events.forms.rule import RuleForm, SampleForm, TextForm
from events.models import ReminderRule, ReminderText
from events.rules import can_edit_rules, can_see_events, can_see_people
from events.texts import PLACEHOLDERS, TextError
from outbox.test_messages import NotSentError, send_test

CHANGES_SHOWN = 30


@allowed_if(can_see_events)
@require_GET
def rule_list(request: StaffRequest) -> HttpResponse:
    context = {
        "kinds": rule_pages.rules_by_kind(timezone.now()),
        "may_edit": can_edit_rules(request.user),
    }
    return render(request, "events/rule_list.html", context)


@allowed_if(can_see_events)
@require_GET
def rule_detail(request: StaffRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(ReminderRule, pk=pk)
    context = {
        "rule": rule,
        "type": get_type(rule.event_type),
        "when": rule_words.when(rule),
        "until": rule_words.until(rule),
        "texts": rule_pages.texts_of(rule),
        "changes": rule.changes.select_related("by")[:CHANGES_SHOWN],
        "may_edit": can_edit_rules(request.user),
        "may_see_people": can_see_people(request.user),
    }
    return render(request, "events/rule_detail.html", context)


@allowed_if(can_edit_rules)
def rule_create(request: StaffRequest, kind: str) -> HttpResponse:
    if kind not in {each.key for each in all_types()}:
        raise Http404
    return _edit_rule(request, ReminderRule(event_type=kind, is_on=False))


@allowed_if(can_edit_rules)
def rule_update(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit_rule(request, get_object_or_404(ReminderRule, pk=pk))


def _edit_rule(request: StaffRequest, rule: ReminderRule) -> HttpResponse:
    """Show the form; then, where people could be reached, what saving would do; then save."""
    now, sent = timezone.now(), request.POST
    form = RuleForm(sent if request.method == "POST" else None, instance=rule)
    context: dict[str, Any] = {"form": form, "rule": rule, "type": get_type(rule.event_type)}
    if request.method != "POST" or not form.is_valid() or "back" in sent:
        return render(request, "events/rule_form.html", context)
    rule = form.save(commit=False)
    if rule_changes.needs_arming(rule) and "confirmed" not in sent:
        context |= {
            "impact": rule_changes.impact_of(rule, now),
            "when": rule_words.when(rule),
            "until": rule_words.until(rule),
        }
        return render(request, "events/rule_confirm.html", context)
    rule_changes.save_rule(rule, by=request.user, now=now, also_past="also_past" in sent)
    messages.success(request, gettext("The rule “%(rule)s” is saved.") % {"rule": rule})
    return redirect("events:rule_detail", rule.pk)


@allowed_if(can_see_people)
def text_update(request: StaffRequest, pk: int, language: str, variant: str) -> HttpResponse:
    """Edit words beside a preview; others than the marketing head only look at it."""
    text = _text_or_404(get_object_or_404(ReminderRule, pk=pk), language, variant)
    now, may_edit = timezone.now(), can_edit_rules(request.user)
    sent = request.POST if request.method == "POST" else None
    form = TextForm(sent, instance=text, may_edit=may_edit)
    sample = SampleForm(sent or request.GET, rule=text.rule, now=now)
    wish = request.POST.get("do")
    if wish in ("save", "test") and not may_edit:
        raise PermissionDenied
    typed = form.as_typed()
    if wish == "save" and form.is_valid():
        rule_changes.save_text(form.save(commit=False), by=request.user, now=now)
        messages.success(request, gettext("The text is saved."))
        return redirect("events:rule_detail", text.rule_id)
    if wish == "test" and form.is_valid():
        _send_test(request, typed, sample, now)
    context = {
        "form": form,
        "text": text,
        "rule": text.rule,
        "type": get_type(text.rule.event_type),
        "sample": sample,
        "preview": text_previews.preview(typed, sample.chosen_registration, now),
        "placeholders": PLACEHOLDERS,
        "may_edit": may_edit,
    }
    page = "events/_text_preview.html" if request.htmx else "events/text_update.html"
    return render(request, page, context)


def _text_or_404(rule: ReminderRule, language: str, variant: str) -> ReminderText:
    """Return the words, or new ones where the rule has none of these yet."""
    variant = "" if variant == "all" else variant
    known = {(text.language, text.variant): text for text in rule_pages.texts_of(rule)}
    if (language, variant) not in known:
        raise Http404
    return known[language, variant]


def _send_test(
    request: StaffRequest, typed: ReminderText, sample: SampleForm, now: datetime
) -> None:
    try:
        drafts = text_previews.drafts(typed, sample.chosen_registration, now)
        send_test(drafts, request.user)
    except (TextError, NotSentError) as problem:
        messages.error(request, str(problem))
    else:
        sentence = gettext("The test went to %(email)s; the outbox does not count it.")
        messages.success(request, sentence % {"email": request.user.email})


@allowed_if(can_see_people)
@require_GET
def rule_check(request: StaffRequest, pk: int) -> HttpResponse:
    """Fill the words in for everybody registered for one event, and list where it fails."""
    rule, now = get_object_or_404(ReminderRule, pk=pk), timezone.now()
    sample = SampleForm(request.GET, rule=rule, now=now)
    event = sample.chosen_event
    context = {
        "rule": rule,
        "type": get_type(rule.event_type),
        "sample": sample,
        "event": event,
        "check": text_check.check(rule, event, now) if event else None,
    }
    return render(request, "events/rule_check.html", context)
