"""Addresses of series of open days."""

from django.urls import path

from opendays import views

app_name = "opendays"
urlpatterns = [
    path("", views.series_list, name="series_list"),
    path("new/", views.series_create, name="series_create"),
    path("<int:pk>/", views.series_detail, name="series_detail"),
    path("<int:pk>/edit/", views.series_update, name="series_update"),
    path("<int:pk>/extend/", views.series_extend, name="series_extend"),
    path("occurrences/<int:pk>/skip/", views.occurrence_skip, name="occurrence_skip"),
]
