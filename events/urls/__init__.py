"""Addresses of the events app, by subject."""

from events.urls import bitrix24, event, participant, public, rule

app_name = "events"
urlpatterns = [
    *event.urlpatterns,
    *participant.urlpatterns,
    *rule.urlpatterns,
    *bitrix24.urlpatterns,
    *public.urlpatterns,
]
