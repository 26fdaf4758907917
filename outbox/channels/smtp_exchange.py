"""One letter over an open SMTP session, in as few round trips as the server allows.

smtplib waits for the answer to each command and works out sender and recipient anew for every
letter. Here the envelope goes in one packet where the server takes several commands in a row
(PIPELINING, RFC 2920), which halves the waiting for a server far away; and it is known how far
the exchange had come when a connection breaks, which decides whether the letter may have gone.

Nothing here waits: an exchange says what to send next and is told the answers, so that one thread
carries on many of them (outbox/channels/smtp_lines.py).
"""

import smtplib
from collections.abc import Generator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

from django.core.mail.message import sanitize_address

from outbox.letter import EOL, PLAIN, Letter

GO_ON = 354
LEAVING = 421

Answer = tuple[int, bytes]


class Say(NamedTuple):
    """What to send next, and how many answers it gets; fewer come if the server hangs up."""

    words: bytes
    answers: int = 1


Exchange = Generator[Say, Sequence[Answer], None]


class BrokenEarlyError(Exception):
    """The connection broke before the text was sent: the server cannot have taken the letter."""


def hand_over(letter: Letter, session: smtplib.SMTP) -> Exchange:
    """Send one letter.

    Raises what smtplib's `sendmail` raises for refusals, SMTPServerDisconnected where the letter
    may have gone, and BrokenEarlyError where it surely has not.
    """
    content = letter.as_bytes("\r\n").replace(b"\r\n.", b"\r\n..")
    sender, recipient = _sender(letter.from_email), _in_brackets(letter.to[0])
    try:
        yield from _announce(session, sender, recipient, len(content))
    except smtplib.SMTPServerDisconnected as error:
        raise BrokenEarlyError from error
    [(code, words)] = yield Say(content + (b"" if content.endswith(EOL) else EOL) + b".\r\n")
    if 200 <= code < 300:
        return
    if code < 400:
        # Neither yes nor no: perhaps the answer to something else, and the letter is taken.
        session.close()
        raise smtplib.SMTPServerDisconnected
    yield from _start_anew(session, code)
    raise smtplib.SMTPDataError(code, words)


def _announce(session: smtplib.SMTP, sender: str, recipient: str, size: int) -> Exchange:
    """Name sender and recipient and ask to send the text."""
    with_size = f" SIZE={size}" if session.has_extn("size") else ""
    commands = (f"MAIL FROM:{sender}{with_size}\r\n", f"RCPT TO:{recipient}\r\n", "DATA\r\n")
    answers = yield from _ask(session, [command.encode("ascii") for command in commands])
    if all(map(_is_good, answers)):
        if answers[-1][0] != GO_ON:
            # It hung up before it asked for the text, or its answers are not those to our words.
            session.close()
            raise smtplib.SMTPServerDisconnected
        return
    if answers[-1][0] == GO_ON and _is_good(answers[1]):
        # It did not understand who sends it, and somebody would get an empty letter.
        session.close()
    elif answers[-1][0] == GO_ON:
        # It asks for the text although nobody is to get it: an empty one (RFC 2920, 3.1).
        with suppress(smtplib.SMTPServerDisconnected):
            yield Say(b".\r\n")
    yield from _refuse(session, recipient, sender, answers)


def _ask(
    session: smtplib.SMTP, commands: Sequence[bytes]
) -> Generator[Say, Sequence[Answer], Sequence[Answer]]:
    """Send commands at once or, as far as none is refused, one by one; return the answers."""
    if session.has_extn("pipelining"):
        return (yield Say(b"".join(commands), len(commands)))
    answers: list[Answer] = []
    for command in commands:
        answers += yield Say(command)
        if not _is_good(answers[-1]):
            break
    return answers


def _is_good(answer: Answer) -> bool:
    return 200 <= answer[0] < 400


def _refuse(
    session: smtplib.SMTP, recipient: str, sender: str, answers: Sequence[Answer]
) -> Exchange:
    """Raise for the first command that was refused; the session is ready for the next letter."""
    number, (code, words) = next(
        (number, answer) for number, answer in enumerate(answers) if not _is_good(answer)
    )
    yield from _start_anew(session, code)
    if number == 0:
        raise smtplib.SMTPSenderRefused(code, words, sender)
    if number == 1:
        raise smtplib.SMTPRecipientsRefused({recipient: (code, words)})
    raise smtplib.SMTPDataError(code, words)


def _start_anew(session: smtplib.SMTP, code: int) -> Exchange:
    """Make ready for the next letter; if the server has hung up, its answer stands all the same."""
    if code == LEAVING:
        session.close()
    else:
        with suppress(smtplib.SMTPServerDisconnected):
            yield Say(b"rset\r\n")


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
