"""Addresses of an event and what is done with it."""

from django.urls import URLPattern, path

from events.views import attendance, event, event_changes, preflight

urlpatterns: list[URLPattern] = [
    path("events/", event.event_list, name="event_list"),
    path("events/new/", event.event_new, name="event_new"),
    path("events/new/<slug:kind>/", event.event_create, name="event_create"),
    path("events/<int:pk>/", event.event_detail, name="event_detail"),
    path("events/<int:pk>/live/", event.event_live, name="event_live"),
    path("events/<int:pk>/messages/", event.event_messages, name="event_messages"),
    path("events/<int:pk>/people/", event.event_registrations, name="event_registrations"),
    path("events/<int:pk>/edit/", event.event_update, name="event_update"),
    path("events/<int:pk>/move/", event_changes.event_move, name="event_move"),
    path("events/<int:pk>/cancel/", event_changes.event_cancel, name="event_cancel"),
    path("events/<int:pk>/copy/", event_changes.event_copy, name="event_copy"),
    path("events/<int:pk>/stop/", event_changes.event_stop, name="event_stop"),
    path("events/<int:pk>/resume/", event_changes.event_resume, name="event_resume"),
    path(
        "events/<int:pk>/rules/<int:rule_pk>/off/",
        event_changes.event_rule_off,
        name="event_rule_off",
    ),
    path(
        "events/<int:pk>/rules/<int:rule_pk>/on/",
        event_changes.event_rule_on,
        name="event_rule_on",
    ),
    path("events/<int:pk>/preflight/", preflight.preflight_make, name="preflight_make"),
    path("events/<int:pk>/room/", attendance.room_open, name="room_open"),
    path("events/<int:pk>/release/", attendance.no_show_release, name="no_show_release"),
    path("events/<int:pk>/start-late/", attendance.start_late, name="start_late"),
    path("attendance/<int:pk>/present/", attendance.mark_present, name="mark_present"),
    path("attendance/<int:pk>/absent/", attendance.mark_absent, name="mark_absent"),
    path("attendance/<int:pk>/take-back/", attendance.mark_take_back, name="mark_take_back"),
]
