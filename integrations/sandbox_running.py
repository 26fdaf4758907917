"""How every sandbox is run from a command line: started, or said why not, until it is stopped."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class StartError(Exception):
    """The sandbox cannot be started as asked."""


@contextmanager
def until_stopped(stopping: threading.Event) -> Iterator[None]:
    """Let Ctrl-C or SIGTERM end the block, and tell answers that wait by `stopping`."""
    # SIGINT too: who is started in the background by a shell has it ignored.
    previous = {each: signal.signal(each, _stop) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except KeyboardInterrupt:
        stopping.set()
    finally:
        for each, handler in previous.items():
            signal.signal(each, handler)


def _stop(signal_number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
