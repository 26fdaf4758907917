"""Removing what people uploaded and nothing refers to any more, a month later."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from files.models import FOLDER, StoredFile, private_storage

KEPT = timedelta(days=30)
"""So long somebody who replaced a file by mistake can still be given it back."""


def clear(now: datetime) -> int:
    """Note what has become unused, and remove what has been for long; return how many files."""
    unused = StoredFile.objects.unused()
    noted = StoredFile.objects.filter(unused_since__isnull=False)
    noted.exclude(pk__in=unused.values("pk")).update(unused_since=None)
    unused.filter(unused_since=None).update(unused_since=now)
    long_since = unused.filter(unused_since__lte=now - KEPT).values_list("pk", flat=True)
    return sum(_remove(pk) for pk in long_since) + _remove_contents_without_row(now)


@transaction.atomic
def _remove(pk: int) -> bool:
    """Remove a file, unless something refers to it after all.

    A new upload is never unused for so long. Should somebody take up an old file in this very
    moment, the database lets one of the two through: no reference is left without its file.
    """
    stored = StoredFile.objects.select_for_update().filter(pk=pk).first()
    if stored is None or not StoredFile.objects.unused().filter(pk=pk).exists():
        return False
    name = str(stored.file.name)
    stored.delete()
    # Only once the row is gone for good: a row without its content would be worse than the reverse.
    transaction.on_commit(partial(private_storage().delete, name))
    return True


def _remove_contents_without_row(now: datetime) -> int:
    """Remove what an upload that was not saved in the end, or a broken-off removal, has left."""
    left = contents_until(now - KEPT, FOLDER) - set(
        StoredFile.objects.values_list("file", flat=True)
    )
    return remove_contents(left)


def contents_until(moment: datetime, folder: str) -> set[str]:
    """Name the private contents of a folder that were last written by then."""
    storage = private_storage()
    if not storage.exists(folder):
        return set()
    names = {f"{folder}/{name}" for name in storage.listdir(folder)[1]}
    return {name for name in names if storage.get_modified_time(name) <= moment}


def remove_contents(names: Collection[str]) -> int:
    """Remove private contents; return how many."""
    storage = private_storage()
    for name in names:
        storage.delete(name)
    return len(names)
