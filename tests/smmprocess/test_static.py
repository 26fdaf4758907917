"""What we serve: the pinned versions, and colours that can be read."""

import json
import re

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
PINNED = json.loads((settings.BASE_DIR / "package.json").read_text())["devDependencies"]
STYLES = (STATIC / "smm.css").read_text()

# Words on grounds, as the style sheet pairs them.
PAIRS = [
    *((ink, ground) for ink in ("ink", "quiet", "link") for ground in ("ground", "surface")),
    *((ink, "surface-2") for ink in ("ink", "quiet", "link")),
    *((ink, "brand-soft") for ink in ("ink", "quiet", "link")),
    *((state, f"{state}-soft") for state in ("ok", "warning", "bad", "info")),
    *(("ink", f"{state}-soft") for state in ("ok", "warning", "bad", "info")),
    *((state, "surface") for state in ("ok", "warning", "bad", "info")),
    *(("frame-ink", f"frame{part}") for part in ("", "-hover", "-current")),
    *(("frame-strong", f"frame{part}") for part in ("", "-hover", "-current")),
    ("frame-quiet", "frame"),
    ("frame-strong", "brand"),
]


def colours(theme):
    """The colours of a theme: the light ones, and what the dark one changes."""
    block = r":root \{(.*?)\}" if theme == "light" else r'\n\[data-bs-theme="dark"\] \{(.*?)\}'
    text = re.search(block, STYLES, re.DOTALL).group(1)
    own = dict(re.findall(r"--smm-([\w-]+): (#[0-9a-f]{6});", text))
    return own if theme == "light" else colours("light") | own


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_counted_as_wcag_does():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_on_their_ground(theme):
    values = colours(theme)

    too_weak = [
        (ink, ground, round(contrast(values[ink], values[ground]), 2))
        for ink, ground in PAIRS
        if contrast(values[ink], values[ground]) < 4.5
    ]
    assert too_weak == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_fields_can_be_seen(theme):
    values = colours(theme)

    assert contrast(values["line-strong"], values["surface"]) >= 3


@pytest.mark.parametrize(
    ("package", "file", "mark"),
    [
        ("@tabler/core", "vendor/tabler/tabler.min.css", "Tabler v{}"),
        ("htmx.org", "vendor/htmx/htmx.min.js", 'version:"{}"'),
        ("echarts", "vendor/echarts/echarts.part.js", "Apache ECharts {}, "),
    ],
)
def test_the_copy_we_serve_is_the_pinned_one(package, file, mark):
    assert mark.format(PINNED[package]) in (STATIC / file).read_text()


def test_every_package_is_pinned_to_one_version():
    loose = {name: version for name, version in PINNED.items() if not version[0].isdigit()}

    assert loose == {}


def test_every_icon_listed_is_in_the_sprite_and_no_other():
    listed = (settings.BASE_DIR / "tools/icons.txt").read_text().split()

    assert re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()) == sorted(listed)


def test_every_icon_is_used():
    folders = [path for path in settings.BASE_DIR.iterdir() if (path / "__init__.py").exists()]
    python = [path for folder in folders if folder.name != "tests" for path in folder.rglob("*.py")]
    files = [*python, *(settings.BASE_DIR / "templates").rglob("*.html"), *STATIC.glob("*.js")]
    words = set(re.findall(r"[a-z0-9-]+", " ".join(path.read_text() for path in files)))
    listed = (settings.BASE_DIR / "tools/icons.txt").read_text().split()

    assert [name for name in listed if name not in words] == []


def test_our_styles_ask_nobody_else_for_anything():
    assert [url for url in re.findall(r"url\(\"?([^)\"]+)", STYLES) if "//" in url] == []
