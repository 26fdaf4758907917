"""What is taken in as a file, under which name, and how it is given out."""

import hashlib
import io
import stat
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils.translation import override

from files.forms import UploadField
from files.http import send
from files.kinds import KINDS
from files.models import StoredFile
from files.uploads import UploadRefusedError, check, safe_name, store
from tests.factories import make_user, riga

NOW = riga(2026, 3, 2, 10)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
OFFICE = "application/vnd.openxmlformats-officedocument"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def archive(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        for name, text in members.items():
            written.writestr({"types": "[Content_Types].xml"}.get(name, name), text)
    return content.getvalue()


def office(content_type):
    return archive(
        types='<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/main.xml" ContentType="{content_type}"/></Types>'
    )


TAKEN = [
    ("pdf", b"%PDF-1.7 ..."),
    ("png", PNG),
    ("jpg", b"\xff\xd8\xff\xe0 ..."),
    ("gif", b"GIF89a ..."),
    ("webp", b"RIFF\x00\x00\x00\x00WEBPVP8 "),
    ("mp4", b"\x00\x00\x00\x18ftypisom ..."),
    ("docx", office(f"{OFFICE}.wordprocessingml.document.main+xml")),
    ("xlsx", office(f"{OFFICE}.spreadsheetml.sheet.main+xml")),
    ("pptx", office(f"{OFFICE}.presentationml.presentation.main+xml")),
    ("odt", archive(mimetype="application/vnd.oasis.opendocument.text")),
    ("txt", "Mērķi 2026. gadam\n".encode()),
]
REFUSED = {
    "a program": b"MZ\x90\x00\x03",
    "a picture that is a program": b'\x00<svg onload="x">',
    "a film of another kind": b"\x00\x00\x00\x18ftypqt  ...",
    "a sound of the same family as webp": b"RIFF\x00\x00\x00\x00WAVEfmt ",
    "a document with macros": office("application/vnd.ms-word.document.macroEnabled.main+xml"),
    "an archive": archive(readme="text"),
    "a broken archive": office(f"{OFFICE}.spreadsheetml.sheet.main+xml")[:40],
    "an archive with an XML bomb": archive(
        types='<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><Types>&b;</Types>'
    ),
}


def upload(content, name="file.bin"):
    return SimpleUploadedFile(name, content)


def kind(extension):
    return next(each for each in KINDS if extension in each.extensions)


@pytest.mark.parametrize(("extension", "content"), TAKEN, ids=[name for name, _ in TAKEN])
def test_the_kind_is_told_by_the_content_whatever_the_name(extension, content):
    assert extension in check(upload(content, "holiday.exe")).extensions


def test_there_is_an_example_of_every_kind():
    assert {extension for extension, _content in TAKEN} == {each.extensions[0] for each in KINDS}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_what_is_of_no_kind_we_take_is_refused(content):
    with pytest.raises(UploadRefusedError, match="pdf, png"):
        check(upload(content, "innocent.pdf"))


def test_an_empty_file_is_refused():
    with pytest.raises(UploadRefusedError):
        check(upload(b""))


def test_a_file_may_be_as_big_as_the_setting_says_and_no_bigger(settings):
    settings.FILE_MAX_MB = 1
    mebibyte = 1024 * 1024

    assert check(upload(b"a" * mebibyte)).extensions == ("txt",)
    with pytest.raises(UploadRefusedError, match="1"):
        check(upload(b"a" * (mebibyte + 1)))


@pytest.mark.parametrize(
    ("given", "extension", "made"),
    [
        ("Stratēģija 2026.pdf", "pdf", "Stratēģija 2026.pdf"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("C:\\Users\\anna\\plāns.DOCX", "docx", "plāns.docx"),
        ("foto.jpeg", "jpg", "foto.jpeg"),
        ("page.html", "txt", "page.html.txt"),
        ("invoice.pdf", "png", "invoice.png"),
        ("a\r\nSet-Cookie: x.png", "png", "a Set-Cookie x.png"),
        ("gpj\u202e.fdp.pdf", "pdf", "gpj .fdp.pdf"),
        ("...", "pdf", "file.pdf"),
        ("x" * 300 + ".pdf", "pdf", "x" * 100 + ".pdf"),
    ],
)
def test_names_are_made_safe(given, extension, made):
    with override("en"):
        assert safe_name(given, kind(extension)) == made


@pytest.mark.django_db
def test_a_stored_file_has_a_place_that_its_name_does_not_tell(media):
    stored = store(upload(PNG, "baneris.png"), by=make_user(full_name="Anna"), at=NOW)

    place = Path(stored.file.path)
    assert (stored.name, stored.content_type, stored.size) == ("baneris.png", "image/png", 28)
    assert stored.sha256 == hashlib.sha256(PNG).hexdigest()
    assert (stored.uploaded_by.full_name, stored.uploaded_at) == ("Anna", NOW)
    assert place.parent == media / "files"
    assert "baneris" not in place.name
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert place.read_bytes() == PNG


@pytest.mark.django_db
def test_what_is_refused_leaves_no_row_and_no_file(media):
    with pytest.raises(UploadRefusedError):
        store(upload(b"MZ\x00"), by=make_user(), at=NOW)

    assert StoredFile.objects.count() == 0
    assert list(media.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("extension", "disposition"),
    [("png", "inline"), ("pdf", "inline"), ("docx", "attachment"), ("txt", "attachment")],
)
def test_only_pictures_and_pdf_are_shown_the_rest_is_saved(extension, disposition):
    stored = store(upload(dict(TAKEN)[extension], f"a.{extension}"), by=make_user(), at=NOW)

    response = send(stored, inline=True)

    assert response["Content-Disposition"] == f'{disposition}; filename="a.{extension}"'
    assert response["Content-Type"] == stored.content_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    assert b"".join(response.streaming_content) == dict(TAKEN)[extension]
    response.close()


@pytest.mark.django_db
def test_a_picture_runs_nothing():
    stored = store(upload(PNG), by=make_user(), at=NOW)

    response = send(stored)

    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    response.close()


@pytest.mark.django_db
def test_a_file_whose_content_is_gone_is_not_found_and_logged(caplog):
    stored = store(upload(PNG), by=make_user(), at=NOW)
    Path(stored.file.path).unlink()

    with pytest.raises(Http404):
        send(stored)

    assert f"stored file {stored.pk}" in caplog.text


def test_the_form_field_says_what_is_wrong():
    field = UploadField()

    assert field.clean(upload(PNG)).name == "file.bin"
    with override("en"):
        with pytest.raises(ValidationError, match="none of the kinds"):
            field.clean(upload(b"MZ\x00"))
        with pytest.raises(ValidationError, match="The file is empty"):
            field.clean(upload(b""))
