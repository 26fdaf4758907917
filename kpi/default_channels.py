"""The channels there are from the beginning; sources know them by their keys."""

from typing import Any

from kpi.models import Channel

Kind = Channel.Kind

# Key, Latvian and English name, kind, other spellings.
DEFAULT_CHANNELS = (
    ("facebook", "Facebook", "", Kind.NETWORK, ["FB"]),
    ("instagram", "Instagram", "", Kind.NETWORK, ["IG", "Insta"]),
    ("home_page", "Mājaslapa", "Home page", Kind.TRAFFIC, ["Website", "Web", "Lapa"]),
    ("other", "Citi", "Other", Kind.OTHER, ["Cits", "Others"]),
)


def seed_channels(**_kwargs: Any) -> None:
    """Add the channels that are not there yet; what people changed of the others stays."""
    for position, (key, name, name_en, kind, aliases) in enumerate(DEFAULT_CHANNELS, start=1):
        Channel.objects.get_or_create(
            key=key,
            defaults={
                "name": name,
                "name_en": name_en,
                "kind": kind,
                "aliases": aliases,
                "position": position,
            },
        )
