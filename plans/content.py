"""What the two plans of an intake say, as lines that are kept with each version."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from documents.content import Line, snapshot, words
from documents.models import InvalidTransitionError
from plans.models import Activity, CommunicationPlan, Intake


def complete_communication(plan: CommunicationPlan) -> dict[str, Any]:
    """Write down what the communication plan says, unless there is nothing yet to approve."""
    needed = (
        (gettext("aims"), bool(plan.aims.strip())),
        (gettext("target audiences"), plan.intake.audiences.exists()),
        (gettext("channels"), plan.intake.channels.exists()),
        (gettext("key messages"), plan.key_messages.exists()),
    )
    if missing := [name for name, is_there in needed if not is_there]:
        sentence = gettext("Not submitted: the communication plan still lacks: %(missing)s.")
        raise InvalidTransitionError(sentence % {"missing": ", ".join(missing)})
    return snapshot(lambda: communication_lines(plan))


def complete_activities(intake: Intake) -> dict[str, Any]:
    """Write down what the activity plan says, unless it has no activity."""
    if not intake.activities.in_plan().exists():
        raise InvalidTransitionError(gettext("Not submitted: the plan has no activity yet."))
    return snapshot(lambda: activity_lines(intake))


def communication_lines(plan: CommunicationPlan) -> Iterator[Line]:
    """Say what the communication plan is: with its audiences, its channels and the whole grid."""
    yield Line("aims", gettext("Aims"), plan.aims)
    yield Line("tone", gettext("Tone"), plan.tone)
    yield Line("budget", gettext("Budget, €"), plan.budget)
    for audience in plan.intake.audiences.prefetch_related("channels"):
        label = gettext("Target audience: %(name)s") % {"name": audience}
        yield Line(f"audience-{audience.pk}", label, _said(audience, AUDIENCE_FIELDS))
    for channel in plan.intake.channels.select_related("owner"):
        label = gettext("Channel: %(name)s") % {"name": channel}
        yield Line(f"channel-{channel.pk}", label, _said(channel, CHANNEL_FIELDS))
    messages = plan.key_messages.prefetch_related("wordings__audience", "wordings__channel")
    for number, message in enumerate(messages, start=1):
        label = gettext("Key message %(number)s") % {"number": number}
        yield Line(f"message-{message.pk}", label, message.text)
        for wording in message.wordings.all():
            place = {"number": number, "audience": wording.audience, "channel": wording.channel}
            label = gettext("Key message %(number)s to %(audience)s on %(channel)s") % place
            yield Line(f"wording-{wording.pk}", label, wording.text)


AUDIENCE_FIELDS = (
    *("age", "gender", "industry", "interests", "occupation", "habits"),
    *("social_media_habits", "size", "how_we_know", "channels"),
)
CHANNEL_FIELDS = ("kind", "address", "owner", "tone", "rules", "access_expires_on")
ACTIVITY_FIELDS = (
    *("kind", "title", "owner", "unit", "presenter", "audiences", "channels"),
    *("goals", "budget_planned", "expected_leads", "notes"),
)


def activity_lines(intake: Intake) -> Iterator[Line]:
    """Say what the activity plan is: its targets, and each activity as planned.

    How an activity is carried out is no part of it.
    """
    yield from _target_lines(intake)
    activities = (
        intake.activities.in_plan()
        .select_related("owner", "unit")
        .prefetch_related("audiences", "channels", "goals")
    )
    for activity in activities:
        label = f"{activity.get_kind_display()}: {activity.name(get_language() or '')}"
        value = "\n".join((when(activity), _said(activity, ACTIVITY_FIELDS)))
        yield Line(f"activity-{activity.pk}", label, value)


def _target_lines(intake: Intake) -> Iterator[Line]:
    targets = intake.targets.select_related("indicator").order_by(
        *("indicator__goal__position", "indicator__goal", "indicator__position", "pk")
    )
    language = get_language() or ""
    for each in targets:
        label = gettext("Target: %(indicator)s") % {"indicator": each.indicator.label(language)}
        yield Line(f"target-{each.indicator_id}", label, each.target)


def when(activity: Activity) -> str:
    """Say in words when an activity takes place."""
    moments = {"start": words(activity.starts_at), "end": words(activity.ends_at)}
    if activity.last_on is None:
        return gettext("%(start)s to %(end)s") % moments
    moments["last"] = date_format(activity.last_on, "SHORT_DATE_FORMAT")
    return gettext("Every week until %(last)s, first %(start)s to %(end)s") % moments


def _said(record: models.Model, names: tuple[str, ...]) -> str:
    """Write the fields of a record that say something, a line each."""
    lines = ((label_of(record, name), value_of(record, name)) for name in names)
    return "\n".join(f"{label}: {value}" for label, value in lines if value)


def label_of(record: models.Model | type[models.Model], name: str) -> str:
    field = record._meta.get_field(name)
    assert isinstance(field, models.Field)
    return str(capfirst(field.verbose_name))


def value_of(record: models.Model, name: str) -> str:
    if display := getattr(record, f"get_{name}_display", None):
        return words(display())
    value = getattr(record, name)
    return words(list(value.all()) if hasattr(value, "all") else value)
