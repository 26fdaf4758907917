"""Words of a reminder filled in for people, before anything is sent.

Personal links are replaced by a stand-in of the same length, so neither a look at a preview nor a
test message can mark anybody as present, cancel a registration or refuse offers for somebody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models.functions import Length as CharLength
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from events.circumstances import next_event_after
from events.models import Event, Registration, ReminderRule, ReminderText
from events.models.event import EventQuerySet
from events.texts import Renderer, TextError
from outbox.channels.bitrix24_sms import LONGEST
from outbox.models import Message
from outbox.sms import Length, measure, without_diacritics
from outbox.text_html import as_html
from people.models import Medium, Participant
from ui.money import euros

NO_LINK = "for-a-test"
"""Stands for a personal link: as long as one, with a sign that none of them has."""

LONG_NAMES = 200
"""Of so many people with the longest names the longest SMS is looked for while one writes."""


@dataclass(frozen=True)
class EmailPreview:
    """An e-mail as one person would get it."""

    subject: str
    html: SafeString


@dataclass(frozen=True)
class SmsPreview:
    """An SMS as one person would get it, and how long it is."""

    text: str
    length: Length
    with_diacritics: Length
    plain: Length
    longest: Length
    """The longest of those looked at, as it would go."""

    longest_characters: int
    leaves_out_diacritics: bool
    recipients: int
    """People registered who have a phone number."""

    @property
    def price(self) -> str:
        """What this one costs; empty where the price of a part is not known."""
        return price_of(self.length.parts)

    @property
    def price_of_all(self) -> str:
        """What all of them cost at most: as if each were as long as the longest."""
        return price_of(self.longest.parts * self.recipients)

    @property
    def saves(self) -> bool:
        return self.plain.parts < self.with_diacritics.parts

    @property
    def is_too_long(self) -> bool:
        return self.longest_characters > LONGEST

    @property
    def most_characters(self) -> int:
        return LONGEST


@dataclass(frozen=True)
class Preview:
    """What one person would get, or why not."""

    email: EmailPreview | None
    email_problem: str
    sms: SmsPreview | None
    sms_problem: str


def price_of(parts: int) -> str:
    return euros(parts * settings.SMS_PART_PRICE) if settings.SMS_PART_PRICE else ""


def events_for(rule: ReminderRule, now: datetime) -> EventQuerySet:
    """Return the events a rule may be looked at with: the next ones first come first."""
    events = Event.objects.going_ahead().filter(kind=rule.event_type)
    return events.filter(ends_at__gte=now - timedelta(days=14)).order_by("starts_at", "pk")


def example_registration(rule: ReminderRule, event: Event | None, now: datetime) -> Registration:
    """Make somebody who never was, for a rule without an event or an event without people."""
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    event = event or Event(
        kind=rule.event_type,
        title=gettext("Example"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        presenter="Jānis Paraugs",
    )
    person = Participant(first_name="Anna", last_name="Paraudziņa", email="anna@example.org")
    return Registration(event=event, participant=person, registered_at=now)


def preview(text: ReminderText, registration: Registration, now: datetime) -> Preview:
    """Fill words in, as they are typed, with what is known of one person."""
    event = registration.event
    renderer = Renderer(event, text.rule, [text], next_event_after(event, now))
    double = stand_in(registration, text)
    email = sms = None
    email_problem = sms_problem = ""
    if text.email_subject or text.email_body:
        try:
            words = renderer.render(double, Medium.EMAIL)
        except TextError as error:
            email_problem = str(error)
        else:
            email = EmailPreview(words.subject, as_html(words.body))
    if text.sms_body:
        try:
            sms = _sms_preview(text, renderer, double)
        except TextError as error:
            sms_problem = str(error)
    return Preview(email, email_problem, sms, sms_problem)


def stand_in(registration: Registration, text: ReminderText) -> Registration:
    """Return the same person, never to be saved, as these words and no real link speak to them."""
    known = registration.participant
    person = Participant(
        first_name=known.first_name,
        last_name=known.last_name,
        email=known.email,
        phone=known.phone,
        language=text.language,
        unsubscribe_token=NO_LINK,
    )
    return Registration(
        event=registration.event,
        participant=person,
        token=NO_LINK,
        attendance=text.variant,
        registered_at=registration.registered_at,
    )


def drafts(text: ReminderText, registration: Registration, now: datetime) -> list[Message]:
    """Return what one person would get as messages that are in no ledger; raise TextError."""
    event = registration.event
    renderer = Renderer(event, text.rule, [text], next_event_after(event, now))
    double = stand_in(registration, text)
    messages = []
    for medium in Medium:
        if text.speaks_by(medium):
            words = renderer.render(double, medium)
            messages.append(
                Message(
                    medium=medium,
                    language=text.language,
                    subject=words.subject,
                    body=words.body,
                    due_at=now,
                )
            )
    return messages


def _sms_preview(text: ReminderText, renderer: Renderer, double: Registration) -> SmsPreview:
    as_it_goes = renderer.render(double, Medium.SMS).body
    written = renderer.sms_as_written(double)
    others = (stand_in(each, text) for each in _long_named(double.event))
    lengths = [as_it_goes, *_renderable(renderer, others)]
    return SmsPreview(
        text=as_it_goes,
        length=measure(as_it_goes),
        with_diacritics=measure(written),
        plain=measure(without_diacritics(written)),
        longest=max(map(measure, lengths), key=lambda length: (length.parts, length.units)),
        longest_characters=max(map(len, lengths)),
        leaves_out_diacritics=text.rule.without_diacritics,
        recipients=_with_phone(double.event),
    )


def _with_phone(event: Event) -> int:
    if event.pk is None:
        return 0
    return event.registrations.active().exclude(participant__phone="").count()


def _long_named(event: Event) -> Iterable[Registration]:
    if event.pk is None:
        return []
    size = CharLength("participant__first_name") + CharLength("participant__last_name")
    registrations = event.registrations.active().select_related("participant")
    return registrations.order_by(-size, "pk")[:LONG_NAMES]


def _renderable(renderer: Renderer, registrations: Iterable[Registration]) -> Iterable[str]:
    """Yield the SMS of those for whom it can be filled in; the check names the others."""
    for registration in registrations:
        try:
            yield renderer.render(registration, Medium.SMS).body
        except TextError:
            continue
