"""Requests no person made: link scanners, previews of messengers, browsers fetching ahead.

They are never blocked, since a blocked scanner takes the whole mail for bad; they just count for
nothing. Many scanners look like a plain browser, so this list alone proves nothing either: only
the pressed button does (events/attendance.py).
"""

import re

from django.http import HttpRequest

# Only names a person's own browser never carries: "Cubot" is a phone, and the browsers inside
# Viber and WhatsApp name the app further back, where their previews begin with it.
_AGENTS = re.compile(
    r"""
    ^(?:WhatsApp|Viber|curl|Wget|python-|Python/|Go-http-client|okhttp|Java/|Apache-HttpClient
        |node-fetch|axios|libwww-perl|HTTPie|PostmanRuntime)
    | facebookexternalhit | Facebot | TelegramBot | Twitterbot | Slackbot | Slack-ImgProxy
    | Discordbot | LinkedInBot | SkypeUriPreview | Microsoft\ Office | ms-office
    | BingPreview | bingbot | Googlebot | Google-[A-Z] | GoogleImageProxy | Google\ Web\ Preview
    | Applebot | YandexBot | DuckDuckBot | AhrefsBot | SemrushBot | MJ12bot | DotBot
    | bitlybot | Pinterestbot | redditbot | Mastodon | SignalBot
    | Barracuda | Mimecast | Proofpoint | SafeLinks | Symantec | TrendMicro
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AHEAD_HEADERS = ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")
_AHEAD = ("prefetch", "prerender", "preview")


def is_machine(request: HttpRequest) -> bool:
    """Say whether this request surely was not made by a person looking at the page."""
    agent = request.headers.get("User-Agent", "").strip()
    return not agent or _AGENTS.search(agent) is not None or _is_ahead(request)


def _is_ahead(request: HttpRequest) -> bool:
    """Say whether a browser fetches the page before anybody asked for it."""
    values = " ".join(request.headers.get(name, "") for name in _AHEAD_HEADERS).casefold()
    return any(word in values for word in _AHEAD)
