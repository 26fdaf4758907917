"""Message texts made fit to read: e-mail markup as plain text, addresses as links."""

import re
from html import escape
from html.parser import HTMLParser

_URL = re.compile(r"https?://[^\s<>\"']+")
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "table", "ul", "ol"})
_HIDDEN = frozenset({"style", "script", "head", "title"})


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._address = ""
        self._hidden_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden_depth += 1
        if tag in _BLOCKS:
            self.pieces.append("\n")
        if tag == "a":
            self._address = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden_depth = max(0, self._hidden_depth - 1)
        if tag == "a" and self._address:
            if self._address not in "".join(self.pieces[-3:]):
                self.pieces.append(f" ({self._address})")
            self._address = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden_depth:
            self.pieces.append(re.sub(r"\s+", " ", data))


def html_to_text(markup: str) -> str:
    """The words of an e-mail, with the addresses its links lead to."""
    reader = _TextReader()
    reader.feed(markup)
    reader.close()
    lines = (line.strip() for line in "".join(reader.pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def link_addresses(text: str) -> str:
    """Escape a text and turn the web addresses in it into links."""
    pieces = []
    position = 0
    for match in _URL.finditer(text):
        url = match[0].rstrip(".,;:!?)")
        pieces.append(escape(text[position : match.start()]))
        pieces.append(f'<a href="{escape(url)}" target="_blank" rel="noopener">{escape(url)}</a>')
        position = match.start() + len(url)
    return "".join(pieces) + escape(text[position:])
