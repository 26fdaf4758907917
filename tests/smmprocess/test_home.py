"""The home page draws the process."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils.html import escape

from events.models import Event
from smmprocess.overview import activity_of, boxes
from smmprocess.process import STEPS
from tests.factories import make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 12, 15, tzinfo=UTC)


def make_event_row(**fields):
    fields.setdefault("kind", "open_day")
    fields.setdefault("title", "Open day")
    fields.setdefault("starts_at", NOW + timedelta(hours=3))
    fields.setdefault("ends_at", fields["starts_at"] + timedelta(hours=1))
    return Event.objects.create(**fields)


def every_step():
    return [step for whole in STEPS for step in (whole, *whole.parts)]


def test_the_process_has_nine_boxes_in_order():
    numbers = [step.number for step in every_step()]

    assert numbers == ["1", "2", "3", "4", "5", "5.1", "5.2", "6", "7"]


def test_the_page_shows_each_box_with_responsible_document_and_when(client_for):
    page = client_for(make_user()).get("/").content.decode()

    missing = [
        (step.number, words)
        for step in every_step()
        for words in (step.name, step.responsible, step.document, step.when, *step.includes)
        if escape(str(words)) not in page
    ]
    assert missing == []
    assert "Marketing goals defined" in page
    assert "Planned goals reached" in page


def test_only_the_steps_with_events_are_live():
    live = [
        box.step.number
        for whole in boxes(NOW)
        for box in (whole, *whole.parts)
        if box.activity is not None
    ]

    assert live == ["5.1", "5.2"]


def test_activity_counts_what_is_still_to_come_and_names_the_next():
    later = make_event_row(starts_at=NOW + timedelta(days=7))
    coming = make_event_row(starts_at=NOW + timedelta(days=2))
    make_event_row(starts_at=NOW - timedelta(days=7))
    make_event_row(kind="webinar")
    make_event_row(cancelled_at=NOW, cancel_reason="Ill.")

    activity = activity_of("open_day", NOW)

    assert (activity.upcoming, activity.next_event, activity.problems) == (2, coming, [])
    assert later.starts_at > coming.starts_at


def test_an_event_that_starts_soon_without_a_room_is_a_problem(client_for):
    make_event_row(room_url="")

    with time_machine.travel(NOW, tick=False):
        page = client_for(make_user()).get("/").content.decode()

    assert "The online room is still missing." in page


def test_an_event_with_everything_in_place_is_no_problem():
    make_event_row(room_url="https://room.example/1")

    assert activity_of("open_day", NOW).problems == []


def test_stopped_reminders_are_a_problem():
    make_event_row(room_url="https://room.example/1", reminders_stopped_at=NOW)

    assert activity_of("open_day", NOW).problems == ["Its reminders are stopped."]


def test_a_markup_title_stays_text(client_for):
    make_event_row(title="<b>Open</b>", starts_at=NOW)

    with time_machine.travel(NOW, tick=False):
        page = client_for(make_user()).get("/").content.decode()

    assert "&lt;b&gt;Open&lt;/b&gt;" in page
