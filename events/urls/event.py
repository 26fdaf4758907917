"""Addresses of an event and what is done with it."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
