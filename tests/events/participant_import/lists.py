"""Lists of participants, as people send them, and what they do with them on the pages."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events import participant_import as importing
from events import participant_list
from events.import_plan import Wishes
from tests.factories import START

NOW = START - timedelta(days=3)
HEADER = ("Vārds", "Uzvārds", "E-pasts", "Tālrunis", "Piekrītu saņemt piedāvājumus")
ANNA = ("Anna", "Ozola", "anna@example.org", "29111111", "jā")
JANIS = ("Jānis", "Bērziņš", "janis@example.org", "29222222", "nē")


def xlsx(*rows):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    output = io.BytesIO()
    workbook.save(output)
    output.seek(0)
    return output


def import_rows(event, *rows, now=NOW, header=HEADER, filename="list.xlsx", **wishes):
    found = participant_list.read(xlsx(header, *rows), filename=filename)
    return importing.import_list(
        event, found, importing.list_origin(filename), Wishes(**wishes), now
    )


def told(plan):
    return [(line.row, str(line.fate), line.reason) for line in plan.lines]


def stored_files(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def upload(client, event, content, name="list.xlsx", language="lv"):
    if not isinstance(content, bytes):
        content = content.read()
    return client.post(
        reverse("events:participant_import", args=[event.pk]),
        {"file": SimpleUploadedFile(name, content), "people_language": language},
    )


def page_of(record):
    return reverse("events:participant_import_detail", args=[record.event_id, record.pk])


def confirm(client, record, **ticks):
    address = reverse("events:participant_import_confirm", args=[record.event_id, record.pk])
    return client.post(address, ticks)


def zip_bomb():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return output.getvalue()


ENCRYPTED = bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le")
ABUSES = [
    pytest.param(lambda: b"%PDF-1.7 hello", "This is not a spreadsheet.", id="pdf"),
    pytest.param(lambda: b"\x00\x01\x02\x03" * 20, "NUL bytes", id="binary"),
    pytest.param(lambda: ENCRYPTED, "protected by a password", id="encrypted"),
    pytest.param(lambda: b"a;b\n" * 3_000_000, "larger than 10", id="too large"),
    pytest.param(zip_bomb, "unpacks to", id="zip bomb"),
    pytest.param(lambda: b"PK\x03\x04broken", "damaged", id="broken"),
    pytest.param(lambda: b"Datums;Vieta\n1;2\n", "No header was found", id="no header"),
]
