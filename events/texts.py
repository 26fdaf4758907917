"""The words of a reminder: placeholders are looked up by name, nothing in a text can run.

A text is plain text in which {name} stands for a value. There are no conditions, filters or
attributes, so whoever writes texts needs no trust beyond that of writing to participants.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from events.models import Event, Offer, Registration, ReminderRule, ReminderText
from outbox.sms import without_diacritics
from people.models import Medium

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

PLACEHOLDERS = {
    "greeting": _("“Good day, Anna!”, or “Good day!” where the name is not known"),
    "first_name": _("first name"),
    "last_name": _("last name"),
    "event": _("title of the event"),
    "date": _("date of the event"),
    "weekday": _("day of the week"),
    "time": _("time of the start in Riga"),
    "presenter": _("presenter of the webinar"),
    "join_link": _("personal link to join"),
    "cancel_link": _("personal link to cancel the registration"),
    "calendar_link": _("personal calendar file"),
    "next_event": _("a sentence about the next event of this kind, or nothing"),
    "offer": _("programmes of the offer with their prices, one a line"),
    "offer_title": _("title of the offer"),
    "offer_last_day": _("last day of the offer"),
    "offer_link": _("personal link to the page of the offer"),
    "unsubscribe_link": _("personal link to refuse offers"),
    "college": _("name of the college"),
}
MAY_BE_EMPTY = frozenset({"greeting", "next_event"})
PROMOTION = ("offer", "offer_title", "offer_last_day", "offer_link")
"""What makes a message advertising, whatever its rule says."""


class TextError(Exception):
    """A text could not be filled in: a required field is empty, or there is no text."""


@dataclass(frozen=True)
class Rendered:
    """A message's words, ready to go."""

    subject: str
    body: str


def check_text(text: str) -> list[str]:
    """Return what is wrong with a text, in sentences; an empty list if it can be used."""
    problems = []
    for name in dict.fromkeys(PLACEHOLDER.findall(text)):
        if name not in PLACEHOLDERS:
            sentence = gettext("There is no field {%(name)s}: choose one of the list.")
            problems.append(sentence % {"name": name[:40]})
    rest = PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        problems.append(gettext("A curly bracket is open or closed without its other half."))
    return problems


def check_words(text: ReminderText) -> dict[str, list[str]]:
    """Return by field what is wrong with the words of a rule, in sentences."""
    problems = {
        field: [*check_text(words), *_check_purpose(words, text.rule)]
        for field in ("email_subject", "email_body", "sms_body")
        if (words := getattr(text, field))
    }
    if text.email_body and not text.email_subject:
        problems["email_subject"] = [gettext("The e-mail needs a subject.")]
    if text.email_subject and not text.email_body:
        problems["email_body"] = [gettext("The e-mail has a subject but no text.")]
    for field in ("email_body", "sms_body"):
        if getattr(text, field):
            problems[field] += _missing_links(field, getattr(text, field), text.rule)
    return {field: found for field, found in problems.items() if found}


def _check_purpose(words: str, rule: ReminderRule) -> list[str]:
    if rule.is_advertising:
        return []
    sentence = gettext("{%(name)s} is advertising; this message goes without consent to offers.")
    found = placeholders_in(words)
    return [sentence % {"name": name} for name in PROMOTION if name in found]


def _missing_links(field: str, words: str, rule: ReminderRule) -> list[str]:
    found, problems = placeholders_in(words), []
    if field == "sms_body" and "join_link" not in found:
        # Bitrix24 has no key of ours for an SMS: it is found again by this link.
        problems.append(gettext("An SMS needs {join_link}: by it we see later that it was sent."))
    if rule.is_advertising and "unsubscribe_link" not in found:
        problems.append(gettext("An offer needs {unsubscribe_link}, by which one can refuse them."))
    return problems


def placeholders_in(text: str) -> list[str]:
    return PLACEHOLDER.findall(text)


