"""What the person who rehearses does: begin, move the clock, let something happen."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from events.models import Event, Rehearsal, ReminderRule
from events.rehearsal.cast import NEWCOMER, Character, cast_for, crowd, newcomer
from events.rehearsal.script import Act, Deed

NEW = "new"
"""Stands for somebody who has not been in the rehearsal before."""


@transaction.atomic
def begin(
    event: Event,
    rules: Sequence[ReminderRule],
    recipients: Iterable[User],
    *,
    nobody_joins: bool,
    with_crowd: bool,
    by: User,
    now: datetime,
) -> Rehearsal:
    """Begin a rehearsal of an event as it is now; `rules` are those that hold for it."""
    cast = cast_for(event, rules, nobody_joins=nobody_joins)
    if with_crowd:
        cast += crowd(event, rules, now)
    rehearsal = Rehearsal.objects.create(
        event=event,
        created_at=now,
        created_by=by,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        clock=_before_the_first(cast),
        cast=[each.stored() for each in cast],
    )
    rehearsal.recipients.set(recipients)
    return rehearsal


def begin_again(rehearsal: Rehearsal) -> None:
    """Go back to the beginning and forget what was done on the way."""
    cast = [Character.from_stored(each) for each in rehearsal.cast]
    stay = [each for each in cast if each.part != NEWCOMER]
    rehearsal.cast, rehearsal.script = [each.stored() for each in stay], []
    rehearsal.clock = _before_the_first(stay)
    rehearsal.save(update_fields=["cast", "script", "clock"])


def _before_the_first(cast: Sequence[Character]) -> datetime:
    return min(each.registers_at for each in cast) - timedelta(minutes=1)


def set_clock(rehearsal: Rehearsal, to: datetime) -> None:
    """Play up to a moment, or back to it; asked for the present minute, the clock stays."""
    if not to <= rehearsal.clock < to + timedelta(minutes=1):
        rehearsal.clock = to
        rehearsal.save(update_fields=["clock"])


@transaction.atomic
def let_happen(
    rehearsal: Rehearsal, act: Act, *, who: str = "", starts_at: datetime | None = None
) -> None:
    """Let something happen now by the pretended clock, a second after what already has."""
    locked = Rehearsal.objects.select_for_update().get(pk=rehearsal.pk)
    at = locked.clock + timedelta(seconds=1)
    if act == Act.REGISTER and who == NEW:
        number = sum(each["part"] == NEWCOMER for each in locked.cast)
        new = newcomer(number, at)
        locked.cast.append(new.stored())
        who = new.key
    locked.script.append(Deed(at, act, who, starts_at).stored())
    locked.clock = at
    locked.save(update_fields=["cast", "script", "clock"])
