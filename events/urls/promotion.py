"""Addresses of where an event is advertised, and of its activity."""

from django.urls import URLPattern, path

from events.views import promotion

urlpatterns: list[URLPattern] = [
    path(
        "events/<int:pk>/publications/new/",
        promotion.publication_create,
        name="publication_create",
    ),
    path("events/<int:pk>/activity/", promotion.activity_link, name="activity_link"),
]
