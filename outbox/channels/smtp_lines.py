"""Connections to the mail server: one thread carries on all of them, and they are kept.

A thread for each would cost more in taking turns than the letters themselves. Opening one may take
a while and is done beside; otherwise nothing waits for one answer while another is there.
"""

import select
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from django.conf import settings

from outbox.channels.base import Outcome
from outbox.channels.smtp_line import Line, TakeAnotherError
from outbox.channels.smtp_sending import Said, why_not_connected
from outbox.models import Message

LOOK_SECONDS = 0.01
"""So often one looks whether a connection has been opened while others are busy."""

Veto = Callable[[Message], Outcome | None]
"""Answers for a message that must not be begun after all."""


class Lines:
    """Those of one turn of sending."""

    def __init__(self) -> None:
        self._most = settings.SMTP_CONNECTIONS
        self._openers = ThreadPoolExecutor(self._most, thread_name_prefix="smtp")
        self._open: list[Line] = []
        self._opening: set[Future[Line]] = set()
        self._away: Outcome | None = None
        """What is to be said while the server is away: ten time-outs would outlast the lease."""

    def begin_batch(self) -> None:
        """Try again whatever did not work for the last one."""
        self._most, self._away = settings.SMTP_CONNECTIONS, None
        for line in _with_news(self._open, seconds=0):
            line.hang_up()  # unasked it says goodbye, or nothing any more
        self._forget_closed()

    def end_batch(self) -> None:
        """Close what was left in the middle of a letter; the others are kept."""
        for line in self._busy():
            line.hang_up()
        self._forget_closed()

    def close(self) -> None:
        self._openers.shutdown()
        self._take_opened()
        for line in self._open:
            line.take_leave()

    def go_on(self, waiting: deque[Message], veto: Veto) -> Iterator[tuple[Message, Said]]:
        """Begin what there is room for, wait for news, and answer for what that has settled."""
        yield from self._begin(waiting, veto)
        if not self._away:
            self._open_more(len(waiting))
        if busy := self._busy():
            news = _with_news(busy, seconds=self._patience(busy))
            # Now: whoever takes the answers may be held up by the database, and what has arrived
            # by then is heard in the next round.
            overdue = [line for line in busy if line.until <= time.monotonic()]
            for line in news:
                yield from _settled(line, line.hear, waiting)
            for line in overdue:
                if line not in news:
                    yield from _settled(line, line.give_up, waiting)
            self._forget_closed()
        elif self._opening:
            wait(self._opening, return_when=FIRST_COMPLETED)
        self._take_opened()
        while self._away and waiting:
            yield waiting.popleft(), self._away

    def _begin(self, waiting: deque[Message], veto: Veto) -> Iterator[tuple[Message, Said]]:
        free = [line for line in self._open if line.message is None]
        while waiting and free:
            message = waiting.popleft()
            if vetoed := veto(message):
                yield message, vetoed
                continue
            line = free.pop()
            try:
                said = line.begin(message)
            except TakeAnotherError:
                waiting.appendleft(message)
                continue
            if said:
                yield message, said
                if line.can_serve:
                    free.append(line)
        self._forget_closed()

    def _open_more(self, waiting: int) -> None:
        room = self._most - len(self._open) - len(self._opening)
        for _ in range(min(room, waiting - len(self._opening))):
            self._opening.add(self._openers.submit(Line.opened))

    def _take_opened(self) -> None:
        """Use what has been opened; who gets no connection leaves the letters to the others."""
        for opening in [each for each in self._opening if each.done()]:
            self._opening.remove(opening)
            error = opening.exception()
            if error is None:
                self._open.append(opening.result())
                continue
            outcome = why_not_connected(error)
            if self._open or self._opening:
                self._most = max(1, self._most - 1)
            else:
                self._away = outcome

    def _busy(self) -> list[Line]:
        return [line for line in self._open if line.message is not None]

    def _forget_closed(self) -> None:
        self._open = [line for line in self._open if line.can_serve]

    def _patience(self, busy: Sequence[Line]) -> float:
        seconds = max(0.0, min(line.until for line in busy) - time.monotonic())
        return min(seconds, LOOK_SECONDS) if self._opening else seconds


def _settled(
    line: Line, go_on: Callable[[], Said | None], waiting: deque[Message]
) -> Iterator[tuple[Message, Said]]:
    message = line.message
    assert message is not None
    try:
        said = go_on()
    except TakeAnotherError:
        waiting.appendleft(message)
    else:
        if said:
            yield message, said


def _with_news(lines: Sequence[Line], *, seconds: float) -> list[Line]:
    """Wait until a server says something on one of these, but no longer than that."""
    by_number = {number: line for line in lines if (number := line.number) is not None}
    poll = select.poll()
    for number in by_number:
        poll.register(number, select.POLLIN)
    return [by_number[number] for number, _event in poll.poll(seconds * 1000)]
