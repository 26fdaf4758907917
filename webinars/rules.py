"""Who may do what with webinars; views and templates ask the same questions."""

from accounts.models import Role, User

CONTRACT_READERS = (Role.MARKETING_HEAD, Role.DIRECTOR, Role.PROJECT_MANAGER)
CONTRACT_WRITERS = (Role.MARKETING_HEAD, Role.PROJECT_MANAGER)


def can_see_contract(user: User) -> bool:
    """The contract and the presenter's pay are not for everybody."""
    return user.is_active and user.has_role(*CONTRACT_READERS)


def can_edit_contract(user: User) -> bool:
    return user.is_active and user.has_role(*CONTRACT_WRITERS)


def can_override_gates(user: User) -> bool:
    """Who knows the contract may decide to advertise before it is signed."""
    return can_edit_contract(user)
