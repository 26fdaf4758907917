"""Whom of those registered a name or an address in a meeting belongs to.

In this order, and the first that fits decides: the token of a personal link; the e-mail; the
e-mail Bitrix24 knows the person by; the phone; the full name, if only one person has it and no
e-mail speaks against. Everything else is for a person to decide, with suggestions. Nobody is ever
made from a name on a screen.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models import Registration
from people.addresses import AddressError, normalise_email, normalise_phone
from people.identity import folded
from people.models import Participant

MOST_SUGGESTIONS = 3
ALIKE = 0.8
MOST_COMPARED = 10
PRESSED_BEFORE, PRESSED_AFTER = timedelta(minutes=3), timedelta(minutes=1)
"""Who pressed "Join" so close to a joining may be the one who joined."""

_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[^\W_]+")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_TITLES = {"dr", "prof", "mag", "mg", "mr", "mrs", "ms", "phd", "mba", "bc", "ing"}
_GMAIL = ("gmail.com", "googlemail.com")

Name = tuple[str, ...]


class By(StrEnum):
    """What decided."""

    LINK = "link"
    EMAIL = "email"
    OTHER_EMAIL = "other_email"
    PHONE = "phone"
    NAME = "name"


class Doubt(StrEnum):
    """Why a person has to decide."""

    TWO_LINKS = "two_links"
    SHARED_EMAIL = "shared_email"
    OTHER_EMAIL = "other_email"
    SAME_NAME = "same_name"
    NO_NAME = "no_name"
    UNKNOWN = "unknown"


class Sign(TextChoices):
    """What speaks for somebody being the one in the meeting."""

    LINK = By.LINK.value, _("the personal link")
    EMAIL = By.EMAIL.value, _("the same e-mail")
    OTHER_EMAIL = By.OTHER_EMAIL.value, _("the same e-mail in Bitrix24")
    PHONE = By.PHONE.value, _("the same phone")
    NAME = By.NAME.value, _("the same name")
    MAILBOX = "mailbox", _("the same mailbox, spelt otherwise")
    ALIKE = "alike", _("a similar name")
    PRESSED = "pressed", _("pressed “Join” just then")


@dataclass(frozen=True)
class Suggestion:
    """Whom somebody in the meeting may be, and what speaks for it, the strongest sign first."""

    registration: Registration
    signs: tuple[Sign, ...]

    @property
    def because(self) -> str:
        return ", ".join(self._said(sign) for sign in self.signs)

    def _said(self, sign: Sign) -> str:
        joined_at = self.registration.joined_at
        if sign != Sign.PRESSED or joined_at is None:
            return str(sign.label)
        time = date_format(timezone.localtime(joined_at), "TIME_FORMAT")
        return gettext("pressed “Join” at %(time)s") % {"time": time}


@dataclass(frozen=True)
class Match:
    """Whom somebody in the meeting was found to be, or might be."""

    registration: Registration | None = None
    by: By | None = None
    doubt: Doubt | None = None
    suggestions: tuple[Suggestion, ...] = ()


def name_of(text: str) -> Name:
    """Give the words of a name so that spellings agree: no marks, case, order and titles."""
    return tuple(sorted(word for word in _WORD.findall(folded(text)) if word not in _TITLES))


def names_in(shown: str) -> list[Name]:
    """Give the names a shown one may mean: with what stands in brackets left out, or alone."""
    outside = _IN_BRACKETS.sub(" ", shown)
    names = map(name_of, [outside, *_IN_BRACKETS.findall(shown)])
    return [name for name in dict.fromkeys(names) if len(name) >= 2]


class KnownPeople:
    """Everybody registered for an event, to be found by what a meeting shows of them."""

    def __init__(self, registrations: Iterable[Registration]) -> None:
        self._by_token: dict[str, Registration] = {}
        self._by_email: dict[str, list[Registration]] = defaultdict(list)
        self._by_other_email: dict[str, list[Registration]] = defaultdict(list)
        self._by_mailbox: dict[str, list[Registration]] = defaultdict(list)
        self._by_phone: dict[str, list[Registration]] = defaultdict(list)
        self._by_name: dict[Name, list[Registration]] = defaultdict(list)
        self._names: list[tuple[str, Registration]] = []
        self._by_pair: dict[str, list[int]] = defaultdict(list)
        self._pressed: list[tuple[datetime, Registration]] = []
        for registration in registrations:
            self._add(registration)

    def _add(self, registration: Registration) -> None:
        person = registration.participant
        self._by_token[registration.token] = registration
        if person.email:
            self._by_email[person.email].append(registration)
            self._by_mailbox[_mailbox(person.email)].append(registration)
        if person.bitrix24_email and person.bitrix24_email != person.email:
            self._by_other_email[person.bitrix24_email.lower()].append(registration)
        if person.phone:
            self._by_phone[person.phone].append(registration)
        name = _full_name(person)
        if len(name) >= 2:
            self._by_name[name].append(registration)
            for pair in _pairs(name):
                self._by_pair[pair].append(len(self._names))
            self._names.append((" ".join(name), registration))
        if registration.joined_at:
            self._pressed.append((registration.joined_at, registration))

    def find(self, shown: str, email: str, phone: str = "", codes: Iterable[str] = ()) -> Match:
        """Say who this is, or why that is not certain."""
        if match := self._by_tokens_in([shown, *codes]):
            return match
        email, phone, names = _email(email), _phone(phone), names_in(shown)
        for by, found in (
            (By.EMAIL, self._by_email.get(email, [])),
            (By.OTHER_EMAIL, self._by_other_email.get(email, [])),
            (By.PHONE, self._by_phone.get(phone, [])),
        ):
            if found:
                return _of_same_address(found, names, by)
        doubt = Doubt.UNKNOWN if names else Doubt.NO_NAME
        return self._by_full_name(names, email) or Match(doubt=doubt)

    def _by_tokens_in(self, texts: Iterable[str]) -> Match | None:
        """Look for a token that stands as a word of its own, as it does in a whole link too."""
        words = (word for text in texts for word in _TOKEN.findall(text))
        found = _once(self._by_token[word] for word in words if word in self._by_token)
        if len(found) > 1:
            return Match(doubt=Doubt.TWO_LINKS, suggestions=_suggested(Sign.LINK, found))
        return Match(found[0], By.LINK) if found else None

    def _by_full_name(self, names: list[Name], email: str) -> Match | None:
        found = _once(each for name in names for each in self._by_name.get(name, []))
        if not found:
            return None
        if len(found) > 1:
            return Match(doubt=Doubt.SAME_NAME, suggestions=_suggested(Sign.NAME, found))
        if email and found[0].participant.email:
            return Match(doubt=Doubt.OTHER_EMAIL, suggestions=_suggested(Sign.NAME, found))
        return Match(found[0], By.NAME)

    def suggest(self, shown: str, email: str, joined_at: datetime) -> tuple[Suggestion, ...]:
        """Suggest the same mailbox spelt otherwise, names alike, then who pressed "Join" then."""
        email = _email(email)
        mailbox = self._by_mailbox.get(_mailbox(email), []) if email else []
        alike = [each for name in names_in(shown) for each in self._named_alike(name)]
        pressed = [
            registration
            for at, registration in self._pressed
            if joined_at - PRESSED_BEFORE <= at <= joined_at + PRESSED_AFTER
        ]
        signs: dict[Registration, list[Sign]] = {}
        for sign, found in (
            (Sign.MAILBOX, mailbox),
            (Sign.ALIKE, _once(alike)),
            (Sign.PRESSED, pressed),
        ):
            for registration in found:
                signs.setdefault(registration, []).append(sign)
        suggestions = [Suggestion(each, tuple(found)) for each, found in signs.items()]
        return tuple(suggestions[:MOST_SUGGESTIONS])

    def _named_alike(self, name: Name) -> list[Registration]:
        """Compare exactly only with those names that have most pairs of letters in common."""
        in_common = Counter(
            number for pair in _pairs(name) for number in self._by_pair.get(pair, [])
        )
        ranked = []
        for number, _count in in_common.most_common(MOST_COMPARED):
            text, registration = self._names[number]
            ratio = SequenceMatcher(None, text, " ".join(name), autojunk=False).ratio()
            if ratio >= ALIKE:
                ranked.append((-ratio, registration.pk, registration))
        return [registration for _ratio, _pk, registration in sorted(ranked)]


def _pairs(name: Name) -> set[str]:
    return {word[at : at + 2] for word in name for at in range(len(word) - 1)}


def _of_same_address(found: list[Registration], names: list[Name], by: By) -> Match:
    """Take the only one with an address; of a family, the one whose name it is."""
    same = found if len(found) == 1 else [r for r in found if _full_name(r.participant) in names]
    if len(same) == 1:
        return Match(same[0], by)
    return Match(doubt=Doubt.SHARED_EMAIL, suggestions=_suggested(Sign(by.value), found))


def _suggested(sign: Sign, found: Iterable[Registration]) -> tuple[Suggestion, ...]:
    return tuple(Suggestion(each, (sign,)) for each in [*found][:MOST_SUGGESTIONS])


def _once(registrations: Iterable[Registration]) -> tuple[Registration, ...]:
    return tuple({each.pk: each for each in registrations}.values())


def _full_name(person: Participant) -> Name:
    return name_of(f"{person.first_name} {person.last_name}")


def _email(text: str) -> str:
    try:
        return normalise_email(text) if text else ""
    except AddressError:
        return ""


def _phone(text: str) -> str:
    try:
        return normalise_phone(text).e164 if text else ""
    except AddressError:
        return ""


def _mailbox(email: str) -> str:
    """Drop what does not matter in a mailbox: what follows a plus, and Gmail's dots."""
    local, _at, host = email.partition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '')}@gmail.com" if host in _GMAIL else f"{local}@{host}"
