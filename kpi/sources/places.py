"""The series and channels that a source writes to, found by their keys."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Max
from django.utils.translation import gettext

from goals.models import Series
from kpi.models import Channel
from kpi.sources.base import SourceError


class NewChannel(NamedTuple):
    """How a channel is called when a source needs it the first time; people may rename it."""

    name: str
    name_en: str
    kind: Channel.Kind


def series_by_key(*keys: str) -> dict[str, int]:
    """Give the numbers of series. Raises SourceError where one has been taken out."""
    found = dict(Series.objects.filter(key__in=keys).values_list("key", "pk"))
    for key in keys:
        if key not in found:
            raise SourceError(
                gettext("There is no KPI series with the key “%(key)s” any more.") % {"key": key}
            )
    return found


def channels_by_key(wanted: dict[str, NewChannel]) -> dict[str, int]:
    """Give the numbers of channels, and make those that are not there yet."""
    found = dict(Channel.objects.filter(key__in=wanted).values_list("key", "pk"))
    place = Channel.objects.aggregate(last=Max("position"))["last"] or 0
    for key, new in wanted.items():
        if key not in found:
            place += 1
            found[key] = Channel.objects.get_or_create(
                key=key,
                defaults={
                    "name": new.name,
                    "name_en": new.name_en,
                    "kind": new.kind,
                    "position": place,
                },
            )[0].pk
    return found


def numbers(found: dict[str, int], keys: Iterable[str]) -> frozenset[int]:
    return frozenset(found[key] for key in keys)
