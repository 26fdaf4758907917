"""Addresses of rehearsals."""

from django.urls import URLPattern, path

from events.views import rehearsal

ONE = "events/<int:pk>/rehearsals/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("events/<int:pk>/rehearsals/new/", rehearsal.rehearsal_create, name="rehearsal_create"),
    path(ONE, rehearsal.rehearsal_detail, name="rehearsal_detail"),
    path(f"{ONE}clock/", rehearsal.rehearsal_clock, name="rehearsal_clock"),
    path(f"{ONE}act/", rehearsal.rehearsal_act, name="rehearsal_act"),
    path(f"{ONE}send/", rehearsal.rehearsal_send, name="rehearsal_send"),
    path(f"{ONE}delete/", rehearsal.rehearsal_delete, name="rehearsal_delete"),
]
