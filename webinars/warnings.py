"""Warning the responsible that a webinar is near and nothing about it is published."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.models import User
from events import alerts
from events.models import Event, EventAlert
from events.texts import day
from plans.models import Publication
from webinars.promotion import WARNED_BEFORE, days_left, due_on, warning_due
from work.models import Task

OF_USE = timedelta(days=2)
"""A warning that could not be handed over for so long is not sent any more."""

Topic = EventAlert.Topic


def warn_unpublished(now: datetime) -> int:
    """Warn of each webinar that is due for it, once for each day of warning; return how many."""
    due = list(_due(now))
    told = set(
        EventAlert.objects.filter(
            event__in=[event for event, _morning in due], topic=Topic.PUBLICATION
        ).values_list("event", "about_at")
    )
    return sum(
        alerts.tell(
            event,
            Topic.PUBLICATION,
            morning,
            now,
            partial(_text, event, now),
            to=responsible(event),
            until=min(event.starts_at, now + OF_USE),
        )
        for event, morning in due
        if (event.pk, morning) not in told
    )


def _due(now: datetime) -> Iterator[tuple[Event, datetime]]:
    published = Publication.objects.filter(
        activity=OuterRef("activity"), published_at__isnull=False
    )
    near = Event.objects.going_ahead().filter(
        kind="webinar",
        starts_at__gt=now,
        # A day more than the first warning: the clock may change in between.
        starts_at__lt=now + timedelta(days=max(WARNED_BEFORE) + 1),
    )
    unpublished = near.filter(~Exists(published)).select_related("moderator", "activity__owner")
    for event in unpublished:
        if (morning := warning_due(event, now)) is not None:
            yield event, morning


def responsible(event: Event) -> list[User]:
    """Return whose task it is to publish, or the owner of the activity, or who has the event."""
    task = Task.objects.filter(event=event, template__key="publication").first()
    people = [task.assignee if task else None, event.activity.owner if event.activity else None]
    found = next((each for each in people if each is not None and each.is_active), None)
    return alerts.responsible(event) if found is None else [found]


def _text(event: Event, now: datetime) -> tuple[str, str]:
    left = days_left(event, now)
    subject = ngettext(
        "%(event)s is in %(count)s day, and nothing is published",
        "%(event)s is in %(count)s days, and nothing is published",
        left,
    ) % {"event": event.title, "count": left}
    body = gettext(
        "The webinar is on %(day)s. It was to be published on Facebook and Instagram by %(due)s."
        "\n\nWhat is missing, and where the links are recorded:\n%(link)s"
    )
    return subject, body % {
        "day": day(event.starts_at),
        "due": f"{due_on(event.starts_at):%d.%m.%Y}",
        "link": settings.SITE_URL + reverse("webinars:board", args=[event.pk]),
    }
