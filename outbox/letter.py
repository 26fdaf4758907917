"""E-mails put together quickly.

Python's generator works out anew how to encode and fold every header of every letter, which takes
several times as long as sending it. Here that is done once for what many letters share, such as
the subject, and the parts are written down as they are.
"""

import re
import time
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterator
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from django.core.mail import EmailMultiAlternatives, SafeMIMEText
from django.core.mail.message import sanitize_address

EOL = b"\r\n"
PLAIN = re.compile(r"[\w.+-]+@[a-z0-9.-]+", re.ASCII)
"""An address that stands in a header as it is."""


class Letter(EmailMultiAlternatives):
    """An e-mail of a text, its HTML form and perhaps an attachment, to one person."""

    def message(self, **_options: Any) -> Any:
        return self

    def as_bytes(self, linesep: str = "\n") -> bytes:
        written = self._written()
        return written if linesep == "\r\n" else written.replace(EOL, linesep.encode())

    def as_string(self) -> str:
        return self.as_bytes().decode()

    def get_charset(self) -> str:
        return "utf-8"

    def _written(self) -> bytes:
        # In what is quoted printable or base64 such a line cannot occur.
        number = self.extra_headers["Message-ID"].strip("<>").partition("@")[0]
        outer, inner = f"=_{number}".encode(), f"=_{number}_".encode()
        html = [str(content) for content, _kind in self.alternatives]
        parts = [_text(str(self.body), "plain"), *(_text(each, "html") for each in html)]
        body = _together(b"alternative", inner, parts)
        if self.attachments:
            body = _together(b"mixed", outer, [body, *(_file(*each) for each in self.attachments)])
        return EOL.join([*self._headers(), b"MIME-Version: 1.0", body])

    def _headers(self) -> Iterator[bytes]:
        yield header("Subject", self.subject)
        yield header("From", self.from_email)
        for address in self.to:
            plain = address if PLAIN.fullmatch(address) else sanitize_address(address, "utf-8")
            yield _line("To", plain)
        yield _line("Date", _date(int(time.time())))
        for name, value in self.extra_headers.items():
            yield _line(name, value)


@lru_cache(maxsize=1000)
def header(name: str, value: str) -> bytes:
    """Encode and fold a header as Django does; many letters share it."""
    part = SafeMIMEText("")
    part[name] = value
    return part.policy.fold(name, part[name]).strip().replace("\n", "\r\n").encode("ascii")


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second)


def _line(name: str, value: str) -> bytes:
    """Write a header that is plain ASCII, and nothing but one line."""
    if not value.isascii() or not value.isprintable():
        raise ValueError(f"The header {name} is not valid.")
    return f"{name}: {value}".encode("ascii")


def _text(text: str, kind: str) -> bytes:
    lines = "\r\n".join([*text.splitlines(), ""])
    content = b2a_qp(lines.encode(), istext=True)
    return EOL.join(
        [
            f'Content-Type: text/{kind}; charset="utf-8"'.encode(),
            b"Content-Transfer-Encoding: quoted-printable",
            b"",
            content,
        ]
    )


def _file(name: str, content: str, kind: str) -> bytes:
    return EOL.join(
        [
            f'Content-Type: {kind}; charset="utf-8"'.encode(),
            b"Content-Transfer-Encoding: base64",
            f'Content-Disposition: attachment; filename="{name}"'.encode(),
            b"",
            encodebytes(content.encode()).strip().replace(b"\n", EOL),
        ]
    )


def _together(kind: bytes, boundary: bytes, parts: list[bytes]) -> bytes:
    opening = b"--" + boundary + EOL
    return b"".join(
        [
            b'Content-Type: multipart/%b; boundary="%b"' % (kind, boundary) + EOL + EOL,
            *(opening + part + EOL for part in parts),
            b"--" + boundary + b"--" + EOL,
        ]
    )
