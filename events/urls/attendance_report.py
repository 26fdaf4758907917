"""Addresses of attendance reports, and of Zoom's calls."""

from django.urls import URLPattern, path

from events.views import attendance_report, zoom

urlpatterns: list[URLPattern] = [
    path(
        "events/<int:pk>/attendance/",
        attendance_report.attendance_report,
        name="attendance_report",
    ),
    path("events/<int:pk>/attendance/zoom/", attendance_report.zoom_match, name="zoom_match"),
    path(
        "events/<int:pk>/attendance/<int:report_pk>/",
        attendance_report.attendance_report_detail,
        name="attendance_report_detail",
    ),
    path(
        "events/<int:pk>/attendance/<int:report_pk>/dates/",
        attendance_report.attendance_report_dates,
        name="attendance_report_dates",
    ),
    path(
        "events/<int:pk>/attendance/<int:report_pk>/confirm/",
        attendance_report.attendance_report_confirm,
        name="attendance_report_confirm",
    ),
    path(
        "events/<int:pk>/attendance/<int:report_pk>/match/",
        attendance_report.attendance_report_match,
        name="attendance_report_match",
    ),
    path(
        "events/<int:pk>/attendance/<int:report_pk>/discard/",
        attendance_report.attendance_report_discard,
        name="attendance_report_discard",
    ),
    path("zoom/events", zoom.zoom_event, name="zoom_event"),
]
