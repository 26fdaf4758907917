"""Who may do what with results; views and templates ask the same questions."""

from accounts.models import Role, User
from results.evaluations import MANAGED_BY, State
from results.models import Evaluation, Review
from results.models.review import CONFIRMING


def can_see_results(user: User) -> bool:
    """The director and the marketing head see the results of an intake; others what is theirs."""
    return user.is_active and user.has_role(*CONFIRMING)


def can_see_own_results(user: User) -> bool:
    """Everybody sees what of an intake's results is theirs."""
    return user.is_active


def can_prepare_review(user: User) -> bool:
    """The marketing head freezes the figures and says what the process leaves to be typed."""
    return user.is_active and user.has_role(Role.MARKETING_HEAD)


def can_write_review(user: User, review: Review) -> bool:
    """Both write notes and decisions, until one of them has confirmed."""
    return can_see_results(user) and not review.is_closed and not review.confirmations


def can_freeze(user: User, review: Review) -> bool:
    return can_prepare_review(user) and can_write_review(user, review)


def can_confirm(user: User, review: Review) -> bool:
    return (
        can_see_results(user)
        and not review.is_closed
        and review.snapshot is not None
        and user.role not in review.confirmations
    )


def can_take_back(user: User, review: Review) -> bool:
    own = review.confirmations.get(user.role)
    return not review.is_closed and own is not None and own.by_id == user.pk


def can_reopen(user: User, review: Review) -> bool:
    """The director opens a closed intake again, and says why."""
    return user.is_active and user.has_role(Role.DIRECTOR) and review.is_closed


def manages_somebody(user: User) -> bool:
    """The director evaluates the marketing head, who evaluates the others of marketing."""
    return user.is_active and Role(user.role) in MANAGED_BY


def can_see_evaluations(user: User) -> bool:
    """Everybody has the list; it holds only what the person may see."""
    return user.is_active


def can_plan_evaluation(user: User, evaluation: Evaluation) -> bool:
    """Both agree on what is to be achieved."""
    return evaluation.state == State.PLANNING and user.pk in _both(evaluation)


def can_assess_self(user: User, evaluation: Evaluation) -> bool:
    return evaluation.state == State.SELF and user.pk == evaluation.employee_id


def can_assess(user: User, evaluation: Evaluation) -> bool:
    return evaluation.state == State.ASSESSMENT and user.pk == evaluation.manager_id


def can_write_evaluation(user: User, evaluation: Evaluation) -> bool:
    """At each state others write, and other parts of it."""
    return (
        can_plan_evaluation(user, evaluation)
        or can_assess_self(user, evaluation)
        or can_assess(user, evaluation)
    )


def can_go_on(user: User, evaluation: Evaluation) -> bool:
    """The plan is settled by the manager, each assessment by whose it is."""
    if evaluation.state == State.PLANNING:
        return user.pk == evaluation.manager_id
    return can_assess_self(user, evaluation) or can_assess(user, evaluation)


def can_sign(user: User, evaluation: Evaluation) -> bool:
    signed = {
        evaluation.employee_id: evaluation.employee_signed_at,
        evaluation.manager_id: evaluation.manager_signed_at,
    }
    return evaluation.state == State.SIGNING and user.pk in signed and signed[user.pk] is None


def can_send_back(user: User, evaluation: Evaluation) -> bool:
    """The manager opens a form again, with a reason."""
    return evaluation.state != State.PLANNING and user.pk == evaluation.manager_id


def can_hand_over(user: User, evaluation: Evaluation) -> bool:
    """The director names another manager, such as when the one there was has left."""
    return user.is_active and user.has_role(Role.DIRECTOR) and evaluation.state != State.SIGNED


def _both(evaluation: Evaluation) -> tuple[int, int]:
    return evaluation.employee_id, evaluation.manager_id
