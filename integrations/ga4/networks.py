"""Which visits come from a social network, and which of them are paid for.

By the source of the session: by exact name, or as the host of one of a network's domains; never by
a part of a word, which would find "ig" in "digital". The channel group of Google comes first for
what is paid (support.google.com/analytics/answer/9756891).
"""

import re
from typing import Literal

Network = Literal["facebook", "instagram", "other_social", ""]

NAMES: dict[str, Network] = {
    **dict.fromkeys(
        ("facebook", "fb", "messenger", "facebook_ads", "fb_ads", "facebook-ads"), "facebook"
    ),
    **dict.fromkeys(("instagram", "ig", "insta", "instagram_ads", "ig_ads"), "instagram"),
    **dict.fromkeys(
        ("twitter", "x", "linkedin", "tiktok", "youtube", "draugiem", "pinterest", "threads"),
        "other_social",
    ),
}
DOMAINS: dict[str, Network] = {
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "fb.me": "facebook",
    "messenger.com": "facebook",
    "instagram.com": "instagram",
    "t.co": "other_social",
    "x.com": "other_social",
    "twitter.com": "other_social",
    "linkedin.com": "other_social",
    "lnkd.in": "other_social",
    "tiktok.com": "other_social",
    "youtube.com": "other_social",
    "draugiem.lv": "other_social",
    "pinterest.com": "other_social",
    "threads.net": "other_social",
}
SOCIAL_GROUPS = ("Organic Social", "Paid Social")
SOCIAL_MEDIA = ("social", "social-network", "social-media", "sm", "social network", "social media")
_PAID = re.compile(r"(.*cp.*|ppc|retargeting|paid.*)")


def network_of(source: str, medium: str = "") -> Network:
    """Tell the network a source belongs to; empty for none."""
    name = source.strip().lower().rstrip(".")
    if name in NAMES:
        return NAMES[name]
    if name == "meta" and medium.strip().lower() not in ("", "(none)", "referral", "organic"):
        return "facebook"
    for domain, network in DOMAINS.items():
        if name == domain or name.endswith(f".{domain}"):
            return network
    return ""


def social_network_of(channel_group: str, source: str, medium: str) -> Network:
    """Tell the network of a visit; what Google counts as social without a known one is other."""
    network = network_of(source, medium)
    is_social = channel_group in SOCIAL_GROUPS or medium.strip().lower() in SOCIAL_MEDIA
    return network or ("other_social" if is_social else "")


def is_paid(channel_group: str, medium: str) -> bool:
    return channel_group.startswith("Paid ") or bool(_PAID.fullmatch(medium.strip().lower()))
