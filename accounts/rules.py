"""Who may do what with users; views and templates ask the same questions."""

from accounts.models import User


def can_administer_users(user: User) -> bool:
    return user.is_active and user.is_administrator


def can_deactivate(user: User, person: User) -> bool:
    """Nobody locks themselves out; the last administrator is guarded by the model."""
    return can_administer_users(user) and person.is_active and person.pk != user.pk


def can_reactivate(user: User, person: User) -> bool:
    return can_administer_users(user) and not person.is_active


def can_invite(user: User, person: User) -> bool:
    """An invitation is for those who have no password yet."""
    return can_administer_users(user) and person.is_active and not person.has_usable_password()
