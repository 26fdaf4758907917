"""Changes to an event, each in one transaction with what it means for its messages."""

from collections.abc import Iterator
from copy import copy as copy_object
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext, ngettext

from accounts.models import User
from documents.editing import RevisedForm
from events import reminders, signals
from events.circumstances import last_told
from events.forecast import forecast
from events.models import Event, EventMove, ReminderDispatch, ReminderRule
from events.models.event import SMALL_SHIFT
from events.texts import clock, day
from outbox import queue
from outbox.models import Message, MessageQuerySet, Reason
from plans.local_time import local_day


class ChangeRefusedError(Exception):
    """The change makes no sense for this event; the sentence says why."""


@transaction.atomic
def create(
    event: Event, starts_at: datetime, ends_at: datetime, *, by_id: int, now: datetime
) -> Event:
    """Create an event; if it is to advertise and no offer is chosen, the offer of its day."""
    event.starts_at, event.ends_at = starts_at, ends_at
    event.created_by_id, event.created_at = by_id, now
    event.take_offer()
    event.save()
    signals.event_created.send(Event, event=event, now=now)
    return event


@transaction.atomic
def save_details(form: RevisedForm, *, by: User, at: datetime) -> bool:
    """Save an edited event; False if somebody else saved meanwhile, which the form then shows."""
    if not form.save_revised(by=by, at=at):
        return False
    # The form has written past `Event.save`, which has the plan looked at again.
    event = Event.objects.select_for_update().get(pk=form.instance.pk)
    event.take_offer()
    event.save(update_fields=["offer"])
    return True


@dataclass(frozen=True)
class MoveImpact:
    """What moving an event to another time would do."""

    told: int
    """People who were told the old time and get one message with the new one."""
    waiting: int
    """Messages that are planned and follow to the new time."""
    past: int = 0
    """Messages that are planned, and would have been due already by the new time."""
    untold_at_once: int = 0
    """People who were told nothing yet and get the link at once, since the start is so near."""

    def sentence(self, old: datetime, new: datetime) -> str:
        if old == new:
            return gettext("The start stays as it is, so nobody is written to.")
        times = {"old": clock(old), "new": clock(new)}
        if local_day(old) != local_day(new):
            times = {key: f"{day(at)} {times[key]}" for key, at in (("old", old), ("new", new))}
        told = ngettext(
            "%(count)s person was told %(old)s and will get one message with %(new)s.",
            "%(count)s people were told %(old)s and will get one message with %(new)s.",
            self.told,
        ) % {"count": self.told, **times}
        if abs(new - old) < SMALL_SHIFT:
            told = gettext("The start shifts by less than five minutes, so nobody is written to.")
        elif not self.told and self.untold_at_once:
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
        at_once = ngettext(
            "%(count)s person who was told nothing yet gets the link at once.",
            "%(count)s people who were told nothing yet get the link at once.",
            self.untold_at_once,
        )
        for text, count in (
            (moving, self.waiting),
            (past, self.past),
            (at_once, self.untold_at_once),
        ):
            if count:
                yield text % {"count": count}


def impact_of_move(event: Event, new_start: datetime, now: datetime) -> MoveImpact:
    """Count what a move would do, before it is saved."""
    active = event.registrations.active()
    moved = copy_object(event)
    moved.starts_at, moved.moved_at = new_start, now
    told = last_told(moved, active.values("participant"))
    notified = sum(abs(at - new_start) >= SMALL_SHIFT for at in told.values())
    count, waiting, past, untold = active.count(), 0, 0, 0
    for rule in _still_to_come(event, now):
        if (rule.due_at(moved) or now) > now:
            waiting += count * len(rule.media)
        elif rule.late == ReminderRule.Late.SKIP or now >= rule.expires_at(moved):
            past += count * len(rule.media)
        else:
            past += notified * len(rule.media)
            untold = count - len(told)
    return MoveImpact(told=notified, waiting=waiting, past=past, untold_at_once=untold)


def _still_to_come(event: Event, now: datetime) -> list[ReminderRule]:
    return [
        rule
        for rule in reminders.rules_of(event)
        if not rule.counts_from_registration()
        and (due_at := rule.due_at(event)) is not None
        and due_at > now
    ]


@transaction.atomic
def move(
    event: Event,
    new_start: datetime,
    new_end: datetime,
    *,
    by_id: int,
    now: datetime,
    reason: str = "",
) -> None:
    """Move an event; reminders follow by themselves, who was told the old time gets a notice.

    The notice waits for ten quiet minutes after the last move, so that only the final time is
    told, and goes at once where the start is near.
    """
    _lock(event)
    if event.is_cancelled:
        raise ChangeRefusedError(gettext("A cancelled event cannot be moved."))
    if new_end <= new_start:
        raise ChangeRefusedError(gettext("The event must end after it starts."))
    old_start, old_end = event.starts_at, event.ends_at
    fields = event.take_times(new_start, new_end, now)
    if old_start != new_start:
        EventMove.objects.create(
            event=event,
            old_starts_at=old_start,
            new_starts_at=new_start,
            moved_at=now,
            moved_by_id=by_id,
            reason=reason,
        )
        stale = messages_of(event).filter(dispatch__reminder__moment=old_start)
        queue.withdraw(stale, Reason.MOVED)
        overtaken = messages_of(event).filter(dispatch__reminder__rule__anchor="moved")
        queue.withdraw(overtaken, Reason.MOVED)
        if abs(new_start - old_start) < SMALL_SHIFT:
            _carry_over(event, old_start)
    elif old_end != new_end:
        after_end = messages_of(event).filter(dispatch__reminder__rule__anchor="end")
        queue.withdraw(after_end, Reason.MOVED)
    event.save(update_fields=fields)
    signals.event_moved.send(Event, event=event, now=now)


