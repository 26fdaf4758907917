"""The pretended event and its people: model instances that are in no table and are never saved."""

from copy import copy
from datetime import datetime, timedelta

from django.utils.translation import gettext

from events import attendance
from events.attendance import Door, Feed
from events.models import Event, EventMove, Registration
from events.plan import FEED_LOOK
from events.public_page import why_closed
from events.rehearsal.cast import Character
from events.rehearsal.script import Act, Deed
from events.text_previews import NO_LINK
from people.models import Medium, Participant

Attendance = Registration.Attendance


class Stage:
    """How things stand at the pretended moment."""

    def __init__(self, event: Event, starts_at: datetime, ends_at: datetime) -> None:
        self.event = as_rehearsed(event, starts_at, ends_at)
        self.registrations: dict[str, Registration] = {}
        """By a character's key, in the order of registering; also the cancelled ones."""

        self.characters: dict[str, Character] = {}
        self.moves: tuple[EventMove, ...] = ()

    def act(self, deed: Deed, character: Character | None) -> str:
        """Do what the deed says; return a sentence instead if it cannot be done."""
        match deed.act:
            case Act.REGISTER if character is not None:
                return self._register(character, deed.at)
            case Act.JOIN | Act.CANCEL if deed.who not in self.registrations:
                return gettext("This person is not registered.")
            case Act.JOIN:
                return self._join(self.registrations[deed.who], deed.at)
            case Act.CANCEL:
                registration = self.registrations[deed.who]
                registration.cancelled_at = registration.cancelled_at or deed.at
            case Act.OPEN_ROOM:
                self.event.room_opened_at = deed.at
            case Act.RELEASE:
                self.event.release_no_show(deed.at)
            case Act.START_LATE:
                self.event.starts_late_at = self.event.starts_late_at or deed.at
                self.event.no_show_held_at = None
            case Act.MOVE if deed.starts_at is not None:
                return self._move(deed.starts_at, deed.at)
            case Act.CALL_OFF:
                self.event.cancelled_at = self.event.cancelled_at or deed.at
        return ""

    def _register(self, character: Character, at: datetime) -> str:
        if closed := why_closed(self.event, at):
            return closed
        known = self.registrations.get(character.key)
        if known is None:
            number = -1 - len(self.registrations)
            self.characters[character.key] = character
            self.registrations[character.key] = Registration(
                pk=number,
                event=self.event,
                participant=_person(character, number),
                token=NO_LINK,
                registered_at=at,
                is_confirmed=character.is_confirmed,
            )
        elif not known.is_active:
            known.cancelled_at, known.registered_at = None, at
            known.repetition += 1
        return ""

    def _join(self, registration: Registration, at: datetime) -> str:
        """Press the button of the personal link."""
        match attendance.door(self.event, at):
            case Door.EARLY:
                return gettext("It is too early: the link does not lead into the room yet.")
            case Door.OVER:
                return gettext("It is too late: the event is over.")
            case Door.CANCELLED:
                return gettext("This event is cancelled.")
        if not registration.is_active:
            return gettext("The registration is cancelled.")
        registration.attendance = Attendance.PRESENT
        registration.joined_at = registration.joined_at or at
        registration.last_joined_at = at
        if attendance.opens_room(self.event, at):
            self.event.room_opened_at = at
        return ""

    def _move(self, starts_at: datetime, at: datetime) -> str:
        if self.event.is_cancelled:
            return gettext("A cancelled event cannot be moved.")
        old_start = self.event.starts_at
        length = self.event.ends_at - old_start
        self.event.take_times(starts_at, starts_at + length, at)
        if starts_at != old_start:
            move = EventMove(old_starts_at=old_start, new_starts_at=starts_at, moved_at=at)
            self.moves = (*self.moves, move)
        return ""

    def as_now(self) -> "Stage":
        """Return how things stand, untouched by what happens later."""
        standing = copy(self)
        standing.event = copy(self.event)
        standing.characters = dict(self.characters)
        standing.registrations = {key: copy(each) for key, each in self.registrations.items()}
        return standing

    def people(self) -> list[tuple[Character, Registration]]:
        return [(self.characters[key], each) for key, each in self.registrations.items()]

    def active(self) -> list[tuple[Character, Registration]]:
        return [(who, each) for who, each in self.people() if each.is_active]

    def feed(self) -> Feed:
        active = self.active()
        present = [(who, each) for who, each in active if each.is_present]
        signs = [each.last_joined_at for _who, each in active if each.last_joined_at is not None]
        return Feed(
            registered=sum(who.count for who, _each in active),
            present=sum(who.count for who, _each in present),
            last_sign_at=max(signs, default=None),
        )

    def judge_feed(self, now: datetime) -> bool:
        """Hold the message to those who have not joined, or no longer; return whether it is new."""
        event = self.event
        is_asked = (
            not event.is_cancelled
            and event.starts_at + FEED_LOOK <= now
            and now < event.starts_at + attendance.ASKED_UNTIL
            and event.no_show_released_at is None
            and event.starts_late_at is None
        )
        return is_asked and attendance.judge_feed(event, self.feed(), now)

    def settle_absences(self, now: datetime) -> None:
        if attendance.absence_is_known(self.event, self.feed(), now):
            for _who, registration in self.active():
                if registration.attendance == Attendance.UNKNOWN:
                    registration.attendance = Attendance.ABSENT

    def blocked(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (medium, self.registrations[who.key].participant.address(medium))
            for who in self.characters.values()
            for medium in who.blocked
        )

    def had_enough(self) -> frozenset[tuple[int, str]]:
        return frozenset(
            (self.registrations[who.key].participant_id, medium)
            for who in self.characters.values()
            for medium in who.had_enough
        )


def as_rehearsed(event: Event, starts_at: datetime, ends_at: datetime) -> Event:
    """Return the event as the evening finds it: settled, switched on, and nothing begun.

    Without a number, so that it cannot be taken for the real one, nor its people be read.
    """
    pretended = copy(event)
    pretended.pk = None
    pretended.starts_at, pretended.ends_at = starts_at, ends_at
    pretended.reminders_stopped_at = pretended.cancelled_at = None
    pretended.moved_at = pretended.moved_from = pretended.room_opened_at = None
    pretended.no_show_held_at = pretended.no_show_released_at = pretended.starts_late_at = None
    pretended.registration_open = True
    pretended.take_offer()
    return pretended


def _person(character: Character, number: int) -> Participant:
    since = character.registers_at - timedelta(days=1)
    return Participant(
        pk=number,
        first_name=character.first_name,
        last_name=character.last_name,
        language=character.language,
        email=f"{-number}@rehearsal.invalid" if character.has_email else "",
        phone=f"+3712{-number:07}" if character.has_phone else "",
        offers_by_email_at=since if Medium.EMAIL in character.offers else None,
        offers_by_sms_at=since if Medium.SMS in character.offers else None,
        unsubscribe_token=NO_LINK,
    )
