"""Addresses of series of open days, and of an open day's preparation."""

from django.urls import path

from opendays.views import board, series

app_name = "opendays"
urlpatterns = [
    path("", series.series_list, name="series_list"),
    path("new/", series.series_create, name="series_create"),
    path("<int:pk>/", series.series_detail, name="series_detail"),
    path("<int:pk>/edit/", series.series_update, name="series_update"),
    path("<int:pk>/extend/", series.series_extend, name="series_extend"),
    path("occurrences/<int:pk>/skip/", series.occurrence_skip, name="occurrence_skip"),
    path("events/<int:pk>/", board.board, name="board"),
    path("events/<int:pk>/concept/", board.concept_update, name="concept_update"),
    path("events/<int:pk>/leads/", board.lead_count_update, name="lead_count_update"),
    path("from-activity/<int:pk>/", board.activity_make, name="activity_make"),
]
