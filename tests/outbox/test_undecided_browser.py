"""Deciding on many messages at once, at the desk and on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox.models import Dispatch, Message, Reason, Status
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import make_message, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_a_moderator_finds_the_group_and_sends_it_again(open_browser, size, language):
    dispatch = Dispatch.objects.create(title="Vebinārs 12.03. · Sākam", purpose="service")
    now = timezone.now()
    unclear = {"status": Status.UNKNOWN, "reason": Reason.UNCLEAR, "attempts": 1, "due_at": now}
    for minutes in (60, 60, -1):
        expires_at = now + timedelta(minutes=minutes)
        make_message(dispatch=dispatch, expires_at=expires_at, **unclear)
    page, found = open_browser(size, "light", language), {}
    sign_in(page, make_user(language=language))

    page.goto(reverse("outbox:message_list") + "?status=undecided")
    found["the list"] = faults(page)
    press(page, ".board-list .btn")
    found["the group"] = faults(page)
    press(page, "[formaction$='/again/']")
    found["one is left"] = faults(page)
    press(page, "[formaction$='/drop/']")
    found["none is left"] = faults(page)

    statuses = Message.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == [Status.PLANNED, Status.PLANNED, Status.SKIPPED]
    assert found == {name: [] for name in found}
