"""What a migration makes of rows that are already in the ledger."""

from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from outbox.models import Message, Reason, Status
from tests.factories import START, make_message

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


def migrate(name):
    executor = MigrationExecutor(connection)
    executor.migrate([("outbox", name)])
    return executor.loader.project_state([("outbox", name)]).apps


@pytest.mark.django_db(transaction=True)
def test_what_a_stopped_worker_had_in_hand_and_not_begun_waits_again_after_the_upgrade():
    waiting, begun = make_message(), make_message()
    old = migrate("0009_reason_left_unclear").get_model("outbox", "Message").objects
    claimed = {"status": "calling", "claim": uuid4(), "attempts": 1}
    claimed["lease_until"] = START + timedelta(seconds=150)
    old.filter(pk=waiting.pk).update(**claimed, is_in_hand=True)
    old.filter(pk=begun.pk).update(**claimed, is_in_hand=False)

    migrate("0011_claim")

    kept = Message.objects.in_bulk()
    assert (kept[waiting.pk].status, kept[waiting.pk].attempts) == (Status.PLANNED, 0)
    assert (kept[waiting.pk].claim, kept[waiting.pk].lease_until) == (None, None)
    assert (kept[begun.pk].status, kept[begun.pk].attempts) == (Status.CALLING, 1)
