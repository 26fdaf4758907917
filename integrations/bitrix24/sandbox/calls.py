"""A call of a method: who asks, with what, and how the portal refuses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .portal import Portal


class RestError(Exception):
    """The portal refuses a call, with a status, a code and a text."""

    def __init__(self, status: int, code: str, text: str = "") -> None:
        super().__init__(f"{status} {code}: {text}")
        self.status = status
        self.code = code
        self.text = text

    def body(self) -> dict[str, Any]:
        return {"error": self.code, "error_description": self.text}


class RestV3Error(RestError):
    """A refusal in the nested form of REST 3.0."""

    def __init__(
        self, status: int, code: str, text: str, *, validation: list[dict[str, str]] | None = None
    ) -> None:
        super().__init__(status, f"BITRIX_REST_V3_EXCEPTION_{code}", text)
        self.validation = validation

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.code, "message": self.text}
        if self.validation:
            error["validation"] = self.validation
        return {"error": error}


@dataclass(frozen=True)
class Caller:
    """A webhook or an application; operating time is counted for each of them."""

    key: str
    is_application: bool
    scopes: frozenset[str]


@dataclass(frozen=True)
class Call:
    """One method with its parameters, as a handler sees it."""

    portal: "Portal"
    caller: Caller
    params: dict[str, Any]


@dataclass(frozen=True)
class Listing:
    """The result of a list method, which tells its total and where the next page starts."""

    result: Any
    total: int
    next: int | None = None


Handler = Callable[[Call], Any]


@dataclass(frozen=True)
class Method:
    """A method the portal knows."""

    name: str
    handler: Handler
    scopes: frozenset[str] = field(default_factory=frozenset)
    application_only: bool = False

    def is_allowed(self, caller: Caller) -> bool:
        return not self.scopes or bool(self.scopes & caller.scopes)


METHODS: dict[int, dict[str, Method]] = {2: {}, 3: {}}
"""The methods by REST version and lower-case name, filled by the modules in `methods`."""


def method(
    name: str, *scopes: str, application_only: bool = False, version: int = 2
) -> Callable[[Handler], Handler]:
    """Register a function as a method that needs any one of the scopes."""

    def register(handler: Handler) -> Handler:
        METHODS[version][name.lower()] = Method(
            name, handler, frozenset(scopes), application_only=application_only
        )
        return handler

    return register


def require_array(params: dict[str, Any], name: str) -> dict[str, Any] | list[Any]:
    """Take a parameter that must be an array if it is given at all."""
    value = params.get(name)
    if value in (None, ""):
        return {}
    if not isinstance(value, dict | list):
        raise RestError(400, "", f"Parameter '{name}' must be array.")
    return value


def param(params: dict[str, Any], name: str) -> Any:
    """Take a parameter whose name may be written in capitals or small letters."""
    return params.get(name, params.get(name.lower(), params.get(name.upper())))
