"""Who answers an SMS with STOP gets no more."""

import hashlib
import hmac
import json

import pytest
from django.test import Client
from django.urls import reverse

from people.models import AddressBlock
from tests.factories import START, make_participant

pytestmark = pytest.mark.django_db

SECRET = "shared-secret-of-the-number"


@pytest.fixture(autouse=True)
def number(settings):
    settings.MESSENTE_INBOUND_SECRET = SECRET


def write(text, sender="+37120000001", secret=SECRET):
    body = json.dumps({"sender": sender, "text": text, "recipient": "1234"}).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return Client().post(
        reverse("outbox:inbound_sms"),
        body,
        "application/json",
        headers={"X-Messente-Signature": signature},
    )


def blocked():
    return list(AddressBlock.objects.in_force().values_list("medium", "address"))


@pytest.mark.parametrize("text", ["STOP", " stop.", "Beigt!", "ATTEIKTIES no SMS", "Стоп"])
def test_a_word_that_says_stop_blocks_the_number_and_withdraws_consent(text):
    person = make_participant(phone="+37120000001", offers_by_sms_at=START)

    assert write(text).status_code == 200
    assert write(text).status_code == 200

    person.refresh_from_db()
    assert blocked() == [("sms", "+37120000001")]
    assert person.offers_by_sms_at is None


@pytest.mark.parametrize("text", ["", "Paldies!", "Nestop", "Please do not stop"])
def test_other_words_block_nobody(text):
    assert write(text).status_code == 200
    assert blocked() == []


def test_a_sender_that_is_no_number_blocks_nobody():
    assert write("STOP", sender="Bank").status_code == 200
    assert blocked() == []


def test_who_cannot_sign_is_not_heard(settings):
    assert write("STOP", secret="guessed").status_code == 401
    assert (
        Client().post(reverse("outbox:inbound_sms"), b"{}", "application/json").status_code == 401
    )
    assert Client().get(reverse("outbox:inbound_sms")).status_code == 405

    settings.MESSENTE_INBOUND_SECRET = ""
    assert write("STOP").status_code == 404
    assert blocked() == []


def test_what_is_no_sms_is_refused():
    body = b'{"text": "STOP"}'
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()

    response = Client().post(
        reverse("outbox:inbound_sms"),
        body,
        "application/json",
        headers={"X-Messente-Signature": signature},
    )

    assert response.status_code == 400
