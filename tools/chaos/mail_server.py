"""A mail server that misbehaves by lot, and remembers what it was told and what it took.

It runs in the process of the run itself: nothing that is killed there takes its memory along.
"""

import email.policy
import random
import socketserver
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes

from tools.chaos.mishaps import Mishap, Moment
from tools.ports import HOST

TAKES_SECONDS = 0.15
"""For each letter, as a mail server does that looks into it: long enough to be hit meanwhile."""

LINES_BEFORE_IT_BREAKS = 5


@dataclass
class Envelope:
    """What was heard of one letter, whatever became of it."""

    address: str
    at: datetime
    text_is_asked_for: bool = False
    message_id: str = ""
    """Known once the whole text has come."""


@dataclass(frozen=True)
class MailedLetter:
    """A letter that the server has taken, whether or not it could say so."""

    message_id: str
    address: str
    subject: str
    text: str


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, mishaps: Sequence[Mishap], *, seed: int, takes_several: bool) -> None:
        super().__init__((HOST, 0), Conversation)
        self.mishaps = mishaps
        self.takes_several = takes_several
        """Whether it offers to take several commands in a row."""

        self.chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.envelopes: list[Envelope] = []
        self.taken: list[MailedLetter] = []
        self.happened = 0

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.server_address[1]}"

    def draw(self, moment: Moment) -> Mishap | None:
        for mishap in self.mishaps:
            if moment in mishap.moments and self.chance.random() < mishap.probability:
                self.happened += 1
                return mishap
        return None


class _HungUpError(Exception):
    """One of both sides has ended the conversation."""


class Conversation(socketserver.StreamRequestHandler):
    """One connection, with as many letters as the other side likes."""

    server: MailServer
    has_sender = False
    envelope: Envelope | None = None

    def handle(self) -> None:
        with suppress(OSError, _HungUpError):
            if self._goes_well(Moment.GREETING):
                self._say("220 ready")
                while True:
                    self._follow(self._read())

    def _follow(self, line: bytes) -> None:
        match line[:4].upper():
            case b"EHLO":
                more = "250-PIPELINING\r\n" if self.server.takes_several else ""
                self._say(f"250-chaos\r\n{more}250 8BITMIME")
            case b"MAIL":
                self.envelope = None
                self.has_sender = self._goes_well(Moment.SENDER)
                if self.has_sender:
                    self._say("250 ok")
            case b"RCPT":
                self._name(line.partition(b"<")[2].partition(b">")[0].decode())
            case b"DATA":
                self._ask_for_text()
            case b"QUIT":
                self._say("221 bye")
                raise _HungUpError
            case _:
                self._say("250 ok")

    def _name(self, address: str) -> None:
        if not self.has_sender:
            self._say("503 who writes?")
            return
        heard = Envelope(address, datetime.now(UTC))
        self.server.envelopes.append(heard)
        if self._goes_well(Moment.RECIPIENT):
            self.envelope = heard
            self._say("250 ok")

    def _ask_for_text(self) -> None:
        heard = self.envelope
        if heard is None:
            self._say("503 to whom?")
        elif self._goes_well(Moment.DATA):
            heard.text_is_asked_for = True
            self._say("354 go on")
            self._take(heard)
        self.envelope, self.has_sender = None, False

    def _take(self, heard: Envelope) -> None:
        lines: list[bytes] = []
        breaks = self.server.draw(Moment.TEXT)
        while (line := self._read()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
            if breaks and len(lines) >= LINES_BEFORE_IT_BREAKS:
                raise _HungUpError
        letter = _opened(b"".join(lines), heard.address)
        heard.message_id = letter.message_id
        if not self._goes_well(Moment.END):
            return
        time.sleep(TAKES_SECONDS)
        self.server.taken.append(letter)
        if self._goes_well(Moment.TAKEN):
            self._say(f"250 taken as {len(self.server.taken)}")

    def _goes_well(self, moment: Moment) -> bool:
        """Wait, refuse or hang up if it is drawn; say whether what was asked is to be done."""
        mishap = self.server.draw(moment)
        if mishap is None:
            return True
        time.sleep(mishap.seconds)
        if mishap.answer:
            self._say(mishap.answer)
        if mishap.hangs_up:
            raise _HungUpError
        return not mishap.answer

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def _read(self) -> bytes:
        line = self.rfile.readline()
        if not line.endswith(b"\n"):
            raise _HungUpError
        return line


def _opened(content: bytes, address: str) -> MailedLetter:
    letter = message_from_bytes(content, policy=email.policy.default)
    body = letter.get_body(("plain",))
    text = "" if body is None else body.get_content().replace("\r\n", "\n")
    # A folded subject may begin on the second line.
    return MailedLetter(letter["Message-ID"], address, letter["Subject"].strip(), text)


@contextmanager
def mail_server(
    mishaps: Sequence[Mishap], *, seed: int, takes_several: bool
) -> Iterator[MailServer]:
    """Run it until the block ends."""
    with MailServer(mishaps, seed=seed, takes_several=takes_several) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()
