"""Who may do what with messages; views and templates ask the same questions."""

from accounts.models import Role, User
from accounts.rules import can_administer_users


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


def can_read_stop_lists(user: User) -> bool:
    return can_stop_all_sending(user) or can_administer_users(user)


def can_make_detours(user: User) -> bool:
    """Let messages go by another provider: whoever stops and resumes, and who mends accounts."""
    return can_stop_all_sending(user) or can_administer_users(user)
