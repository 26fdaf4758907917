"""Addresses of the Bitrix24 connection: its check, its sources, and the portal's calls."""

from django.urls import URLPattern, path

from events.views import bitrix24, bitrix24_source

urlpatterns: list[URLPattern] = [
    path("bitrix24/", bitrix24.bitrix24_check, name="bitrix24_check"),
    path("bitrix24/events", bitrix24.bitrix24_event, name="bitrix24_event"),
    path("bitrix24/retry/", bitrix24.bitrix24_retry, name="bitrix24_retry"),
    path("bitrix24/<slug:channel>/reopen/", bitrix24.bitrix24_reopen, name="bitrix24_reopen"),
    path("bitrix24/sources/", bitrix24_source.bitrix24_source_list, name="bitrix24_source_list"),
    path(
        "bitrix24/sources/new/",
        bitrix24_source.bitrix24_source_create,
        name="bitrix24_source_create",
    ),
    path(
        "bitrix24/sources/<int:pk>/",
        bitrix24_source.bitrix24_source_detail,
        name="bitrix24_source_detail",
    ),
    path(
        "bitrix24/sources/<int:pk>/edit/",
        bitrix24_source.bitrix24_source_update,
        name="bitrix24_source_update",
    ),
    path(
        "bitrix24/sources/<int:pk>/preview/",
        bitrix24_source.bitrix24_source_preview,
        name="bitrix24_source_preview",
    ),
    path(
        "bitrix24/sources/<int:pk>/start/",
        bitrix24_source.bitrix24_source_start,
        name="bitrix24_source_start",
    ),
    path(
        "bitrix24/sources/<int:pk>/stop/",
        bitrix24_source.bitrix24_source_stop,
        name="bitrix24_source_stop",
    ),
]
