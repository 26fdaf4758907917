"""E-mails to members of staff, each in the own language."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.utils.translation import override

from accounts.models import User
from outbox.models import Message
from people.models import Medium

Text = Callable[[], tuple[str, str]]
"""Gives subject and body in the language that is active."""


def letters(
    users: Iterable[User], text: Text, *, due_at: datetime, expires_at: datetime
) -> list[Message]:
    return [letter(user, text, due_at=due_at, expires_at=expires_at) for user in users]


def letter(user: User, text: Text, *, due_at: datetime, expires_at: datetime) -> Message:
    with override(user.language):
        subject, body = text()
    return Message(
        user=user,
        medium=Medium.EMAIL,
        channel=settings.STAFF_CHANNEL,
        language=user.language,
        address=user.email,
        subject=subject,
        body=body,
        due_at=due_at,
        not_before=due_at,
        expires_at=expires_at,
    )
