"""Warning the responsible that a webinar is near and not published as the process says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from accounts.models import User
from events import alerts
from events.advertising import missing_channels
from events.models import Event, EventAlert
from events.texts import day
from plans.local_time import local_day
from plans.models import Channel
from webinars.promotion import CHANNELS, WARNED_BEFORE, days_left, due_on, warning_due
from work.models import Task

OF_USE = timedelta(days=2)
"""A warning that could not be handed over for so long is not sent any more."""

Topic = EventAlert.Topic


@dataclass(frozen=True)
class Unpublished:
    """A webinar that is due for a warning."""

    event: Event
    morning: datetime
    """When it is warned."""

    missing: list[Channel.Kind]
    """Where nothing about it is published."""


def warn_unpublished(now: datetime) -> int:
    """Warn of each webinar that is due for it, once for each day of warning; return how many."""
    due = list(_due(now))
    told = set(
        EventAlert.objects.filter(
            event__in=[unpublished.event for unpublished in due], topic=Topic.PUBLICATION
        ).values_list("event", "about_at")
    )
    return sum(
        alerts.tell(
            each.event,
            Topic.PUBLICATION,
            each.morning,
            now,
            partial(_text, each, now),
            to=responsible(each.event),
            until=min(each.event.starts_at, now + OF_USE),
        )
        for each in due
        if (each.event.pk, each.morning) not in told
    )


def _due(now: datetime) -> Iterator[Unpublished]:
    near = list(
        Event.objects.going_ahead()
        .filter(
            kind="webinar",
            starts_at__gt=now,
            # A day more than the first warning: the clock may change in between.
            starts_at__lt=now + timedelta(days=max(WARNED_BEFORE) + 1),
        )
        .select_related("moderator", "activity__owner")
    )
    missing = missing_channels(near, CHANNELS)
    for event in near:
        if missing[event.pk] and (morning := warning_due(event, now)) is not None:
            yield Unpublished(event, morning, missing[event.pk])


def responsible(event: Event) -> list[User]:
    """Return whose task it is to publish, or the owner of the activity, or who has the event."""
    task = Task.objects.filter(event=event, template__key="publication").first()
    people = [task.assignee if task else None, event.activity.owner if event.activity else None]
    found = next((each for each in people if each is not None and each.is_active), None)
    return alerts.responsible(event) if found is None else [found]


def _text(unpublished: Unpublished, now: datetime) -> tuple[str, str]:
    event, left = unpublished.event, days_left(unpublished.event, now)
    channels = ", ".join(str(kind.label) for kind in unpublished.missing)
    subject = ngettext(
        "%(event)s is in %(count)s day, and nothing is published on %(channels)s",
        "%(event)s is in %(count)s days, and nothing is published on %(channels)s",
        left,
    ) % {"event": event.name(get_language() or ""), "count": left, "channels": channels}
    due = due_on(event.starts_at)
    sentence = (
        gettext("It was to be published on Facebook and Instagram by %(due)s.")
        if due < local_day(now)
        else gettext("It is to be published on Facebook and Instagram by %(due)s.")
    )
    parts = [
        gettext("The webinar is on %(day)s.") % {"day": day(event.starts_at)},
        sentence % {"due": f"{due:%d.%m.%Y}"},
    ]
    link = settings.SITE_URL + reverse("webinars:board", args=[event.pk])
    where = gettext("What is missing, and where the links are recorded:\n%(link)s")
    return subject, " ".join(parts) + "\n\n" + where % {"link": link}
