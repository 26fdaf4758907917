"""Addresses of step 6."""

from django.urls import path

from kpi.views import series

app_name = "kpi"
urlpatterns = [
    path("series/", series.series_list, name="series_list"),
    path("series/new/", series.series_create, name="series_create"),
    path("series/<int:pk>/edit/", series.series_update, name="series_update"),
    path("channels/", series.channel_list, name="channel_list"),
    path("channels/new/", series.channel_create, name="channel_create"),
    path("channels/<int:pk>/edit/", series.channel_update, name="channel_update"),
]
