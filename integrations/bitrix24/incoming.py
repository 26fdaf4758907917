"""What the portal's outgoing webhook posts to us: verified, and read into one small value."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass


class NotAnEventError(Exception):
    """The form posted is not an event of Bitrix24."""


@dataclass(frozen=True)
class Event:
    """A change in the CRM. It carries no more than the id: read the record to know it."""

    event: str
    entity_id: int
    ts: int
    domain: str
    member_id: str


def parse_event(form: Mapping[str, str]) -> Event:
    """Read the fields we need; the tokens that may come along are not touched."""
    try:
        return Event(
            event=form["event"].upper(),
            entity_id=int(form["data[FIELDS][ID]"]),
            ts=int(form["ts"]),
            domain=form.get("auth[domain]", ""),
            member_id=form.get("auth[member_id]", ""),
        )
    except KeyError as missing:
        reason = f"The form has no field {missing.args[0]!r}."
    except ValueError:
        reason = "The id or the time is not a number."
    raise NotAnEventError(reason)


def token_is_right(form: Mapping[str, str], expected: str) -> bool:
    """Compare in constant time; without an expected token nobody is let in."""
    given = form.get("auth[application_token]", "")
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())
