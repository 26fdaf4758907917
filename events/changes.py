"""Changes to an event, each in one transaction with what it means for its messages."""

from copy import copy as copy_object
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from accounts.models import User
from documents.editing import RevisedForm
from events import reminders, signals
from events.forecast import forecast
from events.models import Event, EventMove, ReminderDispatch, ReminderRule
from events.models.move import SMALL_SHIFT
from events.models.reminder import OF_THE_START
from outbox import queue
from outbox.models import Message, MessageQuerySet, Reason


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
        # At once: a second withdrawal would lock rows after claims, and others do it before.
        is_stale = Q(dispatch__reminder__moment=old_start)
        is_overtaken = Q(dispatch__reminder__rule__anchor=ReminderRule.Anchor.MOVED)
        queue.withdraw(messages_of(event).filter(is_stale | is_overtaken), Reason.MOVED)
        _carry_over(event, old_start)
    elif old_end != new_end:
        after_end = messages_of(event).filter(dispatch__reminder__rule__anchor="end")
        queue.withdraw(after_end, Reason.MOVED)
    event.save(update_fields=fields)
    signals.event_moved.send(Event, event=event, now=now)


def _carry_over(event: Event, old_start: datetime) -> None:
    """Keep the occasions of a start that is nearly the new one: who was reminded is not again.

    Mostly it is the old start, shifted by so little; it may also be one from before, when the time
    between was a mistake. What has not gone yet follows to the new moment. An occasion that has
    reminded somebody of a time that is not nearly the new one stays behind, however little the
    last shift was: many small ones make a greater move, after which people are reminded again.
    """
    new_start = event.starts_at
    first, last = new_start - SMALL_SHIFT, new_start + SMALL_SHIFT
    occasions = ReminderDispatch.objects.filter(event=event, rule__anchor__in=OF_THE_START)
    there = occasions.filter(moment=new_start).values("rule")
    near = occasions.exclude(rule__in=there).filter(moment__gt=first, moment__lt=last)
    reminders_gone = Message.objects.taken().filter(
        dispatch__reminder__event=event, dispatch__reminder__rule__anchor=ReminderRule.Anchor.START
    )
    of_another_time = reminders_gone.filter(Q(about_at__lte=first) | Q(about_at__gte=last))
    near = near.exclude(dispatch__in=of_another_time.values("dispatch"))
    in_order = sorted(near.order_by("pk"), key=lambda each: each.moment == old_start)
    carried = {each.rule_id: each.pk for each in in_order}
    ReminderDispatch.objects.filter(pk__in=carried.values()).update(moment=new_start)


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
    if not is_on:
        queue.ask_anew(messages_of(event).filter(dispatch__reminder__rule=rule))


def messages_of(event: Event) -> MessageQuerySet:
    return Message.objects.filter(
        dispatch__in=ReminderDispatch.objects.filter(event=event).values("dispatch")
    )
