"""What changed between two versions of a document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from documents.models import Document, Version


@dataclass(frozen=True)
class Change:
    """One thing that reads otherwise than before; None stands for what is not there."""

    label: str
    before: str | None
    after: str | None


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """List what changed, in the language of the page and in the order of the newer version."""
    before, after = _by_key(old), _by_key(new)
    found = [
        Change(
            _in_language(line["label"]),
            _in_language(before[key]["value"]) if key in before else None,
            _in_language(line["value"]),
        )
        for key, line in after.items()
        if key not in before or before[key]["value"] != line["value"]
    ]
    gone = [
        Change(_in_language(line["label"]), _in_language(line["value"]), None)
        for key, line in before.items()
        if key not in after
    ]
    return found + gone


@dataclass(frozen=True)
class Chapter:
    """A version, and what it changed against the one before it; None for the first."""

    version: Version
    changes: list[Change] | None

    @property
    def lines(self) -> list[tuple[str, str]]:
        return readable(self.version.content)


def history(document: Document) -> list[Chapter]:
    """Tell the story of a document, the newest version first."""
    versions = list(document.versions.select_related("made_by", "decided_by"))
    return list(_chapters(versions))


def _chapters(versions: list[Version]) -> Iterator[Chapter]:
    older: list[Version | None] = [*versions[1:], None]
    for version, before in zip(versions, older, strict=False):
        yield Chapter(version, changes(before.content, version.content) if before else None)


def draft_changes(document: Document, content: dict[str, Any]) -> list[Change]:
    """List what the content now says otherwise than the version submitted last."""
    last = document.versions.first()
    return changes(last.content, content) if last else []


def readable(content: dict[str, Any]) -> list[tuple[str, str]]:
    """Give the lines of a version in the language of the page, as label and value."""
    return [(_in_language(line["label"]), _in_language(line["value"])) for line in content["lines"]]


def _by_key(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {line["key"]: line for line in content["lines"]}


def _in_language(both: dict[str, str]) -> str:
    return both.get(get_language() or "") or both.get(settings.LANGUAGE_CODE, "")
