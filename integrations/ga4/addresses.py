"""Which property is read, and where the service is."""

import re
from ipaddress import ip_address

INSECURE = "grpc+insecure://"
_PROPERTY = re.compile(r"\d{4,12}")


class AddressError(ValueError):
    """The property or the endpoint cannot be right; the text says why."""


def checked_property(text: str) -> str:
    """Give the property's number; the G- and UA- numbers of measurement are another thing."""
    if not _PROPERTY.fullmatch(text):
        raise AddressError(
            "The property is a number of 4 to 12 digits, found in Analytics under Admin, Property"
            " details. A measurement ID such as G-ABC123 is something else."
        )
    return text


def sandbox_address(endpoint: str) -> str:
    """Give host and port of a sandbox; empty for Google itself.

    Without TLS nothing but this machine may be asked: anybody on the way could read along.
    """
    if not endpoint:
        return ""
    host, _colon, port = endpoint.removeprefix(INSECURE).rpartition(":")
    if not endpoint.startswith(INSECURE) or not port.isdecimal() or not _is_loopback(host):
        raise AddressError(
            f"The endpoint is left empty for Google, or is {INSECURE}127.0.0.1:PORT for a sandbox"
            " on this machine."
        )
    return f"{host}:{port}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
