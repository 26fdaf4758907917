"""All addresses; each app lists its own."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from smmprocess import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("theme", views.theme, name="theme"),
    path("language", set_language, name="set_language"),
    path("healthz", views.healthz, name="healthz"),
    path("accounts/", include("accounts.urls")),
    path("goals/", include("goals.urls")),
    path("kpi/", include("kpi.urls")),
    path("open-days/", include("opendays.urls")),
    path("plans/", include("plans.urls")),
    path("outbox/", include("outbox.urls")),
    path("work/", include("work.urls")),
    path("results/", include("results.urls")),
    path("webinars/", include("webinars.urls")),
    path("", include("events.urls")),
]
