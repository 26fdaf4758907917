"""Blocks, detours and delivered SMS as a browser shows them, at the desk and on a phone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from integrations.messente.sandbox import Account, running_sandbox
from integrations.messente.sandbox.reports import Style
from outbox import delivery, delivery_reports, stop_lists
from outbox.models import ChannelState, Message
from people.models import AddressBlock
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import make_message, make_participant, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STOPPED = "+37120000009"


@pytest.fixture
def gateway(settings, live_server):
    """Connect both SMS providers; Messente is a sandbox that has reported before it answers."""
    account = Account(style=Style.EARLY)
    account.blacklist.add(STOPPED)
    with running_sandbox(account) as sandbox:
        settings.SMS_CHANNEL = "messente_sms"
        settings.MESSENTE_USERNAME = account.username
        settings.MESSENTE_PASSWORD = account.password
        settings.MESSENTE_SENDER = "BVK"
        settings.MESSENTE_API_URL = sandbox.api_url
        settings.BITRIX24_WEBHOOK_URL = "https://college.bitrix24.eu/rest/1/secret/"
        settings.BITRIX24_SMS_TEMPLATE_ID = 2
        settings.SITE_URL = live_server.url
        yield sandbox


def make_sms(phone):
    person = make_participant(phone=phone)
    return make_message(
        channel="messente_sms",
        medium="sms",
        participant=person,
        address=phone,
        due_at=timezone.now(),
    )


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_an_sms_arrives_a_stop_is_heeded_and_a_silent_provider_is_gone_round(
    open_browser, gateway, size, language
):
    arrived = make_sms("+37120000001")
    delivery.send_due("messente_sms", timezone.now)
    delivery_reports.take(timezone.now())
    make_sms(STOPPED)
    stop_lists.read_all(timezone.now())
    make_sms("+37120000002")
    problem = "The balance of the account is used up."
    ChannelState.objects.update_or_create(
        channel="messente_sms", defaults={"needs_a_person": True, "problem": problem}
    )
    page, found = open_browser(size, "light", language), {}
    sign_in(page, make_user(language=language))

    page.goto(reverse("outbox:message_detail", args=[arrived.pk]))
    found["delivered"] = faults(page)
    assert page.locator(".state.is-ok").count() == 1

    page.goto(reverse("events:block_list"))
    found["blocked"] = faults(page)
    press(page, ".row-actions a")
    page.fill("[name=reason]", "Zvanīja un lūdza.")
    press(page, "main form .btn-primary")
    found["a stop that stays"] = faults(page)
    assert AddressBlock.objects.in_force().count() == 1

    page.goto(reverse("outbox:message_list"))
    found["a silent provider"] = faults(page)
    press(page, "form[action='/outbox/detour/messente_sms/bitrix24_sms/'] button")
    found["the detour"] = faults(page)
    assert set(Message.objects.planned().values_list("channel", flat=True)) == {"bitrix24_sms"}
    press(page, ".notice form[action$='/end/'] button")

    assert set(Message.objects.planned().values_list("channel", flat=True)) == {"messente_sms"}
    assert found == {name: [] for name in found}
