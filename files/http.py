"""Giving a file out, after the view has asked whether the person may have it."""

import logging

from django.http import FileResponse, Http404

from files.kinds import KINDS
from files.models import StoredFile

logger = logging.getLogger(__name__)

_SHOWN = frozenset(kind.content_type for kind in KINDS if kind.is_shown)


def send(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """Answer with a file; only pictures and PDF are ever shown in the browser."""
    try:
        content = stored.file.open("rb")
    except FileNotFoundError:
        logger.error("The content of the stored file %s is not there.", stored.pk)
        raise Http404 from None
    response = FileResponse(
        content,
        as_attachment=not (inline and stored.content_type in _SHOWN),
        filename=stored.name,
        content_type=stored.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    if stored.is_picture:
        # Whatever hides in a picture runs nowhere. (The PDF viewer does not open in a sandbox.)
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
