"""Rules that hold for every template."""

import re

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
NAMES = [str(path.relative_to(settings.BASE_DIR)) for path in TEMPLATES]

INLINE = re.compile(
    r"<style\b"
    r"|\sstyle\s*="
    r"|<script(?![^>]*\bsrc=)"
    r"|\son[a-z]+\s*="
    r"|javascript:"
    r"|\shx-on[:\w-]*\s*="
    r"|(?:src|href)=[\"'](?:https?:)?//",
    re.IGNORECASE,
)


def inline_parts(text):
    return INLINE.findall(text)


@pytest.mark.parametrize(
    "text",
    [
        "<style>a{}</style>",
        '<p style="color:red">',
        "<script>alert(1)</script>",
        '<a onclick="x()">',
        '<a href="javascript:x()">',
        '<script src="https://cdn.example/x.js">',
    ],
)
def test_the_rule_finds_what_it_looks_for(text):
    assert len(inline_parts(text)) == 1


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_nothing_is_inline_or_from_elsewhere(path):
    assert inline_parts(path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_every_icon_named_is_in_the_sprite(path):
    sprite = set(
        re.findall(r'<symbol id="([^"]+)"', (settings.BASE_DIR / "static/icons.svg").read_text())
    )
    text = path.read_text()
    named = set(re.findall(r'{%\s*icon "([^"]+)"', text)) | set(
        re.findall(r'symbol="([^"]+)"', text)
    )

    assert named - sprite == set()
