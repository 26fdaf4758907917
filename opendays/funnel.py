"""From registration to lead: how many people came how far, and what each number means."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.models import Event, Registration, ReminderRule
from events.outcome import HANDED_OVER
from outbox.models import Message


@dataclass(frozen=True)
class Step:
    """One step of the way. No number means that nobody knows yet, which is not none."""

    key: str
    name: str | Promise
    meaning: str | Promise
    count: int | None
    of: int
    """How many registered."""

    @property
    def percent(self) -> float | None:
        """Tell which part of those registered it is; None where it cannot be said."""
        return None if self.count is None or not self.of else 100 * self.count / self.of

    @property
    def length(self) -> float:
        """How long its bar is; more leads than people registered would not fit."""
        return min(self.percent or 0.0, 100.0)


NAMES = {
    "registered": (_("Registered"), _("Registrations that are not cancelled.")),
    "reminded": (
        _("Reminded"),
        _("People to whom a reminder before the start was handed over, by e-mail or SMS."),
    ),
    "joined": (
        _("Joined"),
        _(
            "People of whom something shows that they were there. Those of whom nothing is known "
            "are not counted."
        ),
    ),
    "opened": (
        _("Opened the offer"),
        _(
            "People who followed the button on their personal page of the offer. Opening the page "
            "alone, as mail scanners do, does not count."
        ),
    ),
    "leads": (_("Leads"), _("Typed by hand: Bitrix24 does not tell which leads came of it.")),
}


def funnel(event: Event, leads: int | None, now: datetime) -> list[Step]:
    """Count the steps of an open day in two queries."""
    counted = event.registrations.active().aggregate(
        registered=Count("pk"),
        joined=Count("pk", filter=Q(attendance=Registration.Attendance.PRESENT)),
        opened=Count("pk", filter=Q(offer_opened_at__isnull=False)),
    )
    has_offer = event.with_offer and event.offer is not None and bool(event.offer.url)
    found = {
        "registered": counted["registered"],
        "reminded": _reminded(event, now),
        "joined": counted["joined"] if event.has_begun(now) else None,
        "opened": counted["opened"] if has_offer and event.has_ended(now) else None,
        "leads": leads,
    }
    return [Step(key, *NAMES[key], count, counted["registered"]) for key, count in found.items()]


def _reminded(event: Event, now: datetime) -> int | None:
    """Count the people reminded before the start; None while nobody can have been."""
    reminders = Message.objects.filter(
        dispatch__reminder__event=event,
        dispatch__reminder__rule__anchor=ReminderRule.Anchor.START,
        due_at__lt=F("dispatch__reminder__event__starts_at"),
        status__in=HANDED_OVER,
        participant__in=event.registrations.active().values("participant"),
    )
    count = reminders.aggregate(people=Count("participant", distinct=True))["people"]
    return count if count or event.has_begun(now) else None
