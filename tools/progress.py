"""What the person at the terminal sees while something is being set up. Standard library only."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

REDRAW = "\r\033[K"  # back to the start of the line, and clear it
COLOURED = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def coloured(text: str, code: int) -> str:
    return f"\033[{code}m{text}\033[0m" if COLOURED else text


class Step:
    """One step that is under way: its title, how far it is, and the seconds so far."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.detail = ""
        self._begun = time.monotonic()
        self._over = threading.Event()
        self._drawing = threading.Thread(target=self._show_until_over, daemon=True)

    def begin(self) -> None:
        self._drawing.start()

    def end(self, mark: str) -> None:
        self._over.set()
        self._drawing.join()
        start = REDRAW if COLOURED else ""
        print(f"{start}{self._seconds():5.1f} s  {mark} {self.title}", flush=True)

    def _seconds(self) -> float:
        return time.monotonic() - self._begun

    def _show_until_over(self) -> None:
        """Redraw the line; where it cannot be redrawn, say every five seconds how far it is."""
        while not self._over.wait(0.2 if COLOURED else 5):
            line = f"{self._seconds():5.0f} s  {self.title} {self.detail}"
            if COLOURED:
                print(f"{REDRAW}{line[:100]}", end="", flush=True)
            else:
                print(line, flush=True)


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Show a step while the block runs."""
    shown = Step(title)
    shown.begin()
    try:
        yield shown
    except BaseException:
        shown.end(coloured("✗", 31))
        raise
    shown.end(coloured("✓", 32))
