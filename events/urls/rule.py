"""Addresses of reminder rules, their texts, and offers."""

from django.urls import URLPattern, path

from events.views import offer, rule

urlpatterns: list[URLPattern] = [
    path("reminders/", rule.rule_list, name="rule_list"),
    path("reminders/add/<slug:kind>/", rule.rule_create, name="rule_create"),
    path("reminders/<int:pk>/", rule.rule_detail, name="rule_detail"),
    path("reminders/<int:pk>/edit/", rule.rule_update, name="rule_update"),
    path("reminders/<int:pk>/check/", rule.rule_check, name="rule_check"),
    path(
        "reminders/<int:pk>/texts/<slug:language>/<slug:variant>/",
        rule.text_update,
        name="text_update",
    ),
    path("offers/", offer.offer_list, name="offer_list"),
    path("offers/add/", offer.offer_create, name="offer_create"),
    path("offers/<int:pk>/", offer.offer_detail, name="offer_detail"),
    path("offers/<int:pk>/edit/", offer.offer_update, name="offer_update"),
    path("offers/<int:pk>/copy/", offer.offer_copy, name="offer_copy"),
]
