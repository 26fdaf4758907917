"""Who may do what with messages; views and templates ask the same questions."""

from accounts.models import Role, User


def can_see_messages(user: User) -> bool:
    """Messages hold names and addresses, which are not for heads of unit."""
    return user.is_active and not user.has_role(Role.UNIT_HEAD)


def can_decide_messages(user: User) -> bool:
    """Retry what failed and decide what is unknown: whoever runs the events."""
    return user.is_active and user.has_role(
        Role.MARKETING_HEAD, Role.PROJECT_MANAGER, Role.SPECIALIST
    )


def can_stop_all_sending(user: User) -> bool:
    return user.is_active and user.has_role(Role.MARKETING_HEAD)
