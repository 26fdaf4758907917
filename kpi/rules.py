"""Who may do what with the figures of step 6; views and templates ask the same questions."""

from accounts.models import Role, User


def can_see_kpi(user: User) -> bool:
    """Everyone who signs in sees the figures."""
    return user.is_active


def can_enter(user: User) -> bool:
    """Who runs the channels types numbers in and imports lists of them."""
    return user.is_active and user.has_role(
        Role.MARKETING_HEAD, Role.PROJECT_MANAGER, Role.SPECIALIST
    )


def can_manage_series(user: User) -> bool:
    """The marketing head says what is measured, and where."""
    return user.is_active and user.has_role(Role.MARKETING_HEAD)


def can_read_sources(user: User) -> bool:
    """The marketing head and administrators see to the sources and have them read again."""
    return user.is_active and (user.has_role(Role.MARKETING_HEAD) or user.is_administrator)
