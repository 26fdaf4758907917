"""The README says what is true of the code."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

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


@pytest.mark.parametrize("paper", ["README.md", "CHANGELOG.md", ".env.example"])
def test_every_command_a_paper_names_exists(paper):
    text = " ".join((ROOT / paper).read_text().split())
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert set(re.findall(r"manage\.py (\w+)", text)) <= set(get_commands())
    assert set(re.findall(r"`make (\w+)", text)) <= set(targets)
    for module in re.findall(r"-m (tools\.\w+)", text):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists()


def test_there_are_commands_to_look_for():
    assert "manage.py doctor" in README
    assert "`make lint`" in README
