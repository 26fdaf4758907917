"""Taking out what the plans are made of; what a locked plan names stays as long as it is locked."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import get_language, gettext

from documents.models import Document
from goals.models import Goal, StillNeededError
from plans.models import Activity, Audience, Channel, KeyMessage


class StillUsedError(Exception):
    """Something would lose what it belongs to; the text says what."""


@transaction.atomic
def take_out(record: Audience | Channel | KeyMessage, document: Document) -> None:
    """Delete it with its cells of the grid, while the communication plan may be changed."""
    document.hold_open()
    if not isinstance(record, KeyMessage):
        naming = record.activities.in_plan()
        if sentence := _named_by_locked(naming):
            raise StillUsedError(sentence)
    try:
        record.delete()
    except ProtectedError:
        sentence = gettext("“%(name)s” stays: there are advertisements on it.")
        raise StillUsedError(sentence % {"name": record}) from None


def keep_served(goal: Goal, **_signal: Any) -> None:
    """Refuse that a goal is taken out which activities of a locked plan serve."""
    if sentence := _named_by_locked(Activity.objects.in_plan().filter(goals=goal)):
        raise StillNeededError(sentence)


def _named_by_locked(named: "QuerySet[Activity]") -> str:
    """Say which activities of locked plans name it; "" if none does, or will before the commit."""
    documents = Document.objects.select_for_update().filter(
        activity_plan__intake__in=named.values("intake")
    )
    locked = [document.pk for document in documents if not document.is_open]
    held = named.filter(intake__activity_plan__document__in=locked)
    language = get_language() or ""
    names = ", ".join(f"“{activity.name(language)}”" for activity in held)
    sentence = gettext("This stays: activities of a locked plan name it: %(activities)s.")
    return sentence % {"activities": names} if names else ""
