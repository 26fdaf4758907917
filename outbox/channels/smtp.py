"""E-mail by SMTP, with Django's e-mail settings: the second route, and the one to staff."""

import smtplib
from collections.abc import Iterator, Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext

from outbox.channels.base import (
    Channel,
    HandedOver,
    NotExecuted,
    Outcome,
    Refused,
    RefusedBecause,
    Unclear,
)
from outbox.models import Message
from outbox.text_html import as_html
from people.models import Medium

RETRY_SECONDS = 30


class SmtpChannel(Channel):
    """One connection per batch. A repeat carries the same Message-ID."""

    key = "smtp"
    medium = Medium.EMAIL
    senders = 4

    def send(self, messages: Sequence[Message]) -> Iterator[tuple[Message, Outcome]]:
        connection = get_connection(fail_silently=False)
        try:
            connection.open()
        except smtplib.SMTPAuthenticationError as error:
            yield from ((each, _refused_account(error)) for each in messages)
            return
        except (OSError, smtplib.SMTPException) as error:
            yield from ((each, _not_executed(error)) for each in messages)
            return
        try:
            for message in messages:
                yield message, send_one(message, connection)
        finally:
            connection.close()


def send_one(message: Message, connection: BaseEmailBackend) -> Outcome:
    """Send one e-mail on an open connection and say what the server made of it."""
    try:
        email(message, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _by_code(code, words, RefusedBecause.ADDRESS)
    except smtplib.SMTPSenderRefused as error:
        return _by_code(error.smtp_code, error.smtp_error, RefusedBecause.ACCOUNT)
    except smtplib.SMTPResponseException as error:
        return _by_code(error.smtp_code, error.smtp_error, RefusedBecause.MESSAGE)
    except (OSError, smtplib.SMTPException) as error:
        # The connection broke somewhere in the exchange; the server may have taken it.
        return Unclear(_name(error))
    return HandedOver(message_id(message))


def email(message: Message, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """Build the e-mail: text, HTML, calendar file, and one-click unsubscribing for offers."""
    headers = {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"}
    if message.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.address],
        headers=headers,
        connection=connection,
    )
    letter.attach_alternative(as_html(message.body), "text/html")
    if message.attachment:
        letter.attach("event.ics", message.attachment, "text/calendar; method=PUBLISH")
    return letter


def message_id(message: Message) -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{message.uid}@{domain}>"


def _by_code(code: int, words: bytes | str, because: RefusedBecause) -> Outcome:
    """Read the server's answer: 5xx is final, 4xx is for now, and so nothing was taken."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    if code >= 500:
        return Refused(f"{code} {text}", because)
    return NotExecuted(f"{code} {text}", retry_after=RETRY_SECONDS)


def _refused_account(error: smtplib.SMTPAuthenticationError) -> Outcome:
    sentence = gettext("The mail server refuses our name or password (%(code)s).")
    return Refused(sentence % {"code": error.smtp_code}, RefusedBecause.ACCOUNT)


def _not_executed(error: Exception) -> Outcome:
    sentence = gettext("The mail server cannot be reached (%(error)s).")
    return NotExecuted(sentence % {"error": _name(error)}, retry_after=RETRY_SECONDS)


def _name(error: Exception) -> str:
    """Name the kind of error only: its text may hold addresses or the server's secrets."""
    return type(error).__name__
