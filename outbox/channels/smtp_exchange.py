"""One letter over an open SMTP session, in as few round trips as the server allows.

smtplib waits for the answer to each command and works out sender and recipient anew for every
letter. Here the envelope goes in one packet where the server takes several commands in a row
(PIPELINING, RFC 2920), which halves the waiting for a server far away; and it is known how far
the exchange had come when a connection breaks, which decides whether the letter may have gone.
"""

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache

from django.core.mail.message import sanitize_address

from outbox.letter import EOL, PLAIN, Letter

GO_ON = 354
TAKEN = 250
LEAVING = 421


class BrokenEarlyError(Exception):
    """The connection broke before the text was sent: the server cannot have taken the letter."""


def hand_over(letter: Letter, session: smtplib.SMTP) -> None:
    """Send one letter.

    Raises what smtplib's `sendmail` raises for refusals, OSError or SMTPServerDisconnected where
    the letter may have gone, and BrokenEarlyError where it surely has not.
    """
    content = letter.as_bytes("\r\n").replace(b"\r\n.", b"\r\n..")
    sender, recipient = _sender(letter.from_email), _in_brackets(letter.to[0])
    try:
        session.ehlo_or_helo_if_needed()
        _announce(session, sender, recipient, len(content))
    except smtplib.SMTPHeloError as error:
        session.close()
        raise BrokenEarlyError(type(error).__name__) from None
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
        raise  # both are kinds of OSError as well
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        session.close()
        raise BrokenEarlyError(type(error).__name__) from None
    session.send(content + (b"" if content.endswith(EOL) else EOL) + b".\r\n")
    code, words = session.getreply()
    if code != TAKEN:
        _start_anew(session, code)
        raise smtplib.SMTPDataError(code, words)


def _announce(session: smtplib.SMTP, sender: str, recipient: str, size: int) -> None:
    """Name sender and recipient and ask to send the text."""
    with_size = f" SIZE={size}" if session.has_extn("size") else ""
    commands = (f"MAIL FROM:{sender}{with_size}\r\n", f"RCPT TO:{recipient}\r\n", "DATA\r\n")
    answers: list[tuple[int, bytes]] = []
    try:
        for answer in _ask(session, commands):
            answers.append(answer)
    except smtplib.SMTPServerDisconnected:
        if all(map(_is_good, answers)):
            raise
        # It hung up once it had refused.
    if all(map(_is_good, answers)):
        return
    if answers[-1][0] == GO_ON:
        # It asks for the text although nobody is to get it: an empty one (RFC 2920, 3.1).
        with suppress(smtplib.SMTPServerDisconnected):
            session.send(".\r\n")
            session.getreply()
    _refuse(session, recipient, sender, answers)


def _ask(session: smtplib.SMTP, commands: Sequence[str]) -> Iterator[tuple[int, bytes]]:
    """Give the answers to commands sent at once or, as far as none is refused, one by one."""
    if session.has_extn("pipelining"):
        session.send("".join(commands))
        for _command in commands:
            yield session.getreply()
        return
    for command in commands:
        session.send(command)
        answer = session.getreply()
        yield answer
        if not _is_good(answer):
            return


def _is_good(answer: tuple[int, bytes]) -> bool:
    return 200 <= answer[0] < 400


def _refuse(
    session: smtplib.SMTP, recipient: str, sender: str, answers: list[tuple[int, bytes]]
) -> None:
    """Raise for the first command that was refused; the session is ready for the next letter."""
    number, (code, words) = next(
        (number, answer) for number, answer in enumerate(answers) if not _is_good(answer)
    )
    _start_anew(session, code)
    if number == 0:
        raise smtplib.SMTPSenderRefused(code, words, sender)
    if number == 1:
        raise smtplib.SMTPRecipientsRefused({recipient: (code, words)})
    raise smtplib.SMTPDataError(code, words)


def _start_anew(session: smtplib.SMTP, code: int) -> None:
    """Make ready for the next letter; if the server has hung up, its answer stands all the same."""
    if code == LEAVING:
        session.close()
    elif session.sock is not None:
        with suppress(smtplib.SMTPServerDisconnected):
            session.rset()


def _in_brackets(address: str) -> str:
    """Write an address as the envelope wants it; raise ValueError if that cannot be done."""
    if PLAIN.fullmatch(address):
        return f"<{address}>"
    written = smtplib.quoteaddr(sanitize_address(address, "utf-8"))
    if not written.isascii() or not written.isprintable():
        raise ValueError("The address is not valid.")
    return written


@lru_cache(maxsize=10)
def _sender(from_email: str) -> str:
    return smtplib.quoteaddr(sanitize_address(from_email, "utf-8"))
