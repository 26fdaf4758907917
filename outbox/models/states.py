"""What became of a message, and why it was not sent: the only words a screen uses."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ui.choices import ShownChoices


class Reason(models.TextChoices):
    """Why a message was not sent, in words a person understands."""

    NONE = "", ""
    NO_EMAIL = "no_email", _("no e-mail address")
    NO_PHONE = "no_phone", _("no phone number")
    NOT_MOBILE = "not_mobile", _("the phone number cannot receive SMS")
    BLOCKED = "blocked", _("this address is blocked")
    NO_CONSENT = "no_consent", _("no consent to offers")
    EVENT_CANCELLED = "event_cancelled", _("the event is cancelled")
    REGISTRATION_CANCELLED = "registration_cancelled", _("the registration is cancelled")
    MOVED = "moved", _("the event has moved to another time")
    PAST_BY_MOVE = "past_by_move", _("was past already when the event got its new time")
    PRESENT = "present", _("already joined")
    REGISTERED_LATER = "registered_later", _("registered after this was due")
    JOIN_NOW_INSTEAD = "join_now_instead", _("gets “join now” instead")
    RULE_NEWER = "rule_newer", _("the rule was added or changed after this was due")
    NOTICE_INSTEAD = "notice_instead", _("gets the notice of the new time instead")
    NOT_TOLD = "not_told", _("was never told the old time")
    TOLD_ALREADY = "told_already", _("was told this time already, or nearly this time")
    NO_TEXT = "no_text", _("the rule has no text for it")
    RULE_OFF = "rule_off", _("the rule is switched off")
    NO_OFFER = "no_offer", _("the event has no offer")
    QUIET_HOURS = "quiet_hours", _("waits for the morning, since no advertising goes at night")
    TOO_MANY = "too_many", _("has had enough offers this week")
    TEXT_INCOMPLETE = "text_incomplete", _("a required field of the text is empty")
    PROGRAM_FAULT = (
        "program_fault",
        _("a fault of this application: tell an administrator, the worker's log says why"),
    )
    STOPPED = "stopped", _("sending for this event is stopped")
    FEED_NOT_TRUSTED = "feed_not_trusted", _("attendance is not to be trusted yet")
    LATE_START = "late_start", _("gets “we start late” instead")
    TOO_LATE = "too_late", _("it would have come too late to be of use")
    REFUSED = "refused", _("the provider refused it")
    BAD_ADDRESS = "bad_address", _("the provider says this address is wrong")
    STOPPED_THERE = "stopped_there", _("the person has stopped it at the provider")
    NOT_DELIVERED = "not_delivered", _("the provider could not deliver it")
    ACCOUNT = "account", _("our account at the provider is refused")
    CHANNEL_OFF = "channel_off", _("the channel is not set up")
    UNCLEAR = "unclear", _("the provider gave no clear answer")
    WORKER_DIED = "worker_died", _("the worker stopped while sending")
    NOT_NEEDED = "not_needed", _("a person decided that it is not needed")
    LEFT_UNCLEAR = (
        "left_unclear",
        _("may have gone; a person decided that it does not matter any more"),
    )
    RESTORED = "restored", _("may have gone before the database was restored")


class Status(ShownChoices):
    """The only words a screen uses for what became of a message, in the order it lists them."""

    PLANNED = "planned", "is-info", "", _("planned")
    CALLING = "calling", "is-info", "", _("being handed over")
    HANDED_OVER = "handed_over", "is-ok", "", _("handed over")
    DELIVERED = "delivered", "is-ok", "", _("delivered")
    FAILED = "failed", "is-bad", "", _("failed")
    SKIPPED = "skipped", "is-quiet", "", _("skipped")
    HELD = "held", "is-warning", "", _("held")
    EXPIRED = "expired", "is-bad", "", _("expired")
    UNKNOWN = "unknown", "is-warning", "", _("unknown")


NOT_GONE = (Status.PLANNED, Status.SKIPPED, Status.HELD, Status.EXPIRED)
"""No provider has it, by what we know: news that one took it counts against that."""

UNWRITTEN = (Reason.TEXT_INCOMPLETE, Reason.PROGRAM_FAULT)
"""Why a message that is to go has no text yet; with the next look at the plan it may get one."""

DROPPED = (Reason.NOT_NEEDED, Reason.LEFT_UNCLEAR)
"""Why a message does not go whatever the plan says: a person has said so."""

TAKEN = models.Q(
    status__in=[Status.HANDED_OVER, Status.DELIVERED, Status.UNKNOWN, Status.CALLING]
) | models.Q(status=Status.SKIPPED, reason=Reason.LEFT_UNCLEAR)
"""A provider has it, or may have it."""
