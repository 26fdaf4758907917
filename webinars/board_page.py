"""What a webinar's board shows: its facts, read in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from events.advertising import placed_on, publications_of
from events.board import Box, read_messages
from events.models import Event, Material
from plans.local_time import local_day
from plans.models import Publication
from webinars import board, checklist, gates
from webinars.checklist import Line
from webinars.models import Webinar, of_event
from webinars.promotion import CHANNELS, days_left, due_on
from webinars.rules import can_see_contract
from work.preparation import dues_of


@dataclass(frozen=True)
class Page:
    """A webinar's board and what lies behind each of its boxes."""

    webinar: Webinar
    boxes: list[Box]
    materials: Sequence[Material]
    publications: Sequence[Publication]
    checklist: Sequence[Line]
    closed_gates: str
    """What keeps it from being advertised, as a sentence; empty where nothing does."""

    unpublished_days: int | None
    """How many days are left while it is not published on each channel and is due."""

    unpublished_on: str
    """The channels of the process on which nothing is published."""

    clashes: Sequence[Event]
    """Webinars at the same time that the same person is to present."""

    @property
    def reminders(self) -> tuple[str, ...]:
        """What is known of the messages to participants, in sentences."""
        return next(box.evidence for box in self.boxes if box.key == "reminders")


def page(event: Event, user: User, now: datetime) -> Page:
    webinar, materials = of_event(event), list(event.materials.with_versions())
    publications = publications_of(event)
    lines = checklist.lines_of(webinar)
    facts = board.Facts(
        event=event,
        webinar=webinar,
        now=now,
        materials=materials,
        publications=publications,
        checklist=lines,
        messages=read_messages(event, now),
        dues=dues_of(event),
        shows_contract=can_see_contract(user),
    )
    closed = gates.closed(webinar, materials)
    missing = [str(kind.label) for kind in CHANNELS if placed_on(publications, kind) is None]
    return Page(
        webinar=webinar,
        boxes=board.board(facts),
        materials=materials,
        publications=publications,
        checklist=lines,
        closed_gates=gates.sentence(closed) if closed else "",
        unpublished_days=_unpublished_days(event, now) if missing else None,
        unpublished_on=", ".join(missing),
        clashes=_clashes(webinar, event, now),
    )


def _clashes(webinar: Webinar, event: Event, now: datetime) -> list[Event]:
    if webinar.presenter is None or event.is_cancelled or event.has_ended(now):
        return []
    others = Event.objects.going_ahead().filter(webinar__presenter=webinar.presenter)
    others = others.filter(starts_at__lt=event.ends_at, ends_at__gt=event.starts_at)
    return list(others.exclude(pk=event.pk).order_by("starts_at", "pk"))


def _unpublished_days(event: Event, now: datetime) -> int | None:
    if event.is_cancelled or event.has_begun(now):
        return None
    return days_left(event, now) if due_on(event.starts_at) <= local_day(now) else None
