"""Rules that hold for every template."""

import re
import tomllib

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


CONTRACTS = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"][
    "importlinter"
]
LAYERS = CONTRACTS["contracts"][0]["layers"]
DEPTHS = {app.strip(): depth for depth, layer in enumerate(LAYERS) for app in layer.split("|")}
OWNERS = {path.stem: path.parts[-3] for path in settings.BASE_DIR.glob("*/templatetags/[!_]*.py")}


def apps_named_in(text):
    """Name the applications whose tags a template loads, or whose templates it takes in."""
    loaded = [word for names in re.findall(r"{% load (.+?) %}", text) for word in names.split()]
    taken_in = re.findall(r"{% (?:include|extends) [\"'](\w+)/", text)
    return {OWNERS[word] for word in loaded if word in OWNERS} | (set(taken_in) & set(DEPTHS))


def test_the_applications_that_a_template_uses_are_seen():
    text = '{% extends "events/_base.html" %}{% load i18n work_words %}{% include "_form.html" %}'

    assert apps_named_in(text) == {"events", "work"}


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_template_uses_nothing_of_an_application_above_its_own(path):
    app = path.relative_to(settings.BASE_DIR / "templates").parts[0]
    named = apps_named_in(path.read_text())

    above = {other for other in named if DEPTHS[other] < DEPTHS.get(app, 0)}

    assert above == set()
