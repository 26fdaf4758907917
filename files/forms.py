"""The form field through which files come in."""

from typing import Any

from django import forms
from django.core.files import File

from files.kinds import EXTENSIONS
from files.uploads import UploadRefusedError, check


class UploadField(forms.FileField):
    """A file of a kind and size that is taken; `files.uploads.store` keeps it afterwards."""

    def __init__(self, **kwargs: Any) -> None:
        accept = ",".join(f".{extension}" for extension in EXTENSIONS)
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": accept}))
        super().__init__(allow_empty_file=True, **kwargs)

    def to_python(self, data: File | None) -> File | None:
        upload = super().to_python(data)
        if upload is not None:
            try:
                check(upload)
            except UploadRefusedError as refusal:
                raise forms.ValidationError(str(refusal), code="refused") from None
        return upload
