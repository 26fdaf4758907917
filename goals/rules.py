"""Who may do what with goals; documents.rules says who draws up, approves and comments."""

from accounts.models import User
from documents.rules import can_draw_up
from goals.models import Indicator


def can_see_goals(user: User) -> bool:
    """Everyone who signs in sees the goals of all years."""
    return user.is_active


def can_check_in(user: User, indicator: Indicator) -> bool:
    """Who answers for the indicator or for its goal reports on it, also once it is approved."""
    return can_draw_up(user) or (
        user.is_active and user.pk in (indicator.owner_id, indicator.goal.owner_id)
    )
