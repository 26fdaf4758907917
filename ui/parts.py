"""Parts that an application adds to a page of one below it.

The page asks by a signal and shows what it is answered, so that it names nothing of those above.
"""

from dataclasses import dataclass
from typing import Any

from django.dispatch import Signal


@dataclass(frozen=True)
class Part:
    """What is to be shown, and the templates that show it as `panel`."""

    panel: object
    notice: str = ""
    """At the top of the page."""

    section: str = ""
    """Among its sections."""


def parts_wanted_by(signal: Signal, sender: type, **about: Any) -> list[Part]:
    """Ask those above, in the order in which they were connected."""
    answers: list[tuple[Any, Any]] = signal.send(sender, **about)
    return [part for _receiver, part in answers]