class Renderer:
    """Fills the texts of one rule for one event; what is the event's own is worked out once."""

    def __init__(
        self,
        event: Event,
        rule: ReminderRule,
        texts: Iterable[ReminderText],
        next_event: Event | None = None,
    ) -> None:
        self.event = event
        self.rule = rule
        self.next_event = next_event
        self._texts = {(text.language, text.variant): text for text in texts}
        self._event_values: dict[str, dict[str, str]] = {}

    def render(self, registration: Registration, medium: str) -> Rendered:
        """Return the words for one person; raise TextError if a required field is empty."""
        if medium == Medium.SMS:
            body = self.sms_as_written(registration)
            return Rendered("", without_diacritics(body) if self.rule.without_diacritics else body)
        text = self._text_for(registration, medium)
        values = self._values(registration, text.language)
        subject = " ".join(fill(text.email_subject, values).split())
        return Rendered(_required(subject)[:250], _required(fill(text.email_body, values)))

    def sms_as_written(self, registration: Registration) -> str:
        """Return the SMS for one person with its diacritics, whatever the rule says of them."""
        text = self._text_for(registration, Medium.SMS)
        return _required(fill(text.sms_body, self._values(registration, text.language)))

    def _values(self, registration: Registration, language: str) -> dict[str, str]:
        """`language` is that of the words, which may not be the person's own."""
        values = {**self._of_event(language), **self._of_person(registration, language)}
        if values["offer_link"]:
            values["offer_link"] = registration.offer_url
        return values

    def _text_for(self, registration: Registration, medium: str) -> ReminderText:
        """Find the words nearest to the person that speak by this medium."""
        language, attendance = registration.participant.language, registration.attendance
        wanted = [
            (language, attendance),
            (language, ""),
            (settings.LANGUAGE_CODE, attendance),
            (settings.LANGUAGE_CODE, ""),
        ]
        for key in wanted:
            if key in self._texts and self._texts[key].speaks_by(medium):
                return self._texts[key]
        raise TextError(gettext("The rule “%(rule)s” has no text.") % {"rule": self.rule.name})

    def _of_event(self, language: str) -> dict[str, str]:
        if language not in self._event_values:
            with override(language):
                self._event_values[language] = _event_values(self.event, self.next_event, language)
        return self._event_values[language]

    def _of_person(self, registration: Registration, language: str) -> dict[str, str]:
        participant = registration.participant
        return {
            "greeting": greeting(participant.first_name, language),
            "first_name": participant.first_name,
            "last_name": participant.last_name,
            "join_link": registration.join_url,
            "cancel_link": f"{settings.SITE_URL}/r/{registration.token}/cancel",
            "calendar_link": f"{settings.SITE_URL}/r/{registration.token}.ics",
            "unsubscribe_link": unsubscribe_url(participant.unsubscribe_token),
        }


def fill(text: str, values: dict[str, str]) -> str:
    """Put the values in; raise TextError for one that is unknown or empty though required."""

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in values:
            raise TextError(gettext("There is no field {%(name)s}.") % {"name": name})
        if not values[name] and name not in MAY_BE_EMPTY:
            raise TextError(gettext("The field {%(name)s} is empty.") % {"name": name})
        return values[name]

    filled = PLACEHOLDER.sub(value, text)
    return "\n".join(line.rstrip() for line in filled.splitlines()).strip()


def greeting(first_name: str, language: str) -> str:
    by_name, to_nobody = _greetings(language)
    return by_name % {"name": first_name} if first_name else to_nobody


@cache
def _greetings(language: str) -> tuple[str, str]:
    """Return how one is greeted by name, and how somebody whose name is not known."""
    with override(language):
        return gettext("Good day, %(name)s!"), gettext("Good day!")


def unsubscribe_url(token: str) -> str:
    return f"{settings.SITE_URL}/u/{token}"


def offer_lines(offer: Offer, language: str) -> str:
    """Return the programmes with their prices, one a line, in this language."""
    with override(language):
        line = gettext("– %(programme)s: %(special)s instead of %(price)s")
        return "\n".join(
            line
            % {
                "programme": each.name(language),
                "special": money(each.special_price, each.currency),
                "price": money(each.price, each.currency),
            }
            for each in offer.lines.all()
        )


def money(amount: Decimal, currency: str) -> str:
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{number_format(amount, places, use_l10n=True, force_grouping=True)} {currency}"


def _event_values(event: Event, next_event: Event | None, language: str) -> dict[str, str]:
    offer = event.offer
    return {
        "event": event.name(language),
        "date": day(event.starts_at),
        "weekday": date_format(timezone.localtime(event.starts_at), "l"),
        "time": clock(event.starts_at),
        "presenter": event.presenter,
        "next_event": _next_event_sentence(next_event, language),
        "offer": offer_lines(offer, language) if offer else "",
        "offer_title": offer.name(language) if offer else "",
        "offer_last_day": date_format(offer.last_day, "d.m.Y") if offer else "",
        "offer_link": (offer.url if offer else "") or "",
        "college": settings.SITE_NAME,
    }


def _next_event_sentence(event: Event | None, language: str) -> str:
    if event is None:
        return ""
    sentence = gettext("The next one is on %(date)s at %(time)s: %(link)s")
    return sentence % {
        "date": day(event.starts_at),
        "time": clock(event.starts_at),
        "link": f"{settings.SITE_URL}/e/{event.slug}",
    }


def day(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%d.%m.%Y")


def clock(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M")


def _required(text: str) -> str:
    if not text:
        raise TextError(gettext("The text is empty."))
    return text
