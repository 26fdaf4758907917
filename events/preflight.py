"""The pre-flight: an hour before each event, in the morning of its day, and whenever asked for.

What is due is seen by the clock, not by an alarm: who was late or dead makes up for it, and a moved
event is looked at again. What was found is kept, shown on the event's page and told by e-mail.
"""

import contextlib
import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from events import alerts
from events.models import Event, Preflight
from events.preflight_checks import look
from outbox.checks import Check
from plans.local_time import local_day, local_moment

logger = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
MORNING = time(8)

Occasion = Preflight.Occasion


@dataclass(frozen=True)
class Due:
    """A pre-flight that is to be made now."""

    event: Event
    occasion: Preflight.Occasion


@dataclass(frozen=True)
class Box:
    """The last pre-flight for the event's present start, and when the next is made by itself."""

    latest: Preflight | None
    next_at: datetime | None


def make_due(now: datetime) -> int:
    """Make every pre-flight that is due; return how many. With nothing near it is one query."""
    made = 0
    for due in _due(now):
        try:
            made += make(due.event, due.occasion, now) is not None
        except Exception:
            logger.exception("The pre-flight of event %s could not be made", due.event.pk)
    return made


def make(event: Event, occasion: Preflight.Occasion, now: datetime) -> Preflight | None:
    """Look at everything and keep what was found; None if another worker has just done so."""
    found = look(event, now)
    preflight = Preflight(
        event=event,
        occasion=occasion,
        about_at=event.starts_at,
        at=now,
        results={language: _in_words(found, language) for language, _name in settings.LANGUAGES},
        is_ready=all(check.ok for check in found),
    )
    with contextlib.suppress(IntegrityError), transaction.atomic():
        preflight.save()
        if occasion != Occasion.ASKED:
            alerts.report_preflight(preflight, now)
        return preflight
    return None


def box(event: Event, now: datetime) -> Box | None:
    """Return what the event's page shows; None once there is nothing to prepare for."""
    if event.is_cancelled or event.has_ended(now):
        return None
    morning = local_moment(local_day(event.starts_at), MORNING)
    coming = [moment for moment in (morning, event.starts_at - HOUR) if moment > now]
    latest = event.preflights.filter(about_at=event.starts_at).first()
    return Box(latest, min(coming, default=None))


def _in_words(found: list[Check], language: str) -> list[dict[str, object]]:
    with override(language):
        return [check.in_words() for check in found]


def _due(now: datetime) -> list[Due]:
    events = Event.objects.going_ahead().filter(starts_at__gt=now, starts_at__lte=_horizon(now))
    near = events.select_related("offer", "moderator").prefetch_related("preflights", "rules_off")
    found = []
    for event in near.order_by("starts_at", "pk"):
        is_near = event.starts_at <= now + HOUR
        occasion = Occasion.HOUR_BEFORE if is_near else Occasion.MORNING
        known = {(each.occasion, each.about_at) for each in event.preflights.all()}
        if (occasion, event.starts_at) not in known:
            event.take_offer()
            found.append(Due(event, occasion))
    return found


def _horizon(now: datetime) -> datetime:
    """Return until when an event has to start to be looked at now: today's, from 8:00 on."""
    if timezone.localtime(now).time() < MORNING:
        return now + HOUR
    end_of_day = local_moment(local_day(now) + timedelta(days=1), time(0))
    return max(now + HOUR, end_of_day - timedelta(microseconds=1))
