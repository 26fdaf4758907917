"""What an occasion is called on a page: in the language of whoever reads it."""

from collections.abc import Mapping
from typing import cast

from outbox.models import Dispatch
from outbox.signals import naming


def names_of(titles: Mapping[int, str]) -> dict[int, str]:
    """Ask those who queued these dispatches; one nobody names keeps the title it is stored with."""
    names = dict(titles)
    for _receiver, answer in naming.send(Dispatch, dispatches=list(titles)):
        names.update(cast("dict[int, str]", answer))
    return names
