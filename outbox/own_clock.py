"""A worker whose clock is far off decides, sends and closes nothing: others do, or nobody.

An hour ahead it would write "we begin" at a quarter to five and close as too late what others have
still to send; an hour behind, it would send what is of no use any more.
"""

import functools
import logging
import math
import threading
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from outbox import checks
from outbox.clocks import FAR_OFF

logger = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
AFTER_BAD_NEWS_SECONDS = 10.0
"""Between two looks at other clocks; with bad news the portal is asked, which others need too."""

P = ParamSpec("P")
T = TypeVar("T")


class OwnClock:
    """What is known of this process's clock, looked at now and then."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._look_at = -math.inf
        self._is_far_off = False

    def is_far_off(self) -> bool:
        with self._guard:
            if time.monotonic() >= self._look_at:
                before, is_news_bad = self._is_far_off, _is_news_bad()
                self._is_far_off = is_news_bad and _is_confirmed()
                seconds = AFTER_BAD_NEWS_SECONDS if is_news_bad else EVERY_SECONDS
                self._look_at = time.monotonic() + seconds
                if self._is_far_off:
                    logger.error(
                        "This clock or the portal's is wrong by minutes: nothing is sent until then"
                    )
                elif before:
                    logger.warning("The clocks agree again: sending goes on")
            return self._is_far_off


def _is_news_bad() -> bool:
    known = checks.known_skew()
    return known is not None and abs(known) > FAR_OFF


def _is_confirmed() -> bool:
    """Ask anew: ours may have been put right since the portal was last heard.

    The portal's clock decides if it answers: the database may stand on the same machine, or be
    wrong alone.
    """
    skew = checks.portal_skew()
    if skew is None:
        skew = checks.database_skew()
    return skew is not None and abs(skew) > FAR_OFF


own_clock = OwnClock()


def by_a_right_clock(task: Callable[P, T]) -> Callable[P, T | None]:
    """Leave out this turn of a task while this process's clock is far off."""

    @functools.wraps(task)
    def turn(*args: P.args, **kwargs: P.kwargs) -> T | None:
        return None if own_clock.is_far_off() else task(*args, **kwargs)

    return turn
