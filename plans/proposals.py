"""Deciding about what a unit proposes, and telling whoever proposed it."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext

from accounts.models import User
from documents.editing import open_for_change
from outbox import queue
from outbox.models import Purpose
from outbox.staff_letters import letters
from plans.models import Activity

OF_USE = timedelta(days=7)
"""Whoever could not be written to for so long has seen it on the home page."""


def accept(proposal: Activity, *, by: User, at: datetime, word: str) -> None:
    """Take a proposal into its plan, unless that is locked meanwhile."""
    with open_for_change(proposal.intake.activity_plan.document):
        proposal.accept(by=by, at=at, word=word)
        _tell(proposal, by, at)


def decline(proposal: Activity, *, by: User, at: datetime, word: str) -> None:
    """Keep a proposal out of its plan, unless that is locked meanwhile."""
    with open_for_change(proposal.intake.activity_plan.document):
        proposal.decline(by=by, at=at, word=word)
        _tell(proposal, by, at)


def _tell(proposal: Activity, by: User, at: datetime) -> None:
    proposer = proposal.proposed_by
    if proposer is None or not proposer.is_active or proposer == by:
        return
    drafts = letters([proposer], partial(_text, proposal, by), due_at=at, expires_at=at + OF_USE)
    title = f"{proposal} · {proposal.get_state_display()}"
    queue.queue_to_users(title, drafts, purpose=Purpose.SERVICE)


def _text(proposal: Activity, by: User) -> tuple[str, str]:
    name = proposal.name(get_language() or "")
    values = {"person": by, "activity": name, "intake": proposal.intake}
    if proposal.state == Activity.State.DECLINED:
        subject = gettext("Not in the plan: %(activity)s")
        told = gettext("%(person)s has declined what you proposed for %(intake)s: %(activity)s.")
    else:
        subject = gettext("In the plan: %(activity)s")
        told = gettext(
            "%(person)s has taken what you proposed for %(intake)s into the plan: %(activity)s."
        )
    link = settings.SITE_URL + reverse("plans:activity_detail", args=[proposal.pk])
    return subject % values, "\n\n".join([told % values, proposal.reason, link])
