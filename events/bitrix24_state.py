"""What the administrators' page shows of Bitrix24 without asking the portal."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import contacts
from outbox.channels.base import get_channel
from outbox.channels.bitrix24 import not_connected
from outbox.models import ChannelState
from people.models import Participant
from ui.choices import ShownChoices

PROBLEMS_SHOWN = 100


class RouteState(ShownChoices):
    """Whether a route is taken."""

    OFF = "off", "is-quiet", "player-pause", _("Off")
    STOPPED = "stopped", "is-bad", "alert-triangle", _("Stopped")
    RESTS = "rests", "is-warning", "alert-triangle", _("Rests")
    TRIED = "tried", "is-warning", "alert-triangle", _("Is tried")
    WORKS = "works", "is-ok", "check", _("Works")


@dataclass(frozen=True)
class Route:
    """One way on which things go out, and whether they do."""

    key: str
    name: str
    state: RouteState
    problem: str = ""
    can_reopen: bool = False


@dataclass(frozen=True)
class People:
    """How far the participants are matched to contacts."""

    matched: int
    unmatched: int
    problem_count: int
    problems: QuerySet[Participant]


@dataclass(frozen=True)
class Limits:
    """How fast we ask, as the settings have it."""

    burst: int
    per_second: float
    read_timeout: float


def limits() -> Limits:
    return Limits(
        settings.BITRIX24_BURST, settings.BITRIX24_DRAIN_PER_SECOND, settings.BITRIX24_READ_TIMEOUT
    )


def route_names() -> dict[str, str]:
    """Name what the breaker may have stopped."""
    channels = {key: str(get_channel(key).name) for key in settings.MESSAGE_CHANNELS}
    return {**channels, contacts.STATE: gettext("Matching people to contacts")}


def routes(now: datetime) -> list[Route]:
    """Say of each route whether it works, rests or waits for a person."""
    states = {state.pk: state for state in ChannelState.objects.all()}
    return [_route(key, name, states.get(key), now) for key, name in route_names().items()]


def _route(key: str, name: str, found: ChannelState | None, now: datetime) -> Route:
    if missing := _missing(key):
        return Route(key, name, RouteState.OFF, missing)
    if found is not None and found.needs_a_person:
        return Route(key, name, RouteState.STOPPED, found.problem, can_reopen=True)
    if found is not None and found.closed_until is not None:
        state = RouteState.RESTS if found.closed_until > now else RouteState.TRIED
        return Route(key, name, state, found.problem, can_reopen=True)
    return Route(key, name, RouteState.WORKS, found.problem if found is not None else "")


def _missing(key: str) -> str:
    is_channel = key in settings.MESSAGE_CHANNELS
    return get_channel(key).missing() if is_channel else not_connected()


def people(now: datetime) -> People:
    problems = Participant.objects.exclude(bitrix24_problem="")
    return People(
        matched=Participant.objects.exclude(bitrix24_contact_id=None).count(),
        unmatched=contacts.unmatched(now).values("participant").distinct().count(),
        problem_count=problems.count(),
        problems=problems.order_by("-bitrix24_tried_at", "pk")[:PROBLEMS_SHOWN],
    )
