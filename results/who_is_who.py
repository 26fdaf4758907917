"""Who does what here: whoever reads a report years later does not know the names."""

from accounts.models import Role, User


def who_is_who() -> list[tuple[str, str]]:
    """Name the people of each role; heads of unit with their unit."""
    names: dict[str, list[str]] = {}
    for person in User.objects.active().select_related("unit").order_by("full_name", "pk"):
        names.setdefault(person.role, []).append(_name(person))
    return [(str(role.label), ", ".join(names[role])) for role in Role if role in names]


def _name(person: User) -> str:
    is_head = person.role == Role.UNIT_HEAD and person.unit is not None
    return f"{person} ({person.unit})" if is_head else str(person)
