"""What all typed text has in common: its length, what cannot be seen in it, and its refusal."""

import unicodedata

CELL_MAX_LENGTH = 500


class AddressError(ValueError):
    """What was typed cannot be used; the text says why and what to do."""

    @property
    def sentence(self) -> str:
        return str(self)


def shorten(value: object, limit: int = 40) -> str:
    """Show a wrong value in a sentence: on one line, without control characters, not too long."""
    text = " ".join(without_control_characters(str(value)).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def without_control_characters(text: str) -> str:
    """Drop what cannot be seen (also direction marks and soft hyphens); keep blanks."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        for character in text
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
