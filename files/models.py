"""An uploaded file: what it is, and where its content lies."""

import secrets
from typing import Self

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.db import models
from django.utils.translation import gettext_lazy as _


def private_storage() -> Storage:
    """Return a place in MEDIA_ROOT that no address leads to and only our own processes read."""
    return FileSystemStorage(file_permissions_mode=0o600, directory_permissions_mode=0o700)


FOLDER = "files"


def random_name(_record: models.Model, _filename: str) -> str:
    return f"{FOLDER}/{secrets.token_hex(16)}"


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def unused(self) -> Self:
        """Keep what no row of any table refers to."""
        found = self
        for relation in StoredFile._meta.get_fields(include_hidden=True):
            if isinstance(relation, models.ManyToOneRel):
                users = relation.related_model._base_manager.filter(
                    **{relation.field.name: models.OuterRef("pk")}
                )
                found = found.exclude(models.Exists(users))
        return found


class StoredFile(models.Model):
    """A file as it was uploaded; made by `files.uploads.store`, never changed afterwards.

    What nothing refers to any more is removed by `files.clearing`.
    """

    name = models.CharField(_("file"), max_length=150)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("uploaded by"),
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("uploaded"))
    file = models.FileField(storage=private_storage, upload_to=random_name)
    unused_since = models.DateTimeField(null=True, editable=False)
    """When it was first seen that nothing refers to it; None while something does."""

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")
