"""The HTML form of a message's text: escaped, in paragraphs, its links clickable."""

import re
from html import escape

from django.utils.safestring import SafeString, mark_safe

LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
PARAGRAPH = re.compile(r"\n{2,}")


def as_html(text: str) -> SafeString:
    """Turn plain text into HTML; nothing in the text can become markup of its own."""
    text = text.strip()
    pieces, end = [], 0
    for found in LINK.finditer(text):
        url = escape(found.group())
        pieces += [escape(text[end : found.start()]), f'<a href="{url}">{url}</a>']
        end = found.end()
    escaped = "".join([*pieces, escape(text[end:])])
    paragraphs = PARAGRAPH.sub("</p><p>", escaped).replace("\n", "<br>")
    return mark_safe(f"<p>{paragraphs}</p>")  # noqa: S308 - every piece is escaped above