def _carry_over(event: Event, old_start: datetime) -> None:
    """Keep the occasions of a start that shifts by so little: who was reminded is not again.

    What has not gone yet follows to the new moment.
    """
    occasions = ReminderDispatch.objects.filter(event=event)
    there = occasions.filter(moment=event.starts_at).values("rule")
    carried = list(
        occasions.filter(moment=old_start).exclude(rule__in=there).values_list("pk", flat=True)
    )
    occasions.filter(pk__in=carried).update(moment=event.starts_at)


def _lock(event: Event) -> None:
    """Take the event as it is now, and let nobody else change it before this is done."""
    event.refresh_from_db(from_queryset=Event.objects.select_for_update())


@transaction.atomic
def cancel(event: Event, reason: str, *, by_id: int, now: datetime) -> int:
    """Cancel an event; nothing planned survives the commit. Return how many rows were withdrawn.

    Those registered get one notice.
    """
    _lock(event)
    if event.is_cancelled:
        raise ChangeRefusedError(gettext("This event is cancelled already."))
    if not reason.strip():
        raise ChangeRefusedError(gettext("Say why the event is cancelled."))
    event.cancelled_at, event.cancelled_by_id, event.cancel_reason = now, by_id, reason.strip()
    event.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
    signals.event_cancelled.send(Event, event=event, by_id=by_id, now=now)
    return queue.withdraw(messages_of(event), Reason.EVENT_CANCELLED)


def notices_of_cancelling(event: Event, now: datetime) -> int:
    """Count the people who would get a notice if the event were cancelled at `now`."""
    as_if = copy_object(event)
    as_if.cancelled_at = now
    rules = [r for r in reminders.rules_of(event) if r.anchor == ReminderRule.Anchor.CANCELLED]
    outlooks = forecast(as_if, rules, now)
    reached = {
        number
        for outlook in outlooks
        if outlook.planned.verdict.is_send
        for number in outlook.registration_ids
    }
    return len(reached)


@transaction.atomic
def stop_reminders(event: Event, reason: str, now: datetime) -> int:
    """Stop all messages of one event; return how many waiting rows are held."""
    event.reminders_stopped_at, event.reminders_stop_reason = now, reason[:200]
    event.save(update_fields=["reminders_stopped_at", "reminders_stop_reason"])
    return queue.hold(messages_of(event), Reason.STOPPED)


@transaction.atomic
def resume_reminders(event: Event, now: datetime) -> int:
    """Resume; what is still of use goes. Return how many held rows are planned again."""
    event.reminders_stopped_at, event.reminders_stop_reason = None, ""
    event.save(update_fields=["reminders_stopped_at", "reminders_stop_reason"])
    return queue.release(messages_of(event), Reason.STOPPED, now)


@transaction.atomic
def copy(event: Event, starts_at: datetime, *, by_id: int, now: datetime) -> Event:
    """Copy an event to another time, without its people; its reminders start switched off.

    If it is to advertise, then the offer of its own day.
    """
    duplicate = Event(
        kind=event.kind,
        title=event.title,
        title_en=event.title_en,
        description=event.description,
        description_en=event.description_en,
        starts_at=starts_at,
        ends_at=starts_at + (event.ends_at - event.starts_at),
        room_url=event.room_url,
        entry=event.entry,
        moderator=event.moderator,
        presenter=event.presenter,
        price=event.price,
        currency=event.currency,
        with_offer=event.with_offer,
        created_by_id=by_id,
        created_at=now,
        reminders_stopped_at=now,
        reminders_stop_reason=gettext("Copied: check the texts and the room, then switch on."),
    )
    duplicate.take_offer()
    duplicate.save()
    duplicate.rules_off.set(event.rules_off.all())
    signals.event_created.send(Event, event=duplicate, now=now)
    return duplicate


@transaction.atomic
def switch_rule(event: Event, rule: ReminderRule, *, is_on: bool) -> None:
    """Switch one rule off or on for this event alone; the plan is looked at again at once."""
    if is_on:
        event.rules_off.remove(rule)
    else:
        event.rules_off.add(rule)
    Event.objects.filter(pk=event.pk).look_again()


def messages_of(event: Event) -> MessageQuerySet:
    return Message.objects.filter(
        dispatch__in=ReminderDispatch.objects.filter(event=event).values("dispatch")
    )
