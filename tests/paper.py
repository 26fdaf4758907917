"""What a PDF says, page by page, as a person reads it."""

import io

from pypdf import PdfReader

A4 = (210, 297)


def pages_of(content):
    return PdfReader(io.BytesIO(content)).pages


def text_of(content):
    return "\n".join(page.extract_text() for page in pages_of(content))


def size_of(page):
    """Give width and height in whole millimetres."""
    return tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:])
