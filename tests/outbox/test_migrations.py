"""What a migration makes of rows that are already in the ledger."""

from importlib import import_module

import pytest
from django.apps import apps

from outbox.models import Message, Reason, Status
from tests.factories import make_message

pytestmark = pytest.mark.django_db


def test_half_written_messages_of_an_earlier_version_lose_their_text_and_name_the_fault():
    failed = {"status": Status.FAILED, "reason": Reason.TEXT_INCOMPLETE}
    half = make_message(**failed)
    incomplete = make_message(**failed, subject="", body="")
    refused = make_message(status=Status.FAILED, reason=Reason.REFUSED)

    import_module("outbox.migrations.0005_fault_of_the_program").name_the_fault(apps, None)

    kept = Message.objects.in_bulk()
    assert (kept[half.pk].reason, kept[half.pk].body) == (Reason.PROGRAM_FAULT, "")
    assert kept[incomplete.pk].reason == Reason.TEXT_INCOMPLETE
    assert (kept[refused.pk].reason, kept[refused.pk].body) == (Reason.REFUSED, "We begin soon.")
