"""The college's staff, one or more per role, all with the same well-known password."""

from django.utils.translation import override

from accounts.models import Role, Unit, User

PASSWORD = "Atverta-Diena-2026"  # noqa: S105 - it is printed for every visitor

UNITS = ["Mārketinga nodaļa", "Uzņēmējdarbības katedra", "Tālākizglītības centrs"]

PEOPLE = [
    ("direktore@bvk.example", "Ilze Kalniņa", Role.DIRECTOR, None, False),
    ("vaditaja@bvk.example", "Anna Ozola", Role.MARKETING_HEAD, UNITS[0], True),
    ("projekti@bvk.example", "Mārtiņš Bērziņš", Role.PROJECT_MANAGER, UNITS[0], False),
    ("specialiste@bvk.example", "Līga Vītola", Role.SPECIALIST, UNITS[0], False),
    ("katedra@bvk.example", "Pēteris Liepa", Role.UNIT_HEAD, UNITS[1], False),
]


def make_staff() -> dict[Role, User]:
    """Make the staff that is missing, and return one person per role."""
    units = {name: Unit.objects.get_or_create(name=name)[0] for name in UNITS}
    staff: dict[Role, User] = {}
    for email, name, role, unit, is_administrator in PEOPLE:
        user = User.objects.filter(email=email).first() or User.objects.create_user(
            email,
            PASSWORD,
            full_name=name,
            role=role,
            unit=units[unit] if unit else None,
            is_administrator=is_administrator,
        )
        staff[role] = user
    return staff


def sign_ins() -> str:
    """List who can sign in, for the end of the set-up."""
    with override("en"):
        lines = [
            f"  {role.label:<18} {email:<26} {PASSWORD}"
            + ("  (also administrator)" if is_administrator else "")
            for email, _name, role, _unit, is_administrator in PEOPLE
        ]
    return "\n".join(lines)
