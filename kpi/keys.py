"""Keys of series and channels: made of a name, once, and never changed."""

from collections.abc import Iterable

from django.utils.text import slugify

# What stands at this place of an address is a page.
PAGES = {
    "alerts",
    "channels",
    "compare",
    "export",
    "grid",
    "lists",
    "people",
    "print",
    "report",
    "series",
    "sources",
    "traffic",
}


def free_key(name: str, taken: Iterable[str]) -> str:
    """Make a key of a name that nothing else has: “Sasniegtie cilvēki” is sasniegtie_cilveki."""
    stem = slugify(name).replace("-", "_")[:30].strip("_") or "x"
    used, key, number = {*taken, *PAGES}, stem, 1
    while key in used:
        number += 1
        key = f"{stem}_{number}"
    return key
