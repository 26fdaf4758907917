"""An uploaded file: what it is, and where its content lies."""

import secrets

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.db import models
from django.utils.translation import gettext_lazy as _


def private_storage() -> Storage:
    """Return a place in MEDIA_ROOT that no address leads to and only our own processes read."""
    return FileSystemStorage(file_permissions_mode=0o600, directory_permissions_mode=0o700)


def random_name(_record: models.Model, _filename: str) -> str:
    return f"files/{secrets.token_hex(16)}"


class StoredFile(models.Model):
    """A file as it was uploaded; made by `files.uploads.store`, never changed afterwards."""

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

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")
