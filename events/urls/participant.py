"""Addresses of registrations, participants and imported lists."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
