"""Addresses of step 6; no series may have the key of a page beside its own."""

from django.urls import path

from kpi.views import alerts, beside, dashboard, grid, lists, series, series_page, sources, traffic

app_name = "kpi"
urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("series/", series.series_list, name="series_list"),
    path("series/new/", series.series_create, name="series_create"),
    path("series/<int:pk>/edit/", series.series_update, name="series_update"),
    path("channels/", series.channel_list, name="channel_list"),
    path("channels/new/", series.channel_create, name="channel_create"),
    path("channels/<int:pk>/edit/", series.channel_update, name="channel_update"),
    path("grid/", grid.grid_update, name="grid_update"),
    path("lists/", lists.list_import_list, name="list_import_list"),
    path("lists/<int:pk>/", lists.list_import_detail, name="list_import_detail"),
    path("lists/<int:pk>/confirm/", lists.list_import_confirm, name="list_import_confirm"),
    path("lists/<int:pk>/change/", lists.list_import_change, name="list_import_change"),
    path("lists/<int:pk>/retry/", lists.list_import_retry, name="list_import_retry"),
    path("lists/<int:pk>/discard/", lists.list_import_discard, name="list_import_discard"),
    path("lists/<int:pk>/take-back/", lists.list_import_take_back, name="list_import_take_back"),
    path("lists/export/", lists.list_export, name="list_export"),
    path("lists/files/<int:pk>/", lists.list_file, name="list_file"),
    path("channels/figures/", beside.channel_figures, name="channel_figures"),
    path("sources/", sources.source_list, name="source_list"),
    path("sources/<slug:key>/", sources.source_detail, name="source_detail"),
    path("sources/<slug:key>/read/", sources.source_read, name="source_read"),
    path("traffic/", traffic.traffic, name="traffic"),
    path("people/", beside.person_list, name="person_list"),
    path("people/<int:pk>/", beside.person_figures, name="person_figures"),
    path("compare/", beside.compare, name="compare"),
    path("alerts/", alerts.alert_list, name="alert_list"),
    path("alerts/<int:pk>/mute/", alerts.alert_mute, name="alert_mute"),
    path("alerts/mutes/<int:pk>/lift/", alerts.mute_lift, name="mute_lift"),
    path("notes/<int:pk>/take-out/", series_page.note_delete, name="note_delete"),
    # Last: whatever is not one of the pages above is the key of a series.
    path("<slug:key>/", series_page.series_detail, name="series_detail"),
    path("<slug:key>/channels/", beside.series_channels, name="series_channels"),
    path("<slug:key>/origin/", series_page.value_origin, name="value_origin"),
    path("<slug:key>/notes/add/", series_page.note_create, name="note_create"),
]
