"""One e-mail on one connection: how it is built, and what the server's answer means for it."""

import logging
import smtplib
import traceback
from collections.abc import Generator, Sequence
from email.utils import parseaddr
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from outbox.channels.base import (
    HandedOver,
    NotExecuted,
    Outcome,
    Refused,
    RefusedBecause,
    Unclear,
)
from outbox.channels.smtp_exchange import Answer, Say, hand_over
from outbox.channels.smtp_refusals import RETRY_SECONDS, RecipientRefused
from outbox.lazy_words import filled
from outbox.letter import Letter
from outbox.models import Message
from outbox.text_html import as_html

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

logger = logging.getLogger(__name__)

Said = Outcome | RecipientRefused
"""What a refused recipient means may be known only when the rest of the batch is."""


Sending = Generator[Say, Sequence[Answer], Said]


def why_not_connected(error: BaseException) -> Outcome:
    """Say what it means for a letter that no connection could be opened: it surely has not gone."""
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return Refused(str(what_is_wrong(error)), RefusedBecause.ACCOUNT)
    return not_executed(error)


def what_is_wrong(error: BaseException) -> "StrOrPromise":
    """Say for people why no connection could be opened, and log what no mail server has done."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _why_not_signed_in(error.smtp_code)
    if not isinstance(error, OSError):  # smtplib's errors are of this kind as well
        # Where it happened, but not the error's own words: they quote the password.
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error("The mail server cannot be called: %s\n%s", kind_of(error), where)
    if isinstance(error, UnicodeError) and (sentence := _not_to_be_written()):
        return sentence
    return filled(_("The mail server cannot be reached (%(error)s)."), {"error": kind_of(error)})


def send_at_once(message: Message, connection: BaseEmailBackend) -> Outcome:
    """Send one e-mail by a backend that writes into a file or a list."""
    email(message, connection).send()
    return HandedOver(message_id(message))


def sending(message: Message, connection: BaseEmailBackend, session: smtplib.SMTP) -> Sending:
    """Send one e-mail on an open session; what is returned says what the server made of it.

    Raises BrokenEarlyError where the connection was lost before the letter can have gone.
    """
    try:
        yield from hand_over(email(message, connection), session)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        if code >= 500:
            return RecipientRefused(code, _text(words))
        return _not_now(code, words)
    except smtplib.SMTPSenderRefused as error:
        return _by_code(error.smtp_code, error.smtp_error, RefusedBecause.ACCOUNT)
    except smtplib.SMTPResponseException as error:
        return _by_code(error.smtp_code, error.smtp_error, RefusedBecause.MESSAGE)
    except ValueError as error:
        # It cannot be put into words a mail server takes: an address or a header is not valid.
        return Refused(gettext("It cannot be sent by e-mail (%(e)s).") % {"e": kind_of(error)})
    except smtplib.SMTPServerDisconnected as error:
        # The connection broke after the text was sent; the server may have taken it.
        return Unclear(kind_of(error))
    return HandedOver(message_id(message))


def email(message: Message, connection: BaseEmailBackend) -> Letter:
    """Build the e-mail: text, HTML, calendar file, and one-click unsubscribing for offers."""
    headers = {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"}
    if message.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter = Letter(
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
    return f"<{message.uid}@{_domain_of(settings.DEFAULT_FROM_EMAIL)}>"


@lru_cache(maxsize=10)
def _domain_of(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]


def _by_code(code: int, words: bytes | str, because: RefusedBecause) -> Outcome:
    """Read the server's answer: 5xx is final, 4xx is for now, and so nothing was taken."""
    if code >= 500:
        return Refused(f"{code} {_text(words)}", because)
    return _not_now(code, words)


def _not_now(code: int, words: bytes | str) -> Outcome:
    return NotExecuted(f"{code} {_text(words)}", retry_after=RETRY_SECONDS)


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _why_not_signed_in(code: int) -> "StrOrPromise":
    """Tell a wrong password from a server that is busy: 4xx is for now."""
    if code >= 500:
        return filled(_("The mail server refuses our name or password (%(code)s)."), {"code": code})
    return filled(_("The mail server cannot sign us in just now (%(code)s)."), {"code": code})


def _not_to_be_written() -> "StrOrPromise":
    """Say which setting cannot be put into the letters that the internet or SMTP know."""
    try:
        (settings.EMAIL_HOST or "").encode("idna")
    except UnicodeError:
        return _("The mail server's name in EMAIL_URL is not valid.")
    told = (settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    if all(word is None or word.isascii() for word in told):
        return ""
    return _(
        "The name or password in EMAIL_URL holds a letter such as ā or š, which cannot be told to "
        "the mail server: choose one without."
    )


def not_executed(error: BaseException) -> Outcome:
    return NotExecuted(str(what_is_wrong(error)), retry_after=RETRY_SECONDS)


def kind_of(error: BaseException) -> str:
    """Name the kind of error only: its text may hold addresses or the server's secrets."""
    return type(error).__name__
