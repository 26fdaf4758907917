"""Who may take which step with a document; views and templates ask the same questions."""

from accounts.models import Role, User
from documents.models import Document


def can_draw_up(user: User) -> bool:
    """Goals and plans are drawn up by the marketing head."""
    return user.is_active and user.has_role(Role.MARKETING_HEAD)


def can_edit(user: User, document: Document) -> bool:
    """What waits for approval or is approved is locked."""
    return can_draw_up(user) and document.is_open


def can_submit(user: User, document: Document) -> bool:
    return can_edit(user, document)


def can_withdraw(user: User, document: Document) -> bool:
    return can_draw_up(user) and document.status == Document.Status.SUBMITTED


def can_decide(user: User, document: Document) -> bool:
    """The director approves or returns, but not what she submitted herself."""
    return (
        user.is_active
        and user.has_role(Role.DIRECTOR)
        and document.status == Document.Status.SUBMITTED
        and document.submitted_by_id != user.pk
    )


def can_reopen(user: User, document: Document) -> bool:
    return can_draw_up(user) and document.is_approved


def can_comment(user: User, document: Document) -> bool:
    """Whoever sees a document may say something about it."""
    return user.is_active
