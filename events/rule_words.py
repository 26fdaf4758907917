"""A reminder rule in words: when it is due, and until when it is of use."""

from django.utils.translation import gettext, ngettext

from events.models import ReminderRule

Anchor, Until = ReminderRule.Anchor, ReminderRule.Until

HOUR = 60


def when(rule: ReminderRule) -> str:
    """Say when a rule is due, such as "15 minutes before the start"."""
    match rule.anchor:
        case Anchor.REGISTRATION if rule.registered_from_minutes is not None:
            return gettext("at registration, shortly before or after the start")
        case Anchor.REGISTRATION:
            return gettext("at registration")
        case Anchor.MOVED | Anchor.CANCELLED:
            return gettext("ten quiet minutes after the change; at once if the start is near")
        case Anchor.LATE_START:
            return gettext("when the moderator says “we start late”")
    if rule.at_time is not None:
        return _on_a_day(rule.offset_days, f"{rule.at_time:%H:%M}")
    if rule.anchor == Anchor.START:
        return _from_start(rule.offset_minutes)
    return _from_end(rule.offset_minutes)


def until(rule: ReminderRule) -> str:
    """Say until when a rule is of use, such as "5 minutes after the start"."""
    if rule.until == Until.OFFER:
        return gettext("18:00 of the offer's last day")
    if rule.anchor == Anchor.MOVED:
        return gettext("the old or the new start, whichever is later")
    if rule.until == Until.START:
        return _from_start(rule.until_minutes)
    return _from_end(rule.until_minutes)


def _on_a_day(days: int, clock: str) -> str:
    words = {
        -1: gettext("on the day before at %(time)s"),
        0: gettext("on the day of the event at %(time)s"),
        1: gettext("on the day after at %(time)s"),
    }
    if days in words:
        return words[days] % {"time": clock}
    if days < 0:
        sentence = ngettext(
            "%(count)s day before at %(time)s", "%(count)s days before at %(time)s", -days
        )
    else:
        sentence = ngettext(
            "%(count)s day after at %(time)s", "%(count)s days after at %(time)s", days
        )
    return sentence % {"count": abs(days), "time": clock}


def _from_start(minutes: int) -> str:
    if minutes == 0:
        return gettext("the start")
    count, in_hours = _counted(minutes)
    if in_hours and minutes < 0:
        sentence = ngettext(
            "%(count)s hour before the start", "%(count)s hours before the start", count
        )
    elif in_hours:
        sentence = ngettext(
            "%(count)s hour after the start", "%(count)s hours after the start", count
        )
    elif minutes < 0:
        sentence = ngettext(
            "%(count)s minute before the start", "%(count)s minutes before the start", count
        )
    else:
        sentence = ngettext(
            "%(count)s minute after the start", "%(count)s minutes after the start", count
        )
    return sentence % {"count": count}


def _from_end(minutes: int) -> str:
    if minutes == 0:
        return gettext("the end")
    count, in_hours = _counted(minutes)
    if in_hours and minutes < 0:
        sentence = ngettext(
            "%(count)s hour before the end", "%(count)s hours before the end", count
        )
    elif in_hours:
        sentence = ngettext("%(count)s hour after the end", "%(count)s hours after the end", count)
    elif minutes < 0:
        sentence = ngettext(
            "%(count)s minute before the end", "%(count)s minutes before the end", count
        )
    else:
        sentence = ngettext(
            "%(count)s minute after the end", "%(count)s minutes after the end", count
        )
    return sentence % {"count": count}


def _counted(minutes: int) -> tuple[int, bool]:
    """Return how many, and whether hours: 120 minutes are two hours, 90 stay 90 minutes."""
    size = abs(minutes)
    return (size // HOUR, True) if size > HOUR and size % HOUR == 0 else (size, False)
