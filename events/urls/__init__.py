"""Addresses of the events app, by subject."""

from events.urls import (
    attendance_report,
    bitrix24,
    event,
    material,
    participant,
    promotion,
    public,
    rehearsal,
    rule,
)

app_name = "events"
urlpatterns = [
    *event.urlpatterns,
    *attendance_report.urlpatterns,
    *material.urlpatterns,
    *promotion.urlpatterns,
    *participant.urlpatterns,
    *rule.urlpatterns,
    *rehearsal.urlpatterns,
    *bitrix24.urlpatterns,
    *public.urlpatterns,
]
