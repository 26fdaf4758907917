"""Sentences that are put into words later, in the language of whoever reads them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.functional import lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _fill(text: "StrOrPromise", values: Mapping[str, object]) -> str:
    return text % values


filled = lazy(_fill, str)
"""Fill values into a `gettext_lazy` or `ngettext_lazy` text when it is read, not now."""
