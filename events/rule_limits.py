"""What a reminder rule may be: limits inside which the marketing head edits.

A rule is tried out on an event of its kind that never was, so that the same `due_at` and
`expires_at` answer here and when it matters.
"""

from datetime import date, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext

from events.models import Event, Offer, ReminderRule, ReminderText
from events.models.offer import sunday_of
from events.plan import FEED_LOOK
from people.models import Medium
from plans.local_time import local_moment

FURTHEST = timedelta(days=14)
"""How far from its event a message may be; further away nobody looks for what is due."""

JOIN_WINDOW = timedelta(minutes=60)
"""After this long a link to join is of no use to anybody."""

LONGEST_OFFER = timedelta(days=14)

Anchor, Until, Late = ReminderRule.Anchor, ReminderRule.Until, ReminderRule.Late
Problems = dict[str, list[str]]


def problems_of(rule: ReminderRule) -> Problems:
    """Return by field why this rule must not be saved, in sentences; empty if it may."""
    problems: Problems = {}
    for field, sentence in (
        *_about_media(rule),
        *_about_moment(rule),
        *_about_purpose(rule),
        *_about_audience(rule),
    ):
        problems.setdefault(field, []).append(sentence)
    return problems or _about_use(rule)


def missing_words(rule: ReminderRule, text: ReminderText | None = None) -> list[Medium]:
    """Return the media of the rule without words that everybody can get.

    `text` stands for its own row, as it is about to be saved.
    """
    for_all = Q(language=settings.LANGUAGE_CODE, variant="")
    if text is not None and (text.language, text.variant) == (settings.LANGUAGE_CODE, ""):
        found: ReminderText | None = text
    else:
        found = rule.texts.filter(for_all).first() if rule.pk else None
    return [medium for medium in rule.media if found is None or not found.speaks_by(medium)]


def problems_without(text: ReminderText) -> Problems:
    """Return by field what a rule that is on would miss if `text` were saved so."""
    if not text.rule.is_on:
        return {}
    fields = {Medium.EMAIL: "email_body", Medium.SMS: "sms_body"}
    sentence = gettext("The rule is on and sends this in Latvian to everybody: it needs a text.")
    return {fields[medium]: [sentence] for medium in missing_words(text.rule, text)}


def sentence_without_words(missing: list[Medium]) -> str:
    if missing == [Medium.SMS]:
        return gettext("First write the SMS in Latvian, for everybody.")
    if missing == [Medium.EMAIL]:
        return gettext("First write the e-mail in Latvian, for everybody.")
    return gettext("First write the e-mail and the SMS in Latvian, for everybody.")


def _about_media(rule: ReminderRule) -> list[tuple[str, str]]:
    if not rule.media:
        return [("by_email", gettext("Choose e-mail, SMS or both."))]
    if rule.is_on and (missing := missing_words(rule)):
        return [("is_on", sentence_without_words(missing))]
    return []


def _about_moment(rule: ReminderRule) -> list[tuple[str, str]]:
    found = []
    days = FURTHEST.days
    if rule.anchor in (Anchor.START, Anchor.END):
        far = gettext("At most %(days)s days from the event.") % {"days": days}
        if abs(rule.offset_days) > days:
            found.append(("offset_days", far))
        if abs(rule.offset_minutes) > FURTHEST // timedelta(minutes=1):
            found.append(("offset_minutes", far))
        if rule.at_time is None and rule.offset_days:
            found.append(("at_time", gettext("Days need a time of day.")))
    elif rule.offset_minutes or rule.offset_days or rule.at_time:
        # The quiet minutes of a change and the moment of a registration are not for choosing.
        found.append(("offset_minutes", gettext("This message goes at its moment: leave 0.")))
    if abs(rule.until_minutes) > FURTHEST // timedelta(minutes=1):
        found.append(("until_minutes", gettext("At most %(days)s days.") % {"days": days}))
    return found


def _about_purpose(rule: ReminderRule) -> list[tuple[str, str]]:
    if rule.is_advertising and rule.anchor not in (Anchor.START, Anchor.END):
        sentence = gettext("Advertising is counted from the start or the end of the event.")
        return [("anchor", sentence)]
    if not rule.is_advertising and rule.until == Until.OFFER:
        return [("until", gettext("Only advertising is of use as long as an offer."))]
    return []


def _about_audience(rule: ReminderRule) -> list[tuple[str, str]]:
    found = []
    feed_minutes = FEED_LOOK // timedelta(minutes=1)
    if rule.needs_feed and (
        rule.anchor != Anchor.START or rule.at_time or rule.offset_minutes < feed_minutes
    ):
        sentence = gettext(
            "Attendance is judged %(minutes)s minutes after the start: only a message due then or "
            "later can wait for it."
        )
        found.append(("needs_feed", sentence % {"minutes": feed_minutes}))
    if rule.late == Late.REPLACE and rule.anchor != Anchor.START:
        sentence = gettext("“Join now” replaces only what is counted from the start.")
        found.append(("late", sentence))
    if rule.late == Late.SEND and rule.anchor != Anchor.START:
        sentence = gettext("Only what is counted from the start can go to who registers later.")
        found.append(("late", sentence))
    if rule.late == Late.SEND and rule.registered_before_minutes:
        sentence = gettext("Who registers later gets it as well, so leave 0 here.")
        found.append(("registered_before_minutes", sentence))
    if rule.registered_from_minutes is not None and rule.anchor != Anchor.REGISTRATION:
        sentence = gettext("Only for messages counted from the registration: leave it empty.")
        found.append(("registered_from_minutes", sentence))
    return found


def _about_use(rule: ReminderRule) -> Problems:
    """Try the rule out: is it of use when it is due, and not for longer than is decent?"""
    event = _example(rule.event_type)
    due_at = rule.due_at(event, event.starts_at - timedelta(minutes=15))
    expires_at = rule.expires_at(event)
    if due_at is None or due_at >= expires_at:
        sentence = gettext("It would be of no use any more at the moment it is due.")
        return {"until_minutes": [sentence]}
    if rule.is_advertising:
        if expires_at - due_at > LONGEST_OFFER:
            sentence = gettext("Advertising is of use for at most %(days)s days.")
            return {"until_minutes": [sentence % {"days": LONGEST_OFFER.days}]}
    elif rule.anchor != Anchor.END and expires_at - event.starts_at > JOIN_WINDOW:
        sentence = gettext("A message to join is of use until %(minutes)s minutes after the start.")
        return {"until_minutes": [sentence % {"minutes": JOIN_WINDOW // timedelta(minutes=1)}]}
    elif expires_at - event.ends_at > FURTHEST:
        sentence = gettext("It is of use until %(days)s days after the end at most.")
        return {"until_minutes": [sentence % {"days": FURTHEST.days}]}
    return {}


def _example(kind: str) -> Event:
    """Make an event on a Wednesday at 18:00, moved and late and cancelled the day before."""
    day = date(2026, 3, 11)
    starts_at = local_moment(day, time(18))

    before = starts_at - timedelta(days=1)
    return Event(
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        moved_at=before,
        cancelled_at=before,
        starts_late_at=starts_at + timedelta(minutes=5),
        offer=Offer(first_day=day, last_day=sunday_of(day)),
    )
