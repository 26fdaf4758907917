"""Addresses of pages that may not be part of an installation."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: Any, query: str = "") -> str:
    """Give the address of a page; an empty text where there is no such page, so no dead link."""
    try:
        return reverse(name, args=args) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return ""
