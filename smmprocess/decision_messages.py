"""Messages about documents.

The director is asked to decide, and told when what is approved is opened for a change; the author
is told the decision.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext

from accounts.models import Role, User
from documents.models import Document
from outbox import queue
from outbox.models import Purpose
from outbox.staff_letters import Text, letters
from plans.local_time import local_day
from smmprocess.papers import paper_of

OF_USE = timedelta(days=7)
"""Whoever could not be written to for so long has seen it on the home page."""


def ask_directors(document: Document, by: User, at: datetime, **_signal: Any) -> None:
    """Write to the directors that something waits for their approval."""
    _write(_directors_but(by), partial(_asking, document, by), document, at)


def tell_directors(document: Document, by: User, at: datetime, **_signal: Any) -> None:
    """Write to the directors that what they approved is opened for a change, and why."""
    _write(_directors_but(by), partial(_reopening, document, by, at), document, at)


def _directors_but(user: User) -> list[User]:
    directors = User.objects.active().filter(role=Role.DIRECTOR).exclude(pk=user.pk)
    return list(directors.order_by("pk"))


def tell_author(document: Document, by: User, at: datetime, **_signal: Any) -> None:
    """Write to whoever submitted the document what was decided."""
    author = document.submitted_by
    if author is not None and author.is_active:
        _write([author], partial(_telling, document, by, at), document, at)


def _write(users: list[User], text: Text, document: Document, at: datetime) -> None:
    """Queue letters, within the transaction of the step they tell of."""
    paper = paper_of(document)
    if not users or paper is None:
        return
    drafts = letters(users, text, due_at=at, expires_at=at + OF_USE)
    title = f"{paper.name} · {document.get_status_display()}"
    queue.queue_to_users(title, drafts, purpose=Purpose.SERVICE)


def _asking(document: Document, by: User) -> tuple[str, str]:
    name, link = _named(document)
    subject = gettext("Waiting for your approval: %(document)s") % {"document": name}
    body = gettext(
        "%(person)s has submitted this for approval: %(document)s.\n\n"
        "Approve it, or return it with a comment:\n%(link)s"
    )
    return subject, body % {"person": by, "document": name, "link": link}


def _telling(document: Document, by: User, at: datetime) -> tuple[str, str]:
    name, link = _named(document)
    if document.is_approved:
        subject = gettext("Approved: %(document)s")
        sentence = gettext("%(person)s has approved this on %(day)s: %(document)s.")
    else:
        subject = gettext("Returned for changes: %(document)s")
        sentence = gettext("%(person)s has returned this for changes on %(day)s: %(document)s.")
    day = date_format(local_day(at), "SHORT_DATE_FORMAT")
    parts = [sentence % {"person": by, "day": day, "document": name}, document.decision, link]
    return subject % {"document": name}, "\n\n".join(part for part in parts if part)


def _reopening(document: Document, by: User, at: datetime) -> tuple[str, str]:
    name, link = _named(document)
    subject = gettext("Opened for a change: %(document)s") % {"document": name}
    sentence = gettext(
        "%(person)s has opened this for a change on %(day)s: %(document)s.\n\n"
        "What you approved stays among the versions; the changed one comes to you for approval."
    )
    day = date_format(local_day(at), "SHORT_DATE_FORMAT")
    told = sentence % {"person": by, "day": day, "document": name}
    return subject, "\n\n".join([told, document.reason, link])


def _named(document: Document) -> tuple[str, str]:
    """Give name and link of a document; there is an owner."""
    paper = paper_of(document)
    assert paper is not None
    return paper.name, settings.SITE_URL + paper.url
