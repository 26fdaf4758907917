"""What moving an event would do to its messages, counted and said before it is saved."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from events import reminders
from events.circumstances import last_told, notice_by
from events.earlier_times import is_past_by_move
from events.models import Event, EventMove, ReminderRule
from events.models.move import SMALL_SHIFT
from events.models.reminder import OF_THE_START
from events.plan import is_due_by_the_notice
from events.texts import clock
from outbox.models import Message, Status
from plans.local_time import local_day


@dataclass(frozen=True)
class MoveImpact:
    """What moving an event to another time would do."""

    told: int
    """People who were told the old time and get one message with the new one."""
    waiting: int
    """Messages that are planned and follow to the new time."""
    past: int = 0
    """Messages that are planned, and would have been due already by the new time."""
    told_instead: int = 0
    """Messages that would come before the notice, or with it, and say nothing else."""
    at_once: int = 0
    """People who get no notice and the link at once, since the start is so near."""
    notice_is_past: bool = False
    """Both times are past, so that a notice would be of no use to anybody."""

    def sentence(self, old: datetime, new: datetime) -> str:
        if old == new:
            return gettext("The start stays as it is, so nobody is written to.")
        times = {"old": clock(old), "new": clock(new)}
        if local_day(old) != local_day(new):
            times = {"old": _day_and_clock(old), "new": _day_and_clock(new)}
        told = ngettext(
            "%(count)s person was told %(old)s and will get one message with %(new)s.",
            "%(count)s people were told %(old)s and will get one message with %(new)s.",
            self.told,
        ) % {"count": self.told, **times}
        if not self.told and abs(new - old) < SMALL_SHIFT:
            told = gettext("The start shifts by less than five minutes, so it is not announced.")
        elif self.told and self.notice_is_past:
            told = gettext(
                "The old time and the new one are past, so nobody is told of the new one."
            )
        elif not self.told and self.at_once:
            told = gettext("Nobody has been told the old time yet.")
        elif not self.told:
            told = gettext("Nobody has been told the old time yet, so nobody is written to.")
        return " ".join([told, *self._about_reminders()])

    def _about_reminders(self) -> Iterator[str]:
        moving = ngettext("%(count)s reminder moves.", "%(count)s reminders move.", self.waiting)
        past = ngettext(
            "%(count)s reminder would have been due already by the new time and is skipped.",
            "%(count)s reminders would have been due already by the new time and are skipped.",
            self.past,
        )
        told_instead = ngettext(
            "%(count)s reminder is left out, since that message says the same.",
            "%(count)s reminders are left out, since that message says the same.",
            self.told_instead,
        )
        at_once = ngettext(
            "%(count)s person gets the link at once.",
            "%(count)s people get the link at once.",
            self.at_once,
        )
        for text, count in (
            (told_instead, self.told_instead),
            (moving, self.waiting),
            (past, self.past),
            (at_once, self.at_once),
        ):
            if count:
                yield text % {"count": count}


def _day_and_clock(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def of_the_past(event: Event, new_start: datetime, new_end: datetime, now: datetime) -> str:
    """Say what a new start in the past means for the reminders; nothing of one to come."""
    if now < new_start or new_start == event.starts_at:
        return ""
    if now < new_end:
        return gettext(
            "By the new time the event has begun: nobody is reminded before the start any more, and"
            " what leads straight in goes out only while it is of use."
        )
    return gettext(
        "By the new time the event is over: nobody is reminded of the start any more, and only what"
        " follows the end still goes out."
    )


def impact_of_move(
    event: Event, new_start: datetime, now: datetime, *, new_end: datetime | None = None
) -> MoveImpact:
    """Count what a move would do, before it is saved; without an end, it lasts as long as now."""
    if new_start == event.starts_at:
        return MoveImpact(told=0, waiting=0)
    moved = copy(event)
    moved.take_times(new_start, new_end or new_start + (event.ends_at - event.starts_at), now)
    move = EventMove(old_starts_at=event.starts_at, new_starts_at=new_start, moved_at=now)
    moves, announced_by = (*event.moves.all(), move), notice_by(event)
    everybody = list(event.registrations.active().values_list("participant", flat=True))
    notified = _told_another_time(moved)
    waiting, past, told_instead, at_once = 0, 0, 0, set[int]()
    for rule, due_at, new_due_at in _of_the_start(event, moved):
        is_to_come = due_at > now
        planned = list(product(everybody, rule.media)) if is_to_come else _not_gone(event, rule)
        others = [who for who, by in planned if who not in notified or by not in announced_by]
        instead = len(planned) - len(others)
        if new_due_at > now:
            left_out = instead if is_due_by_the_notice(rule, moved, new_due_at) else 0
            told_instead += left_out
            waiting += len(planned) - left_out
        elif rule.anchor == ReminderRule.Anchor.END and now < rule.expires_at(moved):
            waiting += len(planned)
        elif now >= rule.expires_at(moved) or is_past_by_move(rule, moved, moves):
            past += len(planned)
        else:
            past += instead
            if is_to_come:
                at_once |= {*others} - _reminded(moved, rule)
            else:
                waiting += len(others)
    is_too_late = max(moved.moved_from or new_start, new_start) <= now
    return MoveImpact(len(notified), waiting, past, told_instead, len(at_once), is_too_late)


def _told_another_time(moved: Event) -> set[int]:
    """Return those who were told a time that is not nearly the new one."""
    told = last_told(moved, moved.registrations.active().values("participant"))
    return {who for who, at in told.items() if abs(at - moved.starts_at) >= SMALL_SHIFT}


def _of_the_start(event: Event, moved: Event) -> Iterator[tuple[ReminderRule, datetime, datetime]]:
    """Yield the rules that count from the start or the end, with both their moments."""
    for rule in reminders.rules_of(event):
        due_at, new_due_at = rule.due_at(event), rule.due_at(moved)
        if rule.anchor in OF_THE_START and due_at is not None and new_due_at is not None:
            yield rule, due_at, new_due_at


def _not_gone(event: Event, rule: ReminderRule) -> list[tuple[int, str]]:
    """Return participant and medium of every message that is due and waits for its turn."""
    occasion = Message.objects.filter(
        dispatch__reminder__event=event,
        dispatch__reminder__rule=rule,
        dispatch__reminder__moment=event.starts_at,
    )
    waiting = occasion.filter(status__in=[Status.PLANNED, Status.HELD])
    rows = waiting.order_by().values_list("participant", "medium")
    return [(who, medium) for who, medium in rows if who is not None]


def _reminded(moved: Event, rule: ReminderRule) -> set[int | None]:
    """Return those whom this rule has reminded of nearly the new time, and does not again."""
    reminded = Message.objects.taken().filter(
        dispatch__reminder__event=moved,
        dispatch__reminder__rule=rule,
        dispatch__reminder__moment__gt=moved.starts_at - SMALL_SHIFT,
        dispatch__reminder__moment__lt=moved.starts_at + SMALL_SHIFT,
    )
    return set(reminded.order_by().values_list("participant", flat=True))
