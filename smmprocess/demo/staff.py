"""The college's staff, one or more per role, all with the same well-known password."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.utils.translation import override

from accounts.models import Role, Unit, User

PASSWORD = "Atverta-Diena-2026"  # noqa: S105 - it is printed for every visitor

MARKETING = "Mārketinga nodaļa"
BUSINESS = "Uzņēmējdarbības katedra"
FURTHER_EDUCATION = "Tālākizglītības centrs"
UNITS = (MARKETING, BUSINESS, FURTHER_EDUCATION)


@dataclass(frozen=True)
class Person:
    """Somebody who works here, as the demonstration has them."""

    key: str
    email: str
    name: str
    role: Role
    unit: str = ""
    is_administrator: bool = False


PEOPLE = (
    Person("director", "direktore@bvk.example", "Ilze Kalniņa", Role.DIRECTOR),
    Person("head", "vaditaja@bvk.example", "Anna Ozola", Role.MARKETING_HEAD, MARKETING, True),
    Person("manager", "projekti@bvk.example", "Mārtiņš Bērziņš", Role.PROJECT_MANAGER, MARKETING),
    Person("specialist", "specialiste@bvk.example", "Līga Vītola", Role.SPECIALIST, MARKETING),
    Person("colleague", "kristaps@bvk.example", "Kristaps Zariņš", Role.SPECIALIST, MARKETING),
    Person("unit_head", "katedra@bvk.example", "Pēteris Liepa", Role.UNIT_HEAD, BUSINESS),
)


@dataclass(frozen=True)
class Staff:
    """Who works at the college."""

    director: User
    head: User
    manager: User
    specialist: User
    colleague: User
    """The second specialist."""

    unit_head: User


def make_staff() -> Staff:
    """Make the staff that is missing."""
    units = {name: Unit.objects.get_or_create(name=name)[0] for name in UNITS}
    there = {user.email: user for user in User.objects.filter(email__in=[p.email for p in PEOPLE])}
    # Hashed once for all: it takes long on purpose.
    password = "" if len(there) == len(PEOPLE) else make_password(PASSWORD)
    users = {
        person.key: there.get(person.email)
        or User.objects.create(
            email=person.email,
            password=password,
            full_name=person.name,
            role=person.role,
            unit=units.get(person.unit),
            is_administrator=person.is_administrator,
        )
        for person in PEOPLE
    }
    return Staff(**users)


def sign_ins() -> str:
    """List who can sign in, for the end of the set-up."""
    with override("en"):
        lines = [
            f"  {person.role.label:<18} {person.email:<26} {PASSWORD}"
            + ("  (also administrator)" if person.is_administrator else "")
            for person in PEOPLE
        ]
    return "\n".join(lines)
