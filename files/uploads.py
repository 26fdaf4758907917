"""Taking in what people upload: its size, its kind by content, a safe name, then the row."""

import hashlib
import re
import unicodedata
from datetime import datetime
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

from accounts.models import User
from files.kinds import EXTENSIONS, Kind, kind_of
from files.models import StoredFile

_LONGEST_STEM = 100
# Marks that would turn a name around on the screen are of these categories too.
_UNSEEN = ("C", "Z")


class UploadRefusedError(Exception):
    """The file is not taken in; the text says why, for the person."""


def check(upload: File) -> Kind:
    """Tell what kind of file it is; refuse what is empty, too big or of no kind we take."""
    if not upload.size:
        raise UploadRefusedError(gettext("The file is empty."))
    if upload.size > settings.FILE_MAX_MB * 1024 * 1024:
        sentence = gettext("The file is too big: at most %(limit)s MB are taken.")
        raise UploadRefusedError(sentence % {"limit": settings.FILE_MAX_MB})
    assert upload.file is not None
    kind = kind_of(upload.file)
    if kind is None:
        sentence = gettext("The file is none of the kinds that are taken: %(kinds)s.")
        raise UploadRefusedError(sentence % {"kinds": ", ".join(EXTENSIONS)})
    return kind


def store(upload: UploadedFile, *, by: User, at: datetime) -> StoredFile:
    """Keep an upload, after looking at it."""
    return keep(upload, check(upload), by=by, at=at)


def keep(upload: UploadedFile, kind: Kind, *, by: User, at: datetime) -> StoredFile:
    """Keep an upload that the caller has looked at."""
    digest, size = hashlib.sha256(), 0
    for chunk in upload.chunks():
        digest.update(chunk)
        size += len(chunk)
    upload.seek(0)
    return StoredFile.objects.create(
        name=safe_name(upload.name or "", kind),
        content_type=kind.content_type,
        size=size,
        sha256=digest.hexdigest(),
        uploaded_by=by,
        uploaded_at=at,
        file=upload,
    )


def safe_name(name: str, kind: Kind) -> str:
    """Make a name that every system takes, with the extension that the content says."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    stem, dot, extension = last.rpartition(".")
    if not dot or extension.lower() not in (*EXTENSIONS, *kind.extensions):
        stem, extension = last, ""
    shown = "".join(
        " " if unicodedata.category(sign).startswith(_UNSEEN) else sign for sign in stem
    )
    stem = re.sub(r'[<>:"/\\|?*\s]+', " ", shown).strip(" .")[:_LONGEST_STEM].rstrip(" .")
    if extension.lower() not in kind.extensions:
        extension = kind.extensions[0]
    return f"{stem or gettext('file')}.{extension.lower()}"
