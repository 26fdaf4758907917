"""What a mail server says, taken apart: answers of one or more lines (RFC 5321, 4.2)."""

import smtplib
from collections import deque

from outbox.channels.smtp_exchange import Answer

LONGEST = 65536
"""A server that says more than this without an end is none."""


class Answers:
    """Puts together what arrives in pieces of any size."""

    def __init__(self) -> None:
        self.complete: deque[Answer] = deque()
        self._rest = b""
        self._lines: list[bytes] = []

    def hear(self, arrived: bytes) -> None:
        """Take in what has arrived; raises SMTPServerDisconnected if it cannot be an answer."""
        *lines, self._rest = (self._rest + arrived).split(b"\n")
        for line in lines:
            self._lines.append(line[4:].strip())
            if line[3:4] != b"-":
                self.complete.append((_code(line), b"\n".join(self._lines)))
                self._lines = []
        if len(self._rest) + sum(map(len, self._lines)) > LONGEST:
            raise smtplib.SMTPServerDisconnected

    @property
    def is_between(self) -> bool:
        """Say whether all that was said has been read."""
        return not (self.complete or self._rest or self._lines)


def _code(line: bytes) -> int:
    """Read the number; -1, which is neither good nor final, where there is none."""
    return int(line[:3]) if line[:3].isdigit() else -1
