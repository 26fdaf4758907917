"""Writing what must be written, also if the database is away for a while."""

import logging
import time
from collections.abc import Callable
from itertools import chain, repeat
from typing import TypeVar

from django.db import InterfaceError, InternalError, OperationalError, connection

logger = logging.getLogger(__name__)

T = TypeVar("T")

AWAY = (OperationalError, InterfaceError, InternalError)
"""So a database says that it is not there, or, by the last, that it has ended the session or is for
a moment only to be read from."""

PAUSES = (0.5, 1, 2, 4, 8, 15)
"""Seconds to wait before it is written once more; the last again and again."""


def patiently(write: Callable[[], T], until: float) -> T:
    """Write, again and again until that moment of the monotonic clock; then raise the error.

    Inside somebody else's transaction nothing can be written anew, so there it is raised at once.
    """
    pauses = chain(PAUSES, repeat(PAUSES[-1]))
    while True:
        try:
            return write()
        except AWAY as error:
            seconds = next(pauses)
            if connection.in_atomic_block or time.monotonic() + seconds > until:
                raise
            logger.warning("Not written yet: %s", type(error).__name__)
            connection.close()
            time.sleep(seconds)
