"""Who may do what with the figures of step 6; views and templates ask the same questions."""

from accounts.models import Role, User
from kpi.models import Note


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


def can_see_everybody(user: User) -> bool:
    """What somebody's figures are is for the person, the marketing head and the director."""
    return user.is_active and user.has_role(Role.DIRECTOR, Role.MARKETING_HEAD)


def can_see_figures_of(user: User, person: User) -> bool:
    return user.is_active and (user.pk == person.pk or can_see_everybody(user))


def can_remove_note(user: User, note: Note) -> bool:
    """Who wrote it may take it out again; the marketing head any."""
    return can_enter(user) and (user.pk == note.by_id or can_manage_series(user))


def can_see_lists(user: User) -> bool:
    """A list may hold more than its figures: it is for who imports, and for the director."""
    return can_enter(user) or (user.is_active and user.has_role(Role.DIRECTOR))
