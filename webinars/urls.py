"""Addresses of webinars."""

from django.urls import path

from webinars import views

app_name = "webinars"
urlpatterns = [
    path("<int:pk>/", views.board, name="board"),
    path("<int:pk>/edit/<slug:part>/", views.part_update, name="part_update"),
    path("<int:pk>/checklist/<slug:key>/", views.checklist_tick, name="checklist_tick"),
    path("<int:pk>/contract/", views.contract_file, name="contract_file"),
    path("presenters/", views.presenter_list, name="presenter_list"),
    path("presenters/new/", views.presenter_create, name="presenter_create"),
    path("presenters/<int:pk>/edit/", views.presenter_update, name="presenter_update"),
    path("presenters/<int:pk>/photo/", views.presenter_photo, name="presenter_photo"),
    path("from-activity/<int:pk>/", views.activity_make, name="activity_make"),
]
