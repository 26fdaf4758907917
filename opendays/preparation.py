"""What an open day and its series have in common: the concept, the materials; and its board."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from events.advertising import publications_of
from events.board import Box, read_messages
from events.models import Event, Material
from opendays import board, funnel
from opendays.models import LeadCount, Occurrence, Promotion
from plans.models import Publication
from work.preparation import dues_of

OF_THE_SERIES = 10
"""So many materials of other days of the series are shown."""


def promotion_of(event: Event) -> Promotion:
    """Return the promotion of an event's series, or of the event alone; perhaps not stored yet."""
    occurrence = Occurrence.objects.filter(event=event).select_related("series").first()
    owner = {"series": occurrence.series} if occurrence else {"event": event}
    return Promotion.objects.filter(**owner).select_related("changed_by").first() or Promotion(
        **owner
    )


def stored_promotion_of(event: Event) -> Promotion:
    found = promotion_of(event)
    if found.pk is None:
        owner = {"series": found.series} if found.series else {"event": found.event}
        found, _is_new = Promotion.objects.get_or_create(**owner)
    return found


def lead_count_of(event: Event) -> LeadCount:
    found = LeadCount.objects.filter(event=event).select_related("changed_by").first()
    return found or LeadCount(event=event)


def materials_of(event: Event) -> list[Material]:
    """Read the materials made for an open day, then the newest of the others of its series.

    A banner made for one week serves the weeks after it too.
    """
    series = Occurrence.objects.filter(event=event).values("series")
    others = Material.objects.filter(event__occurrence__series__in=series).exclude(event=event)
    own = Material.objects.filter(event=event).with_versions()
    return [*own, *others.with_versions().order_by("-pk")[:OF_THE_SERIES]]


@dataclass(frozen=True)
class Page:
    """An open day's board, and what lies behind its boxes."""

    boxes: list[Box]
    promotion: Promotion
    materials: Sequence[Material]
    publications: Sequence[Publication]
    lead_count: LeadCount
    funnel: list[funnel.Step]


def page(event: Event, now: datetime) -> Page:
    promotion, materials = promotion_of(event), materials_of(event)
    publications, lead_count = publications_of(event), lead_count_of(event)
    facts = board.Facts(
        event=event,
        now=now,
        concept=promotion.concept,
        materials=materials,
        publications=publications,
        messages=read_messages(event, now),
        offer_lines=event.offer.lines.count() if event.offer else 0,
        dues=dues_of(event),
    )
    return Page(
        boxes=board.board(facts),
        promotion=promotion,
        materials=materials,
        publications=publications,
        lead_count=lead_count,
        funnel=funnel.funnel(event, lead_count.count, now),
    )
