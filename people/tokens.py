"""Unguessable tokens for personal links."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def link_token() -> str:
    """Return ten characters (59 random bits): short enough for an SMS, too many to try."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))
