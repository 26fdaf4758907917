"""How far an open day's preparation is: its concept, banners, advertising, messages and offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.board import (
    Box,
    Due,
    Messages,
    Stand,
    boxes,
    materials_stand,
    messages_stand,
    on_day,
    publication_stand,
)
from events.models import Event, Material
from plans.local_time import local_day
from plans.models import Channel, Publication

CHANNELS = (Channel.Kind.FACEBOOK, Channel.Kind.HOME_PAGE)
PUBLISHED_BEFORE = timedelta(days=7)

NAMES = {
    "concept": _("Advertising concept"),
    "banners": _("Advertising banners"),
    "publication": _("Advertising placed"),
    "reminders": _("Automated messages"),
    "offer": _("The week's offer"),
}


@dataclass(frozen=True)
class Facts:
    """Everything the board looks at, read beforehand."""

    event: Event
    now: datetime
    concept: str = ""
    materials: Sequence[Material] = ()
    publications: Sequence[Publication] = ()
    messages: Messages = field(default_factory=Messages)
    offer_lines: int = 0
    dues: Mapping[str, Due] = field(default_factory=dict)
    """Day and owner of each activity that has a task."""

    @property
    def is_over(self) -> bool:
        return self.event.has_ended(self.now)


def board(facts: Facts) -> list[Box]:
    banners = [each for each in facts.materials if each.kind == Material.Kind.BANNER]
    stands = {
        "concept": _concept(facts.concept),
        "banners": materials_stand(banners, add=gettext("Add a banner.")),
        "publication": publication_stand(facts.event, facts.publications, CHANNELS),
        "reminders": messages_stand(facts.event, facts.messages, is_over=facts.is_over),
        "offer": _offer(facts),
    }
    dues = {key: _due(facts, key) for key in stands}
    return boxes(facts.event, NAMES, stands, dues, local_day(facts.now))


def _due(facts: Facts, key: str) -> Due:
    """Take day and owner from the task; publication is due a week before without one too."""
    due = facts.dues.get(key, Due())
    day = local_day(facts.event.starts_at)
    if key == "publication":
        return Due(due.on or day - PUBLISHED_BEFORE, due.owner)
    return Due(due.on or day, due.owner) if key == "offer" else due


def _concept(concept: str) -> Stand:
    return Stand(
        is_done=bool(concept),
        is_begun=False,
        evidence=(gettext("It is written down.") if concept else gettext("There is none yet."),),
        next_step=gettext("Write the concept down."),
    )


def _offer(facts: Facts) -> Stand | None:
    """Say whether there is something to offer; None where the event advertises nothing."""
    event, offer = facts.event, facts.event.offer
    if not event.with_offer:
        return None
    if offer is None:
        return Stand(
            is_done=False,
            is_begun=False,
            evidence=(gettext("No offer holds on that day yet."),),
            next_step=gettext("Make the week's offer."),
        )
    programmes = ngettext(
        "%(count)s programme, until %(day)s.",
        "%(count)s programmes, until %(day)s.",
        facts.offer_lines,
    ) % {"count": facts.offer_lines, "day": on_day(offer.last_day)}
    return Stand(
        is_done=facts.offer_lines > 0 and bool(offer.url),
        is_begun=True,
        evidence=(programmes,) if offer.url else (programmes, gettext("Its page is missing.")),
        next_step=gettext("Add the programmes and the page of the offer."),
    )
