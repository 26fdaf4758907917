"""Addresses of reminder rules, their texts, and offers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
