"""Changing the portal's settings while it runs, from a form or a JSON body."""

import dataclasses
from typing import Any

from .encoding import as_list, as_text
from .portal import PortalSettings

_KINDS = {field.name: type(field.default) for field in dataclasses.fields(PortalSettings)}
_NO = ("", "0", "n", "no", "false", "off")


class SettingsError(ValueError):
    """A setting is unknown or its value cannot be read."""


def read_settings(form: dict[str, Any]) -> dict[str, Any]:
    """Read new values for settings, each in the kind its setting has."""
    return {name: _read(name, value) for name, value in form.items()}


def _read(name: str, value: Any) -> Any:
    if name not in _KINDS:
        raise SettingsError(f"“{name}” is not a setting.")
    try:
        return _convert(name, value)
    except (TypeError, ValueError):
        raise SettingsError(f"“{value}” is not a value for “{name}”.") from None


def _convert(name: str, value: Any) -> Any:
    if name == "scopes":
        words = value.split(",") if isinstance(value, str) else as_list(value)
        return frozenset(str(word).strip() for word in words if str(word).strip())
    if name == "senders":
        return tuple(str(item) for item in as_list(value))
    if name == "method_latency":
        return {str(method).lower(): float(seconds) for method, seconds in dict(value).items()}
    if _KINDS[name] is bool:
        return value if isinstance(value, bool) else str(value).lower() not in _NO
    if name in ("user_id", "crm_mode"):
        return int(value)
    if _KINDS[name] in (int, float):
        return float(value)
    return as_text(value) or ""
