"""The README says what is true of the code."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()


def names(text):
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))


def test_every_setting_is_explained():
    explained = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", README, re.MULTILINE))

    assert explained == names((ROOT / ".env.example").read_text())


def test_every_folder_of_ours_is_on_the_map():
    ours = {app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()}

    assert {app for app in ours if f"`{app}/`" not in README} == set()


def test_every_file_and_picture_it_names_exists():
    named = re.findall(r"`([a-z_]+/[\w/]+\.py)`|\]\((docs/[^)]+)\)", README)
    paths = [ROOT / (file or picture) for file, picture in named]

    assert len(paths) > 5
    assert [path for path in paths if not path.exists()] == []
