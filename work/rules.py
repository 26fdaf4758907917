"""Who may do what with tasks; views and templates ask the same questions."""

from accounts.models import Role, User
from work.models import HandOver, Task

LEADS = (Role.MARKETING_HEAD, Role.PROJECT_MANAGER)


def can_see_tasks(user: User) -> bool:
    """Everyone has tasks; which ones, `Task.objects.visible_to` says."""
    return user.is_active


def can_create_tasks(user: User) -> bool:
    return user.is_active and user.has_role(*LEADS, Role.SPECIALIST)


def can_edit_task(user: User, task: Task) -> bool:
    """Change what it says, whose it is, when it is due; a specialist those of the own role."""
    return leads_work(user) or (user.is_active and can_create_tasks(user) and is_for(user, task))


def can_tick(user: User, task: Task) -> bool:
    """Those it is for, colleagues of the same role, and who leads the work."""
    return leads_work(user) or (user.is_active and is_for(user, task))


def can_take(user: User, task: Task) -> bool:
    """Make it one's own: whoever has its role, while it is nobody's."""
    return user.is_active and task.is_open and task.assignee_id is None and task.role == user.role


def can_explain(user: User, task: Task) -> bool:
    """Say why it was late: who ticked it, or who may."""
    return can_tick(user, task) or (user.is_active and task.done_by_id == user.pk)


def is_for(user: User, task: Task) -> bool:
    return task.assignee_id == user.pk or (
        task.role == user.role and (task.assignee_id is None or user.has_role(Role.SPECIALIST))
    )


def leads_work(user: User) -> bool:
    return user.is_active and user.has_role(*LEADS)


def can_edit_templates(user: User) -> bool:
    return user.is_active and user.has_role(Role.MARKETING_HEAD)


def can_see_workload(user: User) -> bool:
    """Figures of colleagues are for those who lead; a head of unit sees the own unit's."""
    return user.is_active and not user.has_role(Role.SPECIALIST)


def can_hand_over(user: User, person: User) -> bool:
    """One's own tasks, or anybody's for those who lead; a head of unit those of the unit."""
    if not user.is_active:
        return False
    of_unit = user.has_role(Role.UNIT_HEAD) and person.unit_id == user.unit_id
    return leads_work(user) or person.pk == user.pk or of_unit


def can_take_back(user: User, hand_over: HandOver) -> bool:
    """Nothing goes back to somebody who has left, nor later what went over for good."""
    if hand_over.kept_at or not hand_over.person.is_active:
        return False
    return can_hand_over(user, hand_over.person)
