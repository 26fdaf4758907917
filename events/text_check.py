"""Whether the saved words of a rule fit everybody registered, before anything is sent.

A name can make words go wrong in two ways only: by being empty, and by the room it takes in an SMS.
So they are filled in once for everybody whose names are alike in that, and links as long.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext

from events.circumstances import next_event_after
from events.models import Event, Registration, ReminderRule
from events.models.registration import RegistrationQuerySet
from events.text_previews import price_of
from events.texts import Renderer, TextError
from outbox.channels.bitrix24_sms import LONGEST
from outbox.sms import GSM_ALPHABET, GSM_CHARACTERS, measure, without_diacritics
from people.models import Medium, Participant

SHOWN = 100
"""So many problems are told one by one; there may be one for every person registered."""

CHUNK = 2000
LINE_ENDS = frozenset("\n\r")


@dataclass(frozen=True)
class Problem:
    """A message that cannot be filled in, or not sent, for somebody."""

    registration: Registration
    medium: Medium
    sentence: str


@dataclass(frozen=True)
class Check:
    """What became of filling in the words for everybody registered."""

    recipients: int
    people_with_problems: int
    messages_with_problems: int
    problems: list[Problem]
    """The first of them."""

    parts: list[tuple[int, int]]
    """How many SMS have how many parts."""

    @property
    def price(self) -> str:
        """What all SMS cost together; empty where the price of a part is not known."""
        return price_of(sum(parts * messages for parts, messages in self.parts))


class Likeness(NamedTuple):
    """What the words, and whether and in how many parts they go, depend on in a person."""

    language: str
    attendance: str
    first_name: str
    last_name: str
    """A name of the same room, not the person's own."""

    has_email: bool
    has_phone: bool
    token_length: int
    unsubscribe_length: int

    def has_address(self, medium: Medium) -> bool:
        return self.has_email if medium == Medium.EMAIL else self.has_phone

    def example(self, event: Event) -> Registration:
        """Return somebody like that, never to be saved."""
        person = Participant(
            first_name=self.first_name,
            last_name=self.last_name,
            language=self.language,
            unsubscribe_token="x" * self.unsubscribe_length,
        )
        return Registration(
            event=event,
            participant=person,
            token="x" * self.token_length,
            attendance=self.attendance,
        )


class Misfit(NamedTuple):
    """Whose message by which of the rule's media cannot go, and why; sorts as it is shown."""

    registration: int
    place: int
    sentence: str


def check(rule: ReminderRule, event: Event, now: datetime) -> Check:
    """Fill in the saved words for everybody registered, each in the person's own language."""
    renderer = Renderer(event, rule, rule.texts.all(), next_event_after(event, now))
    registrations = event.registrations.active()
    groups = _alike(registrations, _room(without_marks=rule.without_diacritics))
    misfits: list[Misfit] = []
    parts: Counter[int] = Counter()
    for likeness, members in groups.items():
        example = likeness.example(event)
        for place, medium in enumerate(rule.media):
            if not likeness.has_address(medium):
                continue
            try:
                body = renderer.render(example, medium).body
            except TextError as error:
                misfits += (Misfit(member, place, str(error)) for member in members)
                continue
            if medium == Medium.SMS:
                parts[measure(body).parts] += len(members)
                if len(body) > LONGEST:
                    misfits += (Misfit(member, place, _too_long(body)) for member in members)
    return Check(
        sum(map(len, groups.values())),
        len({misfit.registration for misfit in misfits}),
        len(misfits),
        _problems(registrations, rule, sorted(misfits)[:SHOWN]),
        sorted(parts.items()),
    )


def _alike(
    registrations: RegistrationQuerySet, room: Callable[[str], str]
) -> dict[Likeness, list[int]]:
    rows = registrations.order_by().values_list(
        *("pk", "attendance", "token", "participant__language"),
        *("participant__first_name", "participant__last_name"),
        *("participant__email", "participant__phone", "participant__unsubscribe_token"),
    )
    groups: dict[Likeness, list[int]] = defaultdict(list)
    for pk, attendance, token, language, first, last, email, phone, unsubscribe in rows.iterator(
        CHUNK
    ):
        likeness = Likeness(
            language,
            attendance,
            room(first),
            room(last),
            bool(email),
            bool(phone),
            len(token),
            len(unsubscribe),
        )
        groups[likeness].append(pk)
    return groups


def _room(*, without_marks: bool) -> Callable[[str], str]:
    """Return what gives to each name one that takes the same room, the same to as many as can be.

    A name of anything unusual stands for itself.
    """

    @cache
    def room(name: str) -> str:
        written = without_diacritics(name) if without_marks else name
        if written != written.strip() or not LINE_ENDS.isdisjoint(written):
            return name
        if GSM_ALPHABET.issuperset(written):
            return "n" * len(written)
        is_of_one_unit = written.isprintable() and max(written) <= "\uffff"
        if is_of_one_unit and not GSM_CHARACTERS.issuperset(written):
            return "и" * len(written)  # of no alphabet for which there is a plain form
        return name

    return room


def _problems(
    registrations: RegistrationQuerySet, rule: ReminderRule, misfits: list[Misfit]
) -> list[Problem]:
    people = registrations.select_related("participant").in_bulk(
        {misfit.registration for misfit in misfits}
    )
    return [
        Problem(people[misfit.registration], rule.media[misfit.place], misfit.sentence)
        for misfit in misfits
        if misfit.registration in people  # and has not cancelled since
    ]


def _too_long(body: str) -> str:
    sentence = gettext("The text has %(count)s characters; Bitrix24 sends at most %(most)s.")
    return sentence % {"count": len(body), "most": LONGEST}
