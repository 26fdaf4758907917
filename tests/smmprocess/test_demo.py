"""The demonstration college: believable, about to start, and the same after a second run."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Role, User
from events.models import Event, Registration
from events.participant_list import read
from opendays.models import Occurrence
from outbox.models import Message, Status
from smmprocess.demo.list_file import write_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, tmp_path):
    settings.VAR_DIR = settings.BASE_DIR = tmp_path
    settings.BITRIX24_WEBHOOK_URL = ""

    def run():
        printed = StringIO()
        call_command("demo", stdout=printed)
        return printed.getvalue()

    return run


def counts():
    return [model.objects.count() for model in (User, Event, Registration, Message)]


def test_an_open_day_is_about_to_start_and_everybody_can_sign_in(demo):
    printed = demo()

    soon = Event.objects.get(
        kind="open_day", starts_at__range=(timezone.now(), timezone.now() + timedelta(minutes=17))
    )
    assert soon.registrations.count() == 46
    assert set(User.objects.values_list("role", flat=True)) == set(Role.values)
    assert all(user.email in printed for user in User.objects.all())
    assert Occurrence.objects.count() == 8


def test_the_weeks_before_have_a_history_with_words_for_everybody(demo):
    demo()

    sent = Message.objects.filter(status=Status.HANDED_OVER)
    keys = set(sent.values_list("dispatch__reminder__rule__key", flat=True))
    assert keys == {"before_15", "begun_10", "offer"}
    assert not sent.filter(body="").exists()


def test_a_second_run_changes_nothing(demo):
    demo()
    first = counts()

    demo()

    assert counts() == first


def test_the_list_to_import_has_the_faults_lists_have(tmp_path):
    write_list(tmp_path / "list.xlsx")

    with (tmp_path / "list.xlsx").open("rb") as file:
        found = read(file, filename="list.xlsx")

    assert (len(found.rows), found.empty_rows) == (59, 1)
    assert len(found.all_problems()) >= 3
