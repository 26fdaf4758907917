"""The HTML form of a message's text: escaped, in paragraphs, its links clickable."""

import re
from html import escape

from django.utils.safestring import SafeString, mark_safe

LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


def as_html(text: str) -> SafeString:
    """Turn plain text into HTML; nothing in the text can become markup of its own."""
    paragraphs = (_paragraph(part) for part in re.split(r"\n{2,}", text.strip()))
    return mark_safe("".join(paragraphs))  # noqa: S308 - every piece is escaped in _paragraph


def _paragraph(text: str) -> str:
    lines = (_with_links(line) for line in text.split("\n"))
    return f"<p>{'<br>'.join(lines)}</p>"


def _with_links(line: str) -> str:
    pieces, end = [], 0
    for found in LINK.finditer(line):
        url = escape(found.group())
        pieces += [escape(line[end : found.start()]), f'<a href="{url}">{url}</a>']
        end = found.end()
    return "".join([*pieces, escape(line[end:])])
