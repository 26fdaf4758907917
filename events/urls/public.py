"""Addresses of the pages participants see."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
