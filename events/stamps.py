"""Signed moments: a page says, unforgeably, when it was shown and what for."""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer


def stamp(purpose: str, now: datetime) -> str:
    """Return the moment in a form that only we can make, bound to what the page is for."""
    return _signer(purpose).sign(f"{now.timestamp():.3f}")


def age(purpose: str, stamped: str, now: datetime) -> timedelta | None:
    """Return how long ago the stamp was made; None if it is not ours or not for this purpose."""
    try:
        moment = float(_signer(purpose).unsign(stamped))
    except (BadSignature, ValueError):
        return None
    return timedelta(seconds=now.timestamp() - moment)


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"events.stamps {purpose}")
