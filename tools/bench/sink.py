"""An SMTP server that takes everything and keeps nothing but counts.

    python -m tools.bench.sink PORT [SECONDS EACH MESSAGE NEEDS]

`STAT` answers with the number of messages, and of different recipients among them; `LATE` with the
moment of the first message since it was asked last, or 0.
"""

import asyncio
import smtplib
import sys
import time

from tools.ports import HOST

recipients: list[bytes] = []
moments: list[float] = []


class Session(asyncio.Protocol):
    """One connection, line by line; as many messages on it as the client likes."""

    delay = 0.0
    transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.waiting = b""
        self.in_data = False
        self.recipient = b""
        self._say(b"220 sink")

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while self._take_data() if self.in_data else self._take_line():
            pass

    def _take_data(self) -> bool:
        end = self.waiting.find(b"\r\n.\r\n")
        if end < 0:
            return False
        self.waiting, self.in_data = self.waiting[end + 5 :], False
        asyncio.get_running_loop().call_later(self.delay, self._accept, self.recipient)
        return True

    def _accept(self, recipient: bytes) -> None:
        recipients.append(recipient)
        moments.append(time.time())
        self._say(b"250 taken")

    def _take_line(self) -> bool:
        line, end, rest = self.waiting.partition(b"\r\n")
        if not end:
            return False
        self.waiting = rest
        match line[:4].upper():
            case b"EHLO":
                self._say(b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME")
            case b"RCPT":
                self.recipient = line[8:]
                self._say(b"250 ok")
            case b"DATA":
                self.in_data = True
                self._say(b"354 go on")
            case b"STAT":
                self._say(b"250 %d %d" % (len(recipients), len(set(recipients))))
            case b"LATE":
                self._say(b"250 %r" % (moments[0] if moments else 0.0))
                moments.clear()
            case b"QUIT":
                self._say(b"221 bye")
                self.transport.close()
            case _:
                self._say(b"250 ok")
        return True

    def _say(self, words: bytes) -> None:
        self.transport.write(words + b"\r\n")


def taken(port: int) -> tuple[int, int]:
    """Ask a running sink how many messages it took, and for how many recipients."""
    with smtplib.SMTP(HOST, port) as connection:
        _code, words = connection.docmd("STAT")
    messages, different = words.split()
    return int(messages), int(different)


async def main() -> None:
    port, *delay = sys.argv[1:]
    Session.delay = float(delay[0]) if delay else 0.0
    server = await asyncio.get_running_loop().create_server(Session, HOST, int(port), backlog=500)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
