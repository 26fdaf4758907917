"""Materials of an event: a new one, a new version of one there is, and deciding about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from events import material_letters
from events.models import Material, MaterialVersion
from files.models import StoredFile
from files.uploads import store


@dataclass(frozen=True)
class Content:
    """What a version consists of: a file, words, or both."""

    upload: UploadedFile | None
    text: str


@transaction.atomic
def add(material: Material, content: Content, *, by: User, at: datetime) -> MaterialVersion:
    """Store a new material with its first version."""
    material.created_by, material.created_at = by, at
    material.save()
    return add_version(material, content, by=by, at=at)


@transaction.atomic
def update(material: Material, changed: Collection[str], *, by: User, at: datetime) -> None:
    """Save what a material is called; other words for what is seen wait for approval again.

    They are a version with the same content, so that who approved which words stays.
    """
    material.save(update_fields=changed)
    latest = material.versions.order_by("-number").first()
    if "alt_text" in changed and latest is not None and not latest.waits:
        _add(material, latest.file, latest.text, by=by, at=at)


@transaction.atomic
def add_version(material: Material, content: Content, *, by: User, at: datetime) -> MaterialVersion:
    """Store the next version; it waits for approval, whatever was decided about those before."""
    file = store(content.upload, by=by, at=at) if content.upload else None
    return _add(material, file, content.text, by=by, at=at)


def _add(
    material: Material, file: StoredFile | None, text: str, *, by: User, at: datetime
) -> MaterialVersion:
    Material.objects.select_for_update().get(pk=material.pk)
    latest = material.versions.aggregate(latest=Max("number"))["latest"] or 0
    version = MaterialVersion.objects.create(
        material=material, number=latest + 1, file=file, text=text, made_at=at, made_by=by
    )
    material_letters.ask_for_approval(version, by=by, at=at)
    return version


@transaction.atomic
def approve(version: MaterialVersion, *, by: User, at: datetime) -> None:
    version.approve(by=by, at=at)
    material_letters.tell_decision(version, by=by, at=at)


@transaction.atomic
def send_back(version: MaterialVersion, *, by: User, at: datetime, comment: str) -> None:
    version.send_back(by=by, at=at, comment=comment)
    material_letters.tell_decision(version, by=by, at=at)
