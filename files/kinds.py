"""Which kinds of files are taken in, and how one is told by its content."""

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

OFFICE = "application/vnd.openxmlformats-officedocument"
ODT = "application/vnd.oasis.opendocument.text"
_PART_LIST = "[Content_Types].xml"
_LONGEST_LIST = 1024 * 1024
_CONTROL_SIGNS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
# Other films (and pictures of phones) begin alike, and browsers do not play them.
_MP4_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"dash",
    b"M4V ",
)


@dataclass(frozen=True)
class Kind:
    """A kind of file: how it is named and sent, and how its content shows that it is one."""

    extensions: tuple[str, ...]
    content_type: str
    fits: Callable[[IO[bytes]], bool]

    @property
    def is_shown(self) -> bool:
        """Tell whether a browser may show it instead of saving it."""
        return self.content_type.startswith("image/") or self.content_type == "application/pdf"


def kind_of(content: IO[bytes]) -> Kind | None:
    """Tell what the content is, whatever its name says; None if it is nothing we take."""
    return next((kind for kind in KINDS if kind.fits(content)), None)


def _begins(*signs: bytes, at: int = 0) -> Callable[[IO[bytes]], bool]:
    def fits(content: IO[bytes]) -> bool:
        content.seek(at)
        return content.read(max(map(len, signs))).startswith(signs)

    return fits


def _is_webp(content: IO[bytes]) -> bool:
    return _begins(b"RIFF")(content) and _begins(b"WEBP", at=8)(content)


def _is_office(main_type: str) -> Callable[[IO[bytes]], bool]:
    """Look for a document without macros: those with them declare another main type."""

    def fits(content: IO[bytes]) -> bool:
        try:
            parts = fromstring(_member(content, _PART_LIST))
        except (ParseError, DefusedXmlException):
            return False
        return any(part.get("ContentType") == f"{OFFICE}.{main_type}.main+xml" for part in parts)

    return fits


def _is_odt(content: IO[bytes]) -> bool:
    return _member(content, "mimetype") == ODT.encode()


def _member(content: IO[bytes], name: str) -> bytes:
    """Read one short part of an archive; nothing where there is none."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive, archive.open(name) as part:
            return part.read(_LONGEST_LIST)
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, OSError):
        return b""


def _is_text(content: IO[bytes]) -> bool:
    content.seek(0)
    text = content.read()
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return not _CONTROL_SIGNS.search(text)


XLSX = Kind(("xlsx",), f"{OFFICE}.spreadsheetml.sheet", _is_office("spreadsheetml.sheet"))
# Of a text in another encoding only its reader can say that it is a list.
CSV = Kind(("csv", "tsv", "txt"), "text/csv", _is_text)

KINDS = (
    Kind(("pdf",), "application/pdf", _begins(b"%PDF-")),
    Kind(("png",), "image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    Kind(("jpg", "jpeg"), "image/jpeg", _begins(b"\xff\xd8\xff")),
    Kind(("gif",), "image/gif", _begins(b"GIF87a", b"GIF89a")),
    Kind(("webp",), "image/webp", _is_webp),
    Kind(("mp4",), "video/mp4", _begins(*(b"ftyp" + brand for brand in _MP4_BRANDS), at=4)),
    Kind(("docx",), f"{OFFICE}.wordprocessingml.document", _is_office("wordprocessingml.document")),
    XLSX,
    Kind(
        ("pptx",),
        f"{OFFICE}.presentationml.presentation",
        _is_office("presentationml.presentation"),
    ),
    Kind(("odt",), ODT, _is_odt),
    Kind(("txt",), "text/plain", _is_text),  # last: nearly anything short reads like text
)
EXTENSIONS = tuple(extension for kind in KINDS for extension in kind.extensions)
