"""The CRM record that a message hangs on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class OwnerKind(IntEnum):
    LEAD = 1
    DEAL = 2
    CONTACT = 3


@dataclass(frozen=True)
class Owner:
    kind: OwnerKind
    id: int
