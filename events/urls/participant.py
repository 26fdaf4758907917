"""Addresses of registrations, participants and imported lists."""

from django.urls import URLPattern, path

from events.views import blocked, participant, participant_import, registration

urlpatterns: list[URLPattern] = [
    path(
        "events/<int:pk>/import/",
        participant_import.participant_import,
        name="participant_import",
    ),
    path(
        "events/<int:pk>/import/<int:import_pk>/",
        participant_import.participant_import_detail,
        name="participant_import_detail",
    ),
    path(
        "events/<int:pk>/import/<int:import_pk>/confirm/",
        participant_import.participant_import_confirm,
        name="participant_import_confirm",
    ),
    path(
        "events/<int:pk>/import/<int:import_pk>/retry/",
        participant_import.participant_import_retry,
        name="participant_import_retry",
    ),
    path(
        "events/<int:pk>/import/<int:import_pk>/discard/",
        participant_import.participant_import_discard,
        name="participant_import_discard",
    ),
    path(
        "events/<int:pk>/registrations/new/",
        registration.registration_create,
        name="registration_create",
    ),
    path(
        "events/<int:pk>/registrations.xlsx",
        registration.registration_export_xlsx,
        name="registration_export_xlsx",
    ),
    path(
        "events/<int:pk>/registrations.csv",
        registration.registration_export_csv,
        name="registration_export_csv",
    ),
    path(
        "registrations/<int:pk>/cancel/",
        registration.registration_withdraw,
        name="registration_withdraw",
    ),
    path(
        "registrations/<int:pk>/again/",
        registration.registration_take_up,
        name="registration_take_up",
    ),
    path("participants/", participant.participant_list, name="participant_list"),
    path("participants/<int:pk>/", participant.participant_detail, name="participant_detail"),
    path("participants/<int:pk>/edit/", participant.participant_update, name="participant_update"),
    path("participants/<int:pk>/stop/", participant.participant_stop, name="participant_stop"),
    path("participants/blocked/", blocked.block_list, name="block_list"),
    path("participants/blocked/read/", blocked.stop_lists_read, name="stop_lists_read"),
    path("participants/blocked/<int:pk>/lift/", blocked.block_lift, name="block_lift"),
]
