"""A list that was uploaded is opened again when its import goes on."""

import pytest
from django.core.files.base import ContentFile
from django.utils.translation import override

from files import list_files
from files.models import StoredFile


def test_an_uploaded_list_is_opened_as_it_was_sent(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    stored = StoredFile()
    stored.file.save("list.csv", ContentFile(b"Vards;Uzvards"), save=False)

    with list_files.uploaded(stored.file) as content:
        assert content.read() == b"Vards;Uzvards"


def test_an_uploaded_list_that_was_removed_meanwhile_is_to_be_uploaded_again(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    gone = StoredFile(file="files/gone")

    with (
        override("en"),
        pytest.raises(list_files.ListError, match="not there any more"),
        list_files.uploaded(gone.file),
    ):
        pass
