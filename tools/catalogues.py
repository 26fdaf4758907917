"""The translation catalogues, and what Django's makemessages finds in the code as it is now."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("lv",)
SOURCES = (".py", ".html", ".txt", ".po")
NOT_SHOWN_TO_PEOPLE = ("tests/", "tools/", "requirements/")


def catalogue_path(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def forms(texts: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Return a message's singular and plural forms; a message without plural has one."""
    return (texts or "",) if isinstance(texts, str | None) else tuple(texts)


def is_old(comment: str) -> bool:
    """Say whether a comment is what a message was before it was changed."""
    return comment.startswith("|")


@contextmanager
def fresh_catalogues() -> Iterator[dict[str, Catalog]]:
    """Extract all messages into a copy of the project, with the translations there are."""
    with tempfile.TemporaryDirectory(prefix="smmprocess-messages-") as directory:
        copy = Path(directory)
        _copy_sources(copy)
        _make_messages(copy)
        yield {language: read(catalogue_path(language, copy)) for language in LANGUAGES}


def sources(*suffixes: str) -> list[Path]:
    """Return the files, also new ones, whose words people may see."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [
        ROOT / name
        for name in listing.stdout.splitlines()
        if name.endswith(suffixes)
        and not name.startswith(NOT_SHOWN_TO_PEOPLE)
        and (ROOT / name).exists()
    ]


def _copy_sources(copy: Path) -> None:
    for source in sources(*SOURCES):
        target = copy / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (copy / "locale").mkdir(exist_ok=True)


def _make_messages(copy: Path) -> None:
    languages = [f"--locale={language}" for language in LANGUAGES]
    result = subprocess.run(
        [sys.executable, "manage.py", "makemessages", *languages, "--no-location"],
        cwd=copy,
        env=os.environ | {"DEBUG": "1", "SECRET_KEY": "unused", "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise RuntimeError(f"makemessages failed:\n{result.stdout}{result.stderr}")
