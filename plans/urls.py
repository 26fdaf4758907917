"""Addresses of plans."""

from django.urls import path

from plans.views import (
    activity,
    activity_steps,
    audience,
    communication,
    intake,
    listing,
    publication,
)

app_name = "plans"
urlpatterns = [
    path("", intake.intake_list, name="intake_list"),
    path("new/", intake.intake_create, name="intake_create"),
    path("<int:pk>/", intake.intake_detail, name="intake_detail"),
    path("<int:pk>/edit/", intake.intake_update, name="intake_update"),
    path("<int:pk>/targets/", intake.intake_targets, name="intake_targets"),
    path("<int:pk>/roll-forward/", intake.intake_roll_forward, name="intake_roll_forward"),
    path("<int:pk>/export/", intake.intake_export, name="intake_export"),
    # Communication plan
    path(
        "<int:pk>/communication/", communication.communication_detail, name="communication_detail"
    ),
    path(
        "<int:pk>/communication/edit/",
        communication.communication_update,
        name="communication_update",
    ),
    path(
        "<int:pk>/communication/versions/",
        communication.communication_versions,
        name="communication_versions",
    ),
    path(
        "<int:pk>/communication/step/<slug:step>/",
        communication.communication_step,
        name="communication_step",
    ),
    path("<int:pk>/messages/new/", communication.message_create, name="message_create"),
    path("messages/<int:pk>/edit/", communication.message_update, name="message_update"),
    path("messages/<int:pk>/delete/", communication.message_delete, name="message_delete"),
    path("messages/<int:pk>/wordings/", communication.message_wordings, name="message_wordings"),
    # Audiences and channels
    path("<int:pk>/audiences/", audience.intake_audiences, name="intake_audiences"),
    path("<int:pk>/audiences/new/", audience.audience_create, name="audience_create"),
    path("audiences/<int:pk>/edit/", audience.audience_update, name="audience_update"),
    path("audiences/<int:pk>/delete/", audience.audience_delete, name="audience_delete"),
    path("<int:pk>/channels/", audience.intake_channels, name="intake_channels"),
    path("<int:pk>/channels/new/", audience.channel_create, name="channel_create"),
    path("channels/<int:pk>/edit/", audience.channel_update, name="channel_update"),
    path("channels/<int:pk>/delete/", audience.channel_delete, name="channel_delete"),
    # Activity plan
    path("<int:pk>/activities/", listing.intake_activities, name="intake_activities"),
    path("<int:pk>/activities/month/", listing.intake_month, name="intake_month"),
    path("<int:pk>/activities/week/", listing.intake_week, name="intake_week"),
    path("<int:pk>/activities/warnings/", listing.intake_warnings, name="intake_warnings"),
    path("<int:pk>/activities/print/", listing.activities_print, name="activities_print"),
    path("<int:pk>/activities/versions/", listing.activities_versions, name="activities_versions"),
    path("<int:pk>/activities/step/<slug:step>/", listing.activities_step, name="activities_step"),
    path("<int:pk>/activities/import/", listing.plan_import, name="plan_import"),
    path("imports/<int:pk>/", listing.plan_import_detail, name="plan_import_detail"),
    path("imports/<int:pk>/discard/", listing.plan_import_discard, name="plan_import_discard"),
    path("<int:pk>/activities/new/", activity.activity_create, name="activity_create"),
    path("<int:pk>/activities/propose/", activity.activity_propose, name="activity_propose"),
    path("activities/<int:pk>/", activity.activity_detail, name="activity_detail"),
    path("activities/<int:pk>/edit/", activity.activity_update, name="activity_update"),
    path("activities/<int:pk>/move/", activity.activity_move, name="activity_move"),
    path("activities/<int:pk>/accept/", activity_steps.activity_accept, name="activity_accept"),
    path("activities/<int:pk>/decline/", activity_steps.activity_decline, name="activity_decline"),
    path("activities/<int:pk>/cancel/", activity_steps.activity_cancel, name="activity_cancel"),
    path("activities/<int:pk>/done/", activity_steps.activity_done, name="activity_done"),
    path("activities/<int:pk>/take-up/", activity_steps.activity_take_up, name="activity_take_up"),
    path("activities/<int:pk>/spent/", activity_steps.activity_spent, name="activity_spent"),
    path("activities/<int:pk>/comment/", activity_steps.activity_comment, name="activity_comment"),
    # Advertisements
    path(
        "activities/<int:pk>/advertise/", publication.publication_create, name="publication_create"
    ),
    path(
        "advertisements/<int:pk>/edit/", publication.publication_update, name="publication_update"
    ),
    path(
        "advertisements/<int:pk>/publish/",
        publication.publication_publish,
        name="publication_publish",
    ),
    path(
        "advertisements/<int:pk>/delete/",
        publication.publication_delete,
        name="publication_delete",
    ),
]
