"""What every page's frame needs: the college's name, the menu, the colours, the lamp."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from outbox import health
from outbox.rules import can_decide_messages
from smmprocess.navigation import menu_for
from smmprocess.views import THEME_COOKIE, THEMES


def site(request: HttpRequest) -> dict[str, Any]:
    """Give the frame its parts; what a page does not show is not computed."""
    user = getattr(request, "user", None)
    theme = request.COOKIES.get(THEME_COOKIE)
    context: dict[str, Any] = {
        "site_name": settings.SITE_NAME,
        "theme": theme if theme in THEMES else "",
        "site_base": "base_public.html",
    }
    if user is not None and user.is_authenticated:
        context |= {
            "site_base": "base.html",
            "menu": SimpleLazyObject(lambda: menu_for(user, request)),
            "can_decide_messages": can_decide_messages(user),
            "lamp": SimpleLazyObject(lambda: health.lamp(timezone.now())),
        }
    return context
