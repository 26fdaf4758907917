"""Who may do what with events; views and templates ask the same questions."""

from accounts.models import Role, User
from events.models import Event

MANAGERS = (Role.MARKETING_HEAD, Role.PROJECT_MANAGER, Role.SPECIALIST)


def can_see_events(user: User) -> bool:
    """Everyone who signs in sees the events and their totals."""
    return user.is_active


def can_manage_events(user: User) -> bool:
    return user.is_active and user.has_role(*MANAGERS)


def can_see_board(user: User, event: Event) -> bool:
    """Heads of unit see the preparation of their unit's activities, and of what they moderate."""
    if not user.is_active or not user.has_role(Role.UNIT_HEAD):
        return user.is_active
    is_of_unit = event.activity is not None and event.activity.unit_id == user.unit_id
    return is_of_unit or event.moderator_id == user.pk


def can_prepare_events(user: User) -> bool:
    """Who carries the plan out writes down how far an event's preparation is."""
    return user.is_active and user.has_role(*MANAGERS)


def can_approve_materials(user: User) -> bool:
    return user.is_active and user.has_role(Role.MARKETING_HEAD)


def can_see_people(user: User) -> bool:
    """Names and addresses are not for heads of unit, who see totals."""
    return user.is_active and not user.has_role(Role.UNIT_HEAD)


def can_run_room(user: User, event: Event) -> bool:
    """The moderator opens the room and decides on the messages held, whatever the role."""
    return can_manage_events(user) or (user.is_active and event.moderator_id == user.pk)


def can_edit_rules(user: User) -> bool:
    """Reminder rules, their words and offers are the marketing head's."""
    return user.is_active and user.has_role(Role.MARKETING_HEAD)
