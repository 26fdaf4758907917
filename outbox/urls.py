"""Addresses of the outbox."""

from django.urls import path, register_converter

from outbox import provider_calls, undecided, views


class DecisionConverter:
    """One of the decisions people can take on a message."""

    regex = "|".join(views.DECISIONS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CommonDecisionConverter(DecisionConverter):
    """One of those they can take on many at once."""

    regex = "|".join(undecided.DECISIONS)


register_converter(DecisionConverter, "decision")
register_converter(CommonDecisionConverter, "common_decision")

app_name = "outbox"
urlpatterns = [
    path("", views.message_list, name="message_list"),
    path("<int:pk>/", views.message_detail, name="message_detail"),
    path("<int:pk>/<decision:decision>/", views.message_decide, name="message_decide"),
    path(
        "undecided/<int:dispatch>/<slug:channel>/", views.undecided_detail, name="undecided_detail"
    ),
    path(
        "undecided/<int:dispatch>/<slug:channel>/<common_decision:decision>/",
        views.undecided_decide,
        name="undecided_decide",
    ),
    path("messente/report", provider_calls.delivery_report, name="delivery_report"),
    path("messente/inbound", provider_calls.inbound_sms, name="inbound_sms"),
    path("detour/<slug:channel>/<slug:goes_by>/", views.detour_begin, name="detour_begin"),
    path("detours/<int:pk>/end/", views.detour_end, name="detour_end"),
    path("stop/", views.sending_pause, name="sending_pause"),
    path("resume/", views.sending_resume, name="sending_resume"),
]
