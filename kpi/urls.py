"""Addresses of step 6; no series may have the key of a page beside its own."""

from django.urls import path

from kpi.views import dashboard, series, series_page

app_name = "kpi"
urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("series/", series.series_list, name="series_list"),
    path("series/new/", series.series_create, name="series_create"),
    path("series/<int:pk>/edit/", series.series_update, name="series_update"),
    path("channels/", series.channel_list, name="channel_list"),
    path("channels/new/", series.channel_create, name="channel_create"),
    path("channels/<int:pk>/edit/", series.channel_update, name="channel_update"),
    path("notes/<int:pk>/take-out/", series_page.note_delete, name="note_delete"),
    # Last: whatever is not one of the pages above is the key of a series.
    path("<slug:key>/", series_page.series_detail, name="series_detail"),
    path("<slug:key>/origin/", series_page.value_origin, name="value_origin"),
    path("<slug:key>/notes/add/", series_page.note_create, name="note_create"),
]
