"""The address of an inbound webhook, which is a password: it never shows its secret."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlsplit

_PATH = re.compile(r"^/rest/(?P<user>\d+)/(?P<secret>[^/]+)/?$")
_CLOUD = re.compile(r"^[a-z0-9-]+(?P<suffix>\.bitrix24\.[a-z]{2,6}(?:\.[a-z]{2})?)$")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Webhook:
    """Where calls go. `trusted` names further hosts (host:port) that may be a sandbox."""

    origin: str
    user_id: int
    secret: str = field(repr=False)
    trusted: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, url: str, trusted: frozenset[str] = frozenset()) -> Self:
        """Read https://college.bitrix24.eu/rest/1/secret/; complain without repeating it."""
        parts = urlsplit(url.strip())
        path = _PATH.match(parts.path)
        if not parts.netloc or path is None:
            raise ValueError("A webhook's address looks like https://portal/rest/1/secret/.")
        safe = parts.scheme == "https" or (
            parts.scheme == "http"
            and (parts.hostname in _LOOPBACK or parts.netloc.lower() in trusted)
        )
        if not safe:
            raise ValueError("A webhook's address must begin with https://.")
        origin = f"{parts.scheme}://{parts.netloc.lower()}"
        return cls(origin, int(path["user"]), path["secret"], trusted)

    @property
    def portal(self) -> str:
        """The host, which names the portal in shared state."""
        return urlsplit(self.origin).netloc

    def url(self, method: str, version: int = 2) -> str:
        prefix = "/rest/api" if version == 3 else "/rest"
        return f"{self.origin}{prefix}/{self.user_id}/{self.secret}/{method}"

    def moved_to(self, location: str) -> Self | None:
        """Return the same webhook at the host of `location`, or None if that may be a stranger.

        The secret travels in the address, so only the portal's own domain will do.
        """
        parts = urlsplit(location)
        host, own_host = parts.netloc.lower(), urlsplit(self.origin).hostname or ""
        both_local = own_host in _LOOPBACK and parts.hostname in _LOOPBACK
        if parts.scheme in {"http", "https"} and (host in self.trusted or both_local):
            return replace(self, origin=f"{parts.scheme}://{host}")
        ours, theirs = _CLOUD.match(own_host), _CLOUD.match(host)
        if parts.scheme != "https" or not ours or not theirs or ours["suffix"] != theirs["suffix"]:
            return None
        return replace(self, origin=f"https://{host}")
