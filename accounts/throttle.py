"""Signing in is closed for a while after too many wrong passwords (django-axes asks us how)."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.http import client_address


def login_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Name whose attempts are counted; capitals make no other person."""
    name = (credentials or request.POST).get(settings.AXES_USERNAME_FORM_FIELD) or ""
    return str(name).strip().lower()


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Say that signing in is closed, and for how long."""
    wait = time_left(login_name(request, credentials), client_address(request), timezone.now())
    answer = render(
        request,
        "accounts/locked_out.html",
        {"minutes": ceil(wait / timedelta(minutes=1))},
        status=429,
    )
    answer["Retry-After"] = str(ceil(wait.total_seconds()))
    return answer


def time_left(name: str, address: str, now: datetime) -> timedelta:
    """Tell how long this name stays closed to this address."""
    last = AccessAttempt.objects.filter(username=name, ip_address=address).latest("attempt_time")
    return last.attempt_time + settings.AXES_COOLOFF_TIME - now
