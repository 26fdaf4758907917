"""Everything an event needs to go well: what it is like, and what to do about it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from events import going_out, outcome, text_check
from events.event_type import get_type
from events.models import Event, ReminderRule
from events.time_needed import Rush, biggest_rush, in_figures, seconds_for, slow
from integrations.room_link import Finding, Opening, open_link
from outbox import checks
from outbox.channels.base import channel_for, get_channel
from outbox.channels.bitrix24 import Bitrix24Channel
from outbox.checks import Check
from outbox.lazy_words import filled
from plans.local_time import local_day

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Until = ReminderRule.Until


def look(event: Event, now: datetime) -> list[Check]:
    """Look at everything; providers and the room are asked, nothing is sent."""
    all_rules = list(ReminderRule.objects.for_kind(event.kind).prefetch_related("texts"))
    rules = going_out.coming(event, all_rules, now)
    channels = sorted(
        {channel_for(medium, rule.purpose) for rule in rules for medium in rule.media}
    )
    rush = biggest_rush(going_out.lines(event, all_rules, outcome.outcomes(event), now), now)
    return [
        *checks.life(now),
        checks.sending(),
        _going_ahead(event),
        *checks.providers(channels),
        *checks.clocks_here(channels),
        *checks.workers_clocks(now),
        _room(event),
        *_texts(event, rules, now),
        *_offer(event, rules),
        _recipients(event, rush),
        *_contacts(event, channels),
        *([_time(rush)] if rush else []),
    ]


def _going_ahead(event: Event) -> Check:
    name = _("Reminders of this event")
    if event.reminders_stopped_at is None:
        return Check(name, True, _("They are switched on."))
    sentence = _("They are off: nothing goes out.")
    return Check(name, False, sentence, _("Switch them on, on this page."))


def _room(event: Event) -> Check:
    name = _("Room")
    fix = _("Open the link yourself, and correct it under “Edit”.")
    if not event.room_url:
        sentence = _("There is no link to the room: nobody can join.")
        return Check(name, False, sentence, _("Put the link in under “Edit”."))
    if not settings.CHECK_ROOM_LINK:
        return Check(name, True, _("There is a link; this server does not try links."))
    opening = open_link(event.room_url)
    is_ok = opening.finding in (Finding.OPENS, Finding.FOR_PEOPLE_ONLY, Finding.PRIVATE)
    return Check(name, is_ok, _opening_in_words(opening), fix)


def _opening_in_words(opening: Opening) -> "StrOrPromise":
    text = {
        Finding.OPENS: _("The link opens."),
        Finding.FOR_PEOPLE_ONLY: _(
            "The link answers, but lets no machine in (%(status)s): open it yourself."
        ),
        Finding.PRIVATE: _("The link leads into a private network, which is not tried."),
        Finding.NOT_AN_ADDRESS: _("The link is no address that a browser can open."),
        Finding.NO_ANSWER: _("The link does not answer."),
        Finding.ERROR: _("The link does not open: it answers with %(status)s."),
    }[opening.finding]
    return filled(text, {"status": opening.status})


def _texts(event: Event, rules: Sequence[ReminderRule], now: datetime) -> Iterator[Check]:
    """Fill every text in for everybody; without an offer its text is not due to be filled."""
    name = _("Texts")
    tried = [rule for rule in rules if event.offer is not None or rule.until != Until.OFFER]
    is_fine = True
    for rule in tried:
        found = text_check.check(rule, event, now)
        if found.people_with_problems:
            is_fine = False
            text = ngettext_lazy(
                "“%(rule)s” cannot be filled in for %(count)s person. %(problem)s",
                "“%(rule)s” cannot be filled in for %(count)s people. %(problem)s",
                "count",
            )
            values = {
                "rule": _label(rule),
                "count": found.people_with_problems,
                "problem": _first_problem(rule, event, now),
            }
            fix = _(
                "Fill in at the event what is missing, or mend the text under “Reminder rules”."
            )
            yield Check(name, False, filled(text, values), fix)
    if is_fine:
        yield Check(name, True, _("All texts can be filled in for everybody registered."))


_label = lazy(lambda rule: rule.label(get_language() or ""), str)
_first_problem = lazy(
    lambda rule, event, now: text_check.check(rule, event, now).problems[0].sentence, str
)
"""Found again in the reader's language; it is asked for only where there is a problem."""


def _offer(event: Event, rules: Sequence[ReminderRule]) -> Iterator[Check]:
    is_wanted = get_type(event.kind).has_offer and event.with_offer
    if not is_wanted or not any(rule.until == Until.OFFER for rule in rules):
        return
    name = _("Offer")
    fix = _("Make the week's offer under “Offers”, or take it off this event under “Edit”.")
    if event.offer is None:
        yield Check(name, False, _("No offer holds on that day: nothing would be advertised."), fix)
    elif not event.offer.holds_on(local_day(event.starts_at)):
        yield Check(name, False, _("The offer does not hold on the day of the event."), fix)
    else:
        yield Check(name, True, _("There is an offer that holds on that day."))


def _recipients(event: Event, rush: Rush | None) -> Check:
    count = event.registrations.active().count()
    text = ngettext_lazy(
        "%(people)s person is registered.", "%(people)s people are registered.", "people"
    )
    if rush is not None:
        text = ngettext_lazy(
            "%(people)s person is registered. Due at %(time)s: e-mails %(emails)s, SMS %(sms)s.",
            "%(people)s people are registered. Due at %(time)s: e-mails %(emails)s, SMS %(sms)s.",
            "people",
        )
    figures = in_figures(rush, 0) if rush else {}
    return Check(_("Recipients"), True, filled(text, {**figures, "people": count}))


def _contacts(event: Event, channels: Sequence[str]) -> Iterator[Check]:
    if not any(isinstance(get_channel(key), Bitrix24Channel) for key in channels):
        return
    active = event.registrations.active()
    count = active.filter(participant__bitrix24_contact_id=None).count()
    text = ngettext_lazy(
        "%(count)s person is not matched to a Bitrix24 contact, and gets nothing before.",
        "%(count)s people are not matched to a Bitrix24 contact, and get nothing before.",
        "count",
    )
    everybody = _("Everybody is matched to a Bitrix24 contact.")
    fix = _("See under “Participants” what Bitrix24 says of them; they are tried again by itself.")
    sentence = filled(text, {"count": count}) if count else everybody
    yield Check(_("Contacts"), count == 0, sentence, fix)


def _time(rush: Rush) -> Check:
    name = _("Time needed")
    if sentence := slow(rush):
        fix = _("Let the reminder begin earlier, or get a Bitrix24 plan with a higher limit.")
        return Check(name, False, sentence, fix)
    text = ngettext_lazy(
        "%(count)s message takes about %(seconds)s s; there are %(window)s s.",
        "%(count)s messages take about %(seconds)s s; there are %(window)s s.",
        "count",
    )
    return Check(name, True, filled(text, in_figures(rush, seconds_for(rush))))
