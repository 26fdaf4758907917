"""An HTTP request as the sandbox sees it, and what may come back."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from .calls import RestError
from .encoding import decode_pairs, decode_query, php_array


class HangUp(Exception):  # noqa: N818 - not an error: the portal closes the line without a word
    """The connection is closed without an answer, at once or after a while."""

    def __init__(self, after: float = 0) -> None:
        super().__init__()
        self.after = after


@dataclass(frozen=True)
class Request:
    """One request; header names are in small letters."""

    verb: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    address: str = ""

    @property
    def is_json(self) -> bool:
        declared = "json" in self.headers.get("content-type", "")
        return declared or self.body.lstrip()[:1] in (b"{", b"[")

    def params(self) -> dict[str, Any]:
        """The parameters of the address and the body together; the body wins."""
        params = decode_query(self.query)
        if not self.body.strip():
            return params
        if not self.is_json:
            return {**params, **decode_query(self.body.decode(errors="replace"))}
        body = self.json()
        return {**params, **body} if isinstance(body, dict) else params

    def form(self) -> dict[str, Any]:
        """The fields of a form or of a JSON object, for the sandbox's own addresses."""
        if self.is_json:
            body = self.json()
            return body if isinstance(body, dict) else {}
        return decode_pairs(parse_qsl(self.body.decode(errors="replace")))

    def json(self) -> Any:
        try:
            return php_array(json.loads(self.body))
        except (ValueError, RecursionError):
            raise RestError(400, "INVALID_REQUEST", "The body is not JSON") from None


@dataclass(frozen=True)
class Reply:
    """An answer ready to be sent."""

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> "Reply":
        return cls(status, json.dumps(body).encode(), headers=headers or {})

    @classmethod
    def html(cls, text: str, status: int = 200, headers: dict[str, str] | None = None) -> "Reply":
        return cls(status, text.encode(), "text/html; charset=utf-8", headers or {})

    @classmethod
    def redirect(cls, location: str, status: int = 303) -> "Reply":
        return cls(status, headers={"Location": location})
