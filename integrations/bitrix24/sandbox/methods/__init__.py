"""The methods of the portal; importing this package registers all of them."""

from . import (
    activities,
    classic,
    duplicates,
    events,
    mail,
    providers,
    system,
    timeline,
    universal,
    users,
    workflows,
)

__all__ = [
    "activities",
    "classic",
    "duplicates",
    "events",
    "mail",
    "providers",
    "system",
    "timeline",
    "universal",
    "users",
    "workflows",
]
