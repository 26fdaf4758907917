"""Documents that a director approves, with their versions and comments, and what is revised."""

from documents.models.comment import Comment
from documents.models.document import Document, InvalidTransitionError
from documents.models.revised import Revised, saved_by
from documents.models.version import Version

__all__ = [
    "Comment",
    "Document",
    "InvalidTransitionError",
    "Revised",
    "Version",
    "saved_by",
]
