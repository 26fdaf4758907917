"""JSON that others post to us, its texts such as a database takes."""

import json
from typing import Any

from integrations.storable import storable


class NotAnObjectError(Exception):
    """The body is not an object of JSON."""


def object_in(body: bytes) -> dict[str, Any]:
    """Read the object posted; of its texts the characters go that no database need take.

    Without them a name is still a name, and what else was told with it is not lost.
    """
    try:
        found = _storable(json.loads(body))
    except (ValueError, RecursionError):
        raise NotAnObjectError from None
    if not isinstance(found, dict):
        raise NotAnObjectError
    return found


def _storable(value: Any) -> Any:
    match value:
        case str():
            return storable(value)
        case list():
            return [_storable(each) for each in value]
        case dict():
            return {_storable(name): _storable(each) for name, each in value.items()}
    return value
