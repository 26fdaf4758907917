"""All addresses; each app lists its own."""

from django.urls import URLPattern, URLResolver, include, path

from smmprocess import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("accounts/", include("accounts.urls")),
]
