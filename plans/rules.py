"""Who may do what with plans; views and templates ask the same questions.

The marketing head draws plans up, the director approves them, everybody sees them. Heads of unit
propose activities of their unit. What waits for approval or is approved is locked: only what
happens while a plan is carried out can still be written down.
"""

from accounts.models import Role, User
from documents.models import Document
from documents.rules import can_draw_up, can_edit
from plans.models import Activity, Intake

PUBLISHERS = (Role.MARKETING_HEAD, Role.PROJECT_MANAGER, Role.SPECIALIST)


def can_see_plans(user: User) -> bool:
    return user.is_active


def can_manage_plans(user: User) -> bool:
    """Intakes, their targets, audiences and channels are the marketing head's."""
    return can_draw_up(user)


def can_edit_activities(user: User, intake: Intake) -> bool:
    return can_edit(user, intake.activity_plan.document)


def can_edit_communication(user: User, intake: Intake) -> bool:
    return can_edit(user, intake.communication_plan.document)


def can_propose(user: User) -> bool:
    return user.is_active and user.has_role(Role.UNIT_HEAD)


def can_edit_activity(user: User, activity: Activity, document: Document) -> bool:
    """A proposal is its unit's until it is decided about; the rest is the plan's."""
    if activity.state == Activity.State.PROPOSED and can_propose(user):
        return activity.unit_id is not None and activity.unit_id == user.unit_id
    return activity.state in (
        Activity.State.PROPOSED,
        Activity.State.PLANNED,
    ) and can_edit(user, document)


def can_decide(user: User, activity: Activity, document: Document) -> bool:
    """Accepting a proposal changes the plan, so the plan has to be open."""
    return activity.state == Activity.State.PROPOSED and can_edit(user, document)


def can_carry_out(user: User, activity: Activity) -> bool:
    """What was spent, that it is done or cancelled: written down also in an approved plan."""
    return can_draw_up(user) and activity.is_in_plan


def can_take_up(user: User, activity: Activity) -> bool:
    return can_draw_up(user) and activity.state in (
        Activity.State.DONE,
        Activity.State.CANCELLED,
    )


def can_publish(user: User, activity: Activity) -> bool:
    return user.is_active and user.has_role(*PUBLISHERS) and activity.is_in_plan


def can_comment(user: User, activity: Activity) -> bool:
    """Heads of unit speak about the activities of their unit, others about all."""
    if user.has_role(Role.UNIT_HEAD):
        return user.is_active and activity.unit_id is not None and activity.unit_id == user.unit_id
    return user.is_active
