"""Plain functions that make the things tests talk about; each app adds its own."""

from itertools import count
from typing import Any

from accounts.models import Role, Unit, User

PASSWORD = "correct-horse-battery"
_numbers = count(1)


def make_unit(**fields: Any) -> Unit:
    fields.setdefault("name", f"Unit {next(_numbers)}")
    return Unit.objects.create(**fields)


def make_user(**fields: Any) -> User:
    """Make a marketing head who signs in with `PASSWORD`, unless told otherwise."""
    number = next(_numbers)
    fields.setdefault("email", f"person{number}@college.example")
    fields.setdefault("full_name", f"Person {number}")
    fields.setdefault("role", Role.MARKETING_HEAD)
    fields.setdefault("language", "en")
    fields.setdefault("password", PASSWORD)
    if fields["role"] == Role.UNIT_HEAD:
        fields.setdefault("unit", make_unit())
    return User.objects.create_user(**fields)
