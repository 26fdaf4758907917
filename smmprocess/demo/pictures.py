"""Pictures and papers that lie beside this module, handed in as a browser hands in a file."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

FOLDER = Path(__file__).parent / "files"


def upload(name: str, shown_as: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(shown_as or name, (FOLDER / name).read_bytes())
