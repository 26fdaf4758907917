"""Addresses of the Bitrix24 connection: its check, and the portal's calls."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
