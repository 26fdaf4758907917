"""Fail on a message without a complete, certain translation with the same placeholders.

Also on one that the code names and `make messages` does not find, as within an f-string.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from tools.catalogues import ROOT, forms, fresh_catalogues, is_old, sources

# %(name)s, %s, {name}, and the markup that a translation must keep.
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd%]|\{[a-z_]*\}|</?[a-z]+")

ENGLISH_QUOTE = "“"
"""Opens what is quoted in English; Latvian opens with „ and closes with ”."""

MESSAGE = {"_": 0, "gettext": 0, "ngettext": 0, "pgettext": 1, "npgettext": 1}
"""Functions that translate, and which of their arguments is the message."""

SHOWN = 40


def main() -> int:
    with fresh_catalogues() as catalogues:
        found = [
            f"{language}: {problem}"
            for language, catalogue in catalogues.items()
            for problem in (*problems(catalogue), *not_found(sources(".py"), catalogue))
        ]
    for problem in found[:SHOWN]:
        print(problem)
    if found:
        print(f"{len(found)} problems in all. `make messages` brings the catalogues up to date.")
    return 1 if found else 0


def problems(catalogue: Catalog) -> Iterator[str]:
    """Name each message that a reader of the language would not see as meant."""
    for message in catalogue:
        if message.id:
            yield from (f"{what}: {_shown(message)}" for what in _problems(message, catalogue))
    for message in catalogue.obsolete.values():
        yield f"no longer used: {_shown(message)}"


def _problems(message: Message, catalogue: Catalog) -> Iterator[str]:
    ids, strings = forms(message.id), forms(message.string)
    needed = catalogue.num_plurals if len(ids) > 1 else 1
    if any(map(is_old, message.user_comments)):
        yield "keeps what it was before"
    if message.fuzzy:
        yield "fuzzy"
    elif not any(strings):
        yield "not translated"
    elif len(strings) != needed or not all(strings):
        yield f"{needed} forms needed"
    # A form for one may leave the number out, as the singular does.
    elif any(_placeholders(text) not in map(_placeholders, ids) for text in strings):
        yield "placeholders differ"
    if any(ENGLISH_QUOTE in text for text in strings if text):
        yield "quoted as in English, not „so”"


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def not_found(files: list[Path], catalogue: Catalog) -> Iterator[str]:
    """Name each message of the code that stands where it is not looked for."""
    known = {forms(message.id)[0] for message in catalogue}
    for file in files:
        for call in ast.walk(ast.parse(file.read_text())):
            if (text := _message(call)) and text not in known:
                yield f"not found by `make messages`: {text!r} in {file.relative_to(ROOT)}"


def _message(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return None
    place = MESSAGE.get(node.func.id.removesuffix("_lazy"))
    if place is None or len(node.args) <= place:
        return None
    argument = node.args[place]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return None


def _shown(message: Message) -> str:
    context = f"[{message.context}] " if message.context else ""
    return f"{context}{forms(message.id)[0]!r}"


if __name__ == "__main__":
    sys.exit(main())
