"""When one provider is down: what waits goes by another of the same medium, until a person ends it.

Only rows that have surely not gone are moved: planned and held ones, never those that are being
handed over or whose outcome is unknown. The move is one conditional update of the rows a worker
claims by the same condition, so each goes by one of the two channels. While a detour is in force
new rows take it at once (`channel_for`), and what comes back to waiting follows at the next tick.

Members of staff are written to by a channel of their own and take no detours.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from outbox import restored
from outbox.channels.base import Channel, chosen_channel, get_channel
from outbox.health import troubled
from outbox.models import (
    Detour,
    Dispatch,
    Message,
    MessageQuerySet,
    Purpose,
    Status,
)

logger = logging.getLogger(__name__)


class DetourRefusedError(Exception):
    """Messages cannot go that way; the sentence says why."""


@dataclass(frozen=True)
class WayOut:
    """A channel that does not send now, what waits for it, and who could carry it instead."""

    channel: Channel
    waiting: int
    others: list[Channel]


@dataclass(frozen=True)
class InForce:
    """A detour that is being taken."""

    detour: Detour
    channel: Channel
    goes_by: Channel


def ways_out(now: datetime, taken: Iterable[InForce]) -> list[WayOut]:
    """Return the channels that do not send now, but those whose detour is taken already."""
    detoured = {each.detour.channel for each in taken}
    silent = [state.pk for state, _sentence in troubled(now)]
    usable = [
        channel
        for key in settings.MESSAGE_CHANNELS
        if key not in detoured.union(silent) and not (channel := get_channel(key)).missing()
    ]
    return [
        WayOut(
            channel,
            waiting=_waiting(key).count(),
            others=[other for other in usable if other.medium == channel.medium],
        )
        for key in silent
        if key in settings.MESSAGE_CHANNELS and key not in detoured
        for channel in [get_channel(key)]
    ]


def in_force() -> list[InForce]:
    """Return the detours that are being taken, the latest first."""
    return [
        InForce(detour, get_channel(detour.channel), get_channel(detour.goes_by))
        for detour in Detour.objects.in_force().select_related("began_by")
        if {detour.channel, detour.goes_by} <= settings.MESSAGE_CHANNELS.keys()
    ]


def begin(channel: str, goes_by: str, *, by_id: int, at: datetime) -> int:
    """Let what waits for a channel, and what comes, go by another; return how many rows moved."""
    _refuse_what_leads_nowhere(channel, goes_by)
    restored.look_now_and_then(at)
    try:
        with transaction.atomic():
            Detour.objects.create(channel=channel, goes_by=goes_by, began_at=at, began_by_id=by_id)
            moved = _move(_waiting(channel), goes_by)
    except IntegrityError:
        raise DetourRefusedError(gettext("Its messages take a detour already.")) from None
    logger.warning("Messages of %s go by %s: %s that waited", channel, goes_by, moved)
    return moved


@transaction.atomic
def end(detour: Detour, *, by_id: int, at: datetime) -> int:
    """Go back: what still waits, and what comes, goes by the channel of the settings again."""
    restored.look_now_and_then(at)
    rows = Detour.objects.in_force().filter(pk=detour.pk)
    if not rows.update(ended_at=at, ended_by_id=by_id):
        return 0
    moved = _move(_that_came_from(detour), detour.channel)
    logger.warning("Messages of %s go by it again: %s that waited", detour.channel, moved)
    return moved


def follow(now: datetime) -> int:
    """Move what has come to wait for a channel since its detour began; return how many rows."""
    taken = list(Detour.objects.in_force())
    if taken:
        restored.look_now_and_then(now)
    return sum(_move(_waiting(detour.channel), detour.goes_by) for detour in taken)


def _waiting(channel: str) -> MessageQuerySet:
    return Message.objects.filter(
        channel=channel,
        status__in=[Status.PLANNED, Status.HELD],
        participant__isnull=False,
    )


def _that_came_from(detour: Detour) -> MessageQuerySet:
    """Keep what waits on the detour and would go by its channel without it."""
    channel = get_channel(detour.channel)
    purposes = [
        purpose
        for purpose in Purpose
        if channel.medium and chosen_channel(channel.medium, purpose) == detour.channel
    ]
    return _waiting(detour.goes_by).filter(
        dispatch__in=Dispatch.objects.filter(purpose__in=purposes)
    )


def _move(waiting: MessageQuerySet, channel: str) -> int:
    """Move rows in one update; what a restored backup made doubtful is looked up where it was."""
    return restored.without_doubtful(waiting).update_in_one_order(channel=channel)


def _refuse_what_leads_nowhere(channel: str, goes_by: str) -> None:
    if not {channel, goes_by} <= settings.MESSAGE_CHANNELS.keys() or channel == goes_by:
        raise DetourRefusedError(gettext("There is no such channel."))
    other = get_channel(goes_by)
    if other.medium != get_channel(channel).medium:
        raise DetourRefusedError(gettext("An SMS cannot become an e-mail."))
    if missing := other.missing():
        raise DetourRefusedError(missing)
    if Detour.objects.in_force().filter(channel__in=[channel, goes_by]).exists():
        raise DetourRefusedError(gettext("Its messages take a detour already."))
