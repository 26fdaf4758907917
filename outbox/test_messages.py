"""Test messages to staff: sent at once, by SMTP, and written into no ledger."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from outbox.channels import HandedOver
from outbox.channels.smtp import SmtpChannel
from outbox.models import Message
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


TEST = Mark(_("[Test] %(subject)s"), _("[Test] The SMS, as it would go"))
REHEARSAL = Mark(_("[Rehearsal] %(subject)s"), _("[Rehearsal] The SMS, as it would go"))


def send_test(messages: list[Message], to: User, mark: Mark = TEST) -> int:
    """Send unsaved messages to a member of staff by e-mail; return how many went.

    An SMS goes as an e-mail too: Bitrix24 writes SMS to its contacts only, and staff are none.
    """
    for message in messages:
        message.address = to.email
        message.subject = _marked(message, mark)
        for _message, outcome in SmtpChannel().send([message]):
            if not isinstance(outcome, HandedOver):
                raise NotSentError(_sentence(outcome.sentence))
    return len(messages)


def _marked(message: Message, mark: Mark) -> str:
    if message.medium == Medium.SMS:
        return str(mark.of_sms)
    return str(mark.of_email) % {"subject": message.subject}


def _sentence(cause: str) -> str:
    return gettext("The test could not be sent: %(cause)s") % {"cause": cause}
