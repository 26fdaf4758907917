"""Telling the moderator what needs a person: a held message, or messages that came too late.

These go by SMTP, the second route: what they report may be that Bitrix24 does not answer.
"""

import contextlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.models import Role, User
from events.models import Event, EventAlert, Preflight
from events.texts import clock, day
from outbox import queue
from outbox.models import Message, Purpose, Status
from outbox.staff_letters import Text, letters
from people.models import Medium

OF_USE = timedelta(hours=2)
"""An alert older than this tells nobody anything new."""

REPORTED = timedelta(days=2)
"""What expired while everything stood still for so long is still told."""

NOT_COUNTED = 0
"""What an alert has for a count that was told before expired messages were counted."""

Topic = EventAlert.Topic


def report_expired(now: datetime) -> int:
    """Tell the moderators of events whose messages expired lately; return how many events.

    What expires later is told again: the next reminder of the same event, or one that was being
    handed over, or looked up, when its use came to an end.
    """
    expired = Message.objects.filter(status=Status.EXPIRED).order_by()
    lately = expired.filter(
        expires_at__gt=now - REPORTED, expires_at__lte=now, dispatch__reminder__isnull=False
    )
    latest = dict(
        lately.values_list("dispatch__reminder__event").annotate(latest=Max("expires_at"))
    )
    counts = dict(
        expired.filter(dispatch__reminder__event__in=latest)
        .values_list("dispatch__reminder__event")
        .annotate(count=Count("pk"))
    )
    told, unsettled = _told(latest), _unsettled(latest, now)
    news = [
        pk
        for pk, at in latest.items()
        if pk not in told
        or told[pk][0] < at
        or (NOT_COUNTED < told[pk][1] < counts[pk] and pk not in unsettled)
    ]
    return sum(
        _tell_expired(event, latest[event.pk], counts[event.pk], now)
        for event in Event.objects.filter(pk__in=news)
    )


def _told(events: Iterable[int]) -> dict[int, tuple[datetime, int]]:
    """Return of which moment, and of how many messages, each event's moderator was told last."""
    alerts = EventAlert.objects.filter(event__in=events, topic=Topic.EXPIRED).values_list("event")
    latest = alerts.annotate(at=Max("about_at"), most=Max("count"))
    return {event: (at, most) for event, at, most in latest}


def _unsettled(events: Iterable[int], now: datetime) -> set[int]:
    """Return the events with messages that expire soon, or not: one letter then tells of all."""
    in_work = Q(status=Status.CALLING) | Q(status=Status.UNKNOWN, look_up_at__isnull=False)
    messages = Message.objects.filter(
        in_work, expires_at__lte=now, dispatch__reminder__event__in=events
    )
    return set(messages.order_by().values_list("dispatch__reminder__event", flat=True))


def _tell_expired(event: Event, latest: datetime, count: int, now: datetime) -> int:
    text = partial(_expired_text, event)
    return tell(event, Topic.EXPIRED, latest, now, text, count=count)


def report_held(events: Iterable[Event], now: datetime) -> int:
    """Ask the moderators of events whose SMS to those not joined is held; return how many."""
    return sum(
        tell(event, Topic.FEED_HELD, event.starts_at, now, partial(_held_text, event))
        for event in events
    )


def report_preflight(preflight: Preflight, now: datetime) -> int:
    """Tell the moderator that all is ready, or what is not; return how many events."""
    is_morning = preflight.occasion == Preflight.Occasion.MORNING
    topic = Topic.PREFLIGHT_DAY if is_morning else Topic.PREFLIGHT
    text = partial(_preflight_text, preflight)
    return tell(preflight.event, topic, preflight.about_at, now, text)


def responsible(event: Event) -> list[User]:
    """Return the moderator, or the marketing heads of an event that has none."""
    if event.moderator is not None and event.moderator.is_active:
        return [event.moderator]
    return list(User.objects.filter(role=Role.MARKETING_HEAD, is_active=True))


def tell(
    event: Event,
    topic: Topic,
    about_at: datetime,
    now: datetime,
    text: Text,
    *,
    to: list[User] | None = None,
    until: datetime | None = None,
    count: int = 0,
) -> int:
    """Write to those responsible, or to others, once for each moment it is about."""
    # Two workers may be telling at once; the alert's unique key lets one of them.
    with contextlib.suppress(IntegrityError), transaction.atomic():
        title = f"{event.title[:120]} {day(event.starts_at)} · {topic.label}"
        drafts = letters(
            responsible(event) if to is None else to,
            text,
            due_at=now,
            expires_at=until or now + OF_USE,
        )
        dispatch = queue.queue_to_users(title, drafts, purpose=Purpose.SERVICE)
        EventAlert.objects.create(
            event=event, topic=topic, about_at=about_at, count=count, dispatch=dispatch
        )
        return 1
    return 0


def _held_text(event: Event) -> tuple[str, str]:
    subject = gettext("Please decide: %(event)s, nobody seems to be in") % {"event": event.title}
    body = gettext(
        "The SMS to those who have not joined is held, because nobody at all seems to be in the "
        "room.\n\nRelease it, or tell everybody that you start late:\n%(link)s\n\nAt %(until)s it "
        "expires by itself."
    )
    until = clock(event.starts_at + timedelta(minutes=25))
    return subject, body % {"link": _link(event), "until": until}


def _expired_text(event: Event) -> tuple[str, str]:
    expired = (
        Message.objects.filter(dispatch__reminder__event=event, status=Status.EXPIRED)
        .values("dispatch__reminder__rule__name", "medium")
        .annotate(count=Count("pk"))
        .order_by("dispatch__reminder__rule__position", "medium")
    )
    total = sum(row["count"] for row in expired)
    subject = ngettext(
        "%(count)s message of %(event)s came too late and was not sent",
        "%(count)s messages of %(event)s came too late and were not sent",
        total,
    )
    lines = "\n".join(
        f"– {row['dispatch__reminder__rule__name']}, {Medium(row['medium']).label}: {row['count']}"
        for row in expired
    )
    body = gettext(
        "These messages were of no use any more and were not sent:\n%(lines)s\n\n%(link)s"
    )
    return (
        subject % {"count": total, "event": event.title},
        body % {"lines": lines, "link": _link(event)},
    )


def _preflight_text(preflight: Preflight) -> tuple[str, str]:
    event, red = preflight.event, preflight.red()
    values = {"event": event.title, "time": clock(event.starts_at), "count": len(red)}
    if not red:
        subject = gettext("All ready: %(event)s, %(time)s") % values
        lines = [str(check["sentence"]) for check in preflight.checks()]
    else:
        subject = ngettext(
            "%(count)s thing is not ready: %(event)s, %(time)s",
            "%(count)s things are not ready: %(event)s, %(time)s",
            len(red),
        )
        subject %= values
        lines = [f"{check['name']}: {check['sentence']}\n  {check['fix']}" for check in red]
    return subject, "\n".join([*(f"– {line}" for line in lines), "", _link(event)])


def _link(event: Event) -> str:
    return settings.SITE_URL + reverse("events:event_detail", args=[event.pk])
