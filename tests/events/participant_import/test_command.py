"""Importing a list of participants from the command line."""

import io

import pytest
from django.core.management import CommandError, call_command

from events.models import Registration
from people.models import Participant
from tests.events.participant_import.lists import ABUSES, ANNA, HEADER, JANIS, xlsx


def run(event, path, *options):
    out, progress = io.StringIO(), io.StringIO()
    call_command("import_participants", event, str(path), *options, stdout=out, stderr=progress)
    return out.getvalue(), progress.getvalue()


@pytest.mark.django_db
def test_the_command_says_what_became_of_each_row(coming, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(xlsx(HEADER, ANNA, JANIS, ("Zane", None, None, None, None)).read())

    dry, progress = run(str(coming.pk), path, "--dry-run")
    assert Registration.objects.count() == 0
    done, _progress = run(coming.slug, path, "--confirm", "--language", "en")

    reason = "There is neither an e-mail address nor a phone number. Add one of them."
    assert dry.splitlines() == [
        f"row 4: skipped: {reason}",
        "Would be: 2 added, 0 already, 0 merged, 1 skipped, 0 warnings.",
    ]
    assert done.splitlines()[-1] == "Done: 2 added, 0 already, 0 merged, 1 skipped, 0 warnings."
    assert "Row 4 of about 4" in progress
    assert list(coming.registrations.values_list("is_confirmed", "participant__language")) == [
        (True, "en"),
        (True, "en"),
    ]


@pytest.mark.django_db
def test_the_command_names_an_event_or_a_file_that_is_not_there(coming, tmp_path):
    with pytest.raises(CommandError, match="There is no event “12345”"):
        run("12345", tmp_path / "list.xlsx")
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run(str(coming.pk), tmp_path / "list.xlsx")


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "sentence"), ABUSES)
def test_a_file_that_is_no_list_ends_the_command(coming, tmp_path, content, sentence):
    path = tmp_path / "list.xlsx"
    path.write_bytes(content())

    with pytest.raises(CommandError, match=sentence):
        call_command("import_participants", str(coming.pk), str(path), stderr=io.StringIO())

    assert Participant.objects.count() == 0
