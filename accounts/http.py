"""What views need of a request: its type, who may come in, and where it comes from."""

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from accounts.rules import can_administer_users

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request of someone who has signed in."""

    user: User
    htmx: HtmxDetails


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def allowed_if(may: Callable[[User], bool]) -> Callable[[StaffView[P]], View[P]]:
    """Let in whom `may` accepts; ask others to sign in, or refuse them with 403."""

    def decorate(view: StaffView[P]) -> View[P]:
        @wraps(view)
        def checked(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not may(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(checked)  # type: ignore[return-value]  # now it is a StaffRequest

    return decorate


def administrator_required(view: StaffView[P]) -> View[P]:
    """Let in only those who administer users and connections."""
    return allowed_if(can_administer_users)(view)


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Give the page of ours that a form names as the one it was on, or another address."""
    named = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        named, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return named if is_ours else otherwise


def client_address(request: HttpRequest) -> str:
    """Read the visitor's address behind as many proxies as are ours, and believe no others."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES == 0:
        return direct
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if len(forwarded) < settings.TRUSTED_PROXIES:
        return direct
    try:
        return str(ip_address(forwarded[-settings.TRUSTED_PROXIES].strip()))
    except ValueError:
        return direct
