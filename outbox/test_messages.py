"""Test messages to staff: sent at once, and written into no ledger.

The address is always that of the member of staff; what a message has as its own is overwritten.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from outbox.channels import Channel, HandedOver, get_channel
from outbox.channels.base import channel_for
from outbox.channels.smtp import SmtpChannel
from outbox.models import Message
from people.addresses import can_receive_sms
from people.models import Medium

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class NotSentError(Exception):
    """The mail server did not take the test; the sentence says why."""


@dataclass(frozen=True)
class Mark:
    """What stands in front of a subject, so that nobody takes a test for the real thing."""

    of_email: "StrOrPromise"
    of_sms: "StrOrPromise"
    """The subject of the e-mail by which an SMS goes."""


TEST = Mark(_("[Test] %(subject)s"), _("[Test] The SMS, as it would go"))
REHEARSAL = Mark(_("[Rehearsal] %(subject)s"), _("[Rehearsal] The SMS, as it would go"))


def send_test(messages: list[Message], to: User, mark: Mark = TEST) -> int:
    """Send unsaved messages to a member of staff by e-mail; return how many went.

    An SMS goes as an e-mail too: Bitrix24 writes SMS to its contacts only, and staff are none.
    """
    for message in messages:
        message.address = to.email
        message.subject = _marked(message, mark)
        _send(message, SmtpChannel())
    return len(messages)


def reaches_phone_of(user: User) -> bool:
    """Say whether an SMS can go to a member of staff as an SMS."""
    channel = get_channel(channel_for(Medium.SMS))
    can_send = not channel.only_to_contacts and not channel.missing()
    return can_send and can_receive_sms(user.phone)


def send_sms(message: Message, to: User) -> None:
    """Send an unsaved SMS to the phone of a member of staff; raise NotSentError."""
    message.channel, message.address = channel_for(Medium.SMS), to.phone
    _send(message, get_channel(message.channel))


def _send(message: Message, channel: Channel) -> None:
    for _message, outcome in channel.send([message]):
        if not isinstance(outcome, HandedOver):
            raise NotSentError(_sentence(outcome.sentence))


def _marked(message: Message, mark: Mark) -> str:
    if message.medium == Medium.SMS:
        return str(mark.of_sms)
    return str(mark.of_email) % {"subject": message.subject}


def _sentence(cause: str) -> str:
    return gettext("The test could not be sent: %(cause)s") % {"cause": cause}
