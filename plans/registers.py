"""Taking an audience, a channel or a key message out of an intake."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext

from documents.models import Document
from plans.models import Audience, Channel, KeyMessage


class StillUsedError(Exception):
    """Something would lose what it belongs to; the text says what."""


@transaction.atomic
def take_out(record: Audience | Channel | KeyMessage, document: Document) -> None:
    """Delete it with its cells of the grid, while the communication plan may be changed."""
    document.hold_open()
    try:
        record.delete()
    except ProtectedError:
        sentence = gettext("“%(name)s” stays: there are advertisements on it.")
        raise StillUsedError(sentence % {"name": record}) from None
