"""The client: one call, one batch, with every outcome told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from integrations.bitrix24.commands import Command
from integrations.bitrix24.outcomes import Done, Outcome


@dataclass(frozen=True)
class Bitrix24:
    """A portal, reached through an inbound webhook."""

    @classmethod
    def at(cls, webhook_url: str) -> Self:
        """Make a client for one webhook; everything else has defaults that need no Redis."""
        raise NotImplementedError

    @classmethod
    def from_settings(cls) -> Self:
        """Make the client that the settings describe, or raise Bitrix24OffError."""
        raise NotImplementedError

    def call(self, command: Command, *, deadline: datetime | None = None) -> Outcome:
        """Carry out one writing call, never twice; wait for the limiter until `deadline`."""
        raise NotImplementedError

    def batch(
        self,
        commands: Mapping[str, Command],
        *,
        halt: bool = False,
        deadline: datetime | None = None,
    ) -> dict[str, Outcome]:
        """Carry out any number of writing calls, packed into as few requests as is safe."""
        raise NotImplementedError

    def batch_size(self, method: str) -> int:
        """Say how many calls of this method fit into one request, by what they took so far."""
        raise NotImplementedError

    def read(self, command: Command, *, deadline: datetime | None = None) -> Done:
        """Ask, patiently and more than once if need be; raise Bitrix24Error without an answer."""
        raise NotImplementedError

    def read_batch(
        self, commands: Mapping[str, Command], *, deadline: datetime | None = None
    ) -> dict[str, Done]:
        """Ask many things at once; raise Bitrix24Error if one of them stays without an answer."""
        raise NotImplementedError

    def clock_skew(self) -> timedelta | None:
        """Return how far the portal's clock is ahead of ours, once it has answered."""
        raise NotImplementedError
