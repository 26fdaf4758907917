"""Test messages to oneself: sent at once, by SMTP, and written into no ledger."""

from django.utils.translation import gettext

from accounts.models import User
from outbox.channels import HandedOver
from outbox.channels.smtp import SmtpChannel
from outbox.models import Message
from people.models import Medium


class NotSentError(Exception):
    """The mail server did not take the test; the sentence says why."""


def send_test(messages: list[Message], to: User) -> int:
    """Send unsaved messages to a member of staff by e-mail; return how many went.

    An SMS goes as an e-mail too: Bitrix24 writes SMS to its contacts only, and staff are none.
    """
    for message in messages:
        message.address = to.email
        message.subject = _marked(message)
        for _message, outcome in SmtpChannel().send([message]):
            if not isinstance(outcome, HandedOver):
                raise NotSentError(_sentence(outcome.sentence))
    return len(messages)


def _marked(message: Message) -> str:
    if message.medium == Medium.SMS:
        return gettext("[Test] The SMS, as it would go")
    return gettext("[Test] %(subject)s") % {"subject": message.subject}


def _sentence(cause: str) -> str:
    return gettext("The test could not be sent: %(cause)s") % {"cause": cause}
