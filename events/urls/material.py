"""Addresses of an event's materials."""

from django.urls import URLPattern, path

from events.views import material

urlpatterns: list[URLPattern] = [
    path("events/<int:pk>/materials/new/", material.material_create, name="material_create"),
    path("materials/<int:pk>/edit/", material.material_update, name="material_update"),
    path(
        "materials/<int:pk>/version/",
        material.material_version_create,
        name="material_version_create",
    ),
    path(
        "materials/versions/<int:pk>/approve/", material.material_approve, name="material_approve"
    ),
    path(
        "materials/versions/<int:pk>/send-back/",
        material.material_send_back,
        name="material_send_back",
    ),
    path("materials/versions/<int:pk>/file/", material.material_file, name="material_file"),
]
