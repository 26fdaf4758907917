"""When a webinar has to be published, and how its people are warned that it is not."""

from datetime import date, timedelta

import pytest
import time_machine

from events import advertising, changes
from events.models import EventAlert
from outbox.models import Message
from tests.factories import START, make_event, make_user, riga
from tests.webinars.making import (
    LONG_BEFORE,
    channels_of,
    make_banner,
    make_plan,
    make_webinar,
    sign,
)
from webinars import tasks
from webinars.promotion import due_on
from webinars.warnings import warn_unpublished


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize(
    ("starts_at", "due"),
    [
        (riga(2026, 3, 31, 18), date(2026, 2, 28)),
        (riga(2028, 3, 31, 18), date(2028, 2, 29)),
        (riga(2026, 5, 31, 18), date(2026, 4, 30)),
        (riga(2026, 1, 15, 18), date(2025, 12, 15)),
        (riga(2026, 4, 1, 0, 30), date(2026, 3, 1)),
        (riga(2026, 3, 29, 18), date(2026, 2, 28)),
        (riga(2026, 10, 25, 0, 30), date(2026, 9, 25)),
    ],
)
def test_publication_is_due_a_calendar_month_before_by_the_days_in_riga(starts_at, due):
    assert due_on(starts_at) == due


needs_database = pytest.mark.django_db


@needs_database
@pytest.mark.parametrize(
    ("starts_at", "mornings"),
    [
        (START, [riga(2026, 2, 9, 8), riga(2026, 2, 18, 8), riga(2026, 3, 4, 8)]),
        (
            riga(2026, 4, 10, 18),
            [riga(2026, 3, 11, 8), riga(2026, 3, 20, 8), riga(2026, 4, 3, 8)],
        ),
        (
            riga(2026, 11, 5, 0, 30),
            [riga(2026, 10, 6, 8), riga(2026, 10, 15, 8), riga(2026, 10, 29, 8)],
        ),
    ],
)
def test_each_warning_goes_once_at_eight_in_riga_over_both_clock_changes(starts_at, mornings):
    make_webinar(starts_at=starts_at, created_at=starts_at - timedelta(days=60))
    minute = timedelta(minutes=1)

    counts = [
        (warn_unpublished(at - minute), warn_unpublished(at), warn_unpublished(at + minute))
        for at in mornings
    ]

    assert counts == [(0, 1, 0)] * 3
    assert list(Message.objects.order_by("pk").values_list("due_at", flat=True)) == mornings


@needs_database
def test_a_warning_is_made_up_for_when_beat_was_away_and_those_missed_go_as_one():
    make_webinar(created_at=LONG_BEFORE)

    counts = [warn_unpublished(riga(2026, 2, day, 14)) for day in (20, 21)]

    assert counts == [1, 0]
    assert EventAlert.objects.get().about_at == riga(2026, 2, 18, 8)


@needs_database
def test_a_webinar_is_not_warned_about_what_had_passed_when_it_was_made():
    make_webinar(created_at=riga(2026, 2, 12, 9))

    counts = [warn_unpublished(riga(2026, 2, day, 9)) for day in (12, 17, 18)]

    assert counts == [0, 0, 1]


@needs_database
def test_a_moved_webinar_is_warned_about_by_its_new_day():
    webinar = make_webinar(created_at=LONG_BEFORE)
    assert warn_unpublished(riga(2026, 2, 9, 8)) == 1
    later, now = START + timedelta(days=21), riga(2026, 2, 10, 9)

    changes.move(webinar.event, later, later + timedelta(hours=1), by_id=None, now=now)

    assert [warn_unpublished(riga(2026, *day, 9)) for day in ((3, 1), (3, 2))] == [0, 1]


@needs_database
def test_nobody_is_warned_once_it_is_published_or_when_it_is_cancelled():
    published, cancelled, waiting = (
        make_webinar(created_at=LONG_BEFORE, activity=plan) for plan in plans()
    )
    sign(published)
    make_banner(published.event)
    for channel in channels_of(published).values():
        record(published, channel)
    changes.cancel(cancelled.event, "Ill", by_id=None, now=LONG_BEFORE)

    assert warn_unpublished(riga(2026, 2, 9, 8)) == 1

    assert EventAlert.objects.get().event == waiting.event


def record(webinar, channel):
    url, by = "https://f.example/1", make_user()
    advertising.record(webinar.event, channel, url, by=by, at=LONG_BEFORE)


@needs_database
def test_one_channel_of_the_two_is_not_enough_and_the_letter_names_the_other():
    webinar = make_webinar(created_at=LONG_BEFORE, moderator=make_user(language="en"))
    sign(webinar)
    make_banner(webinar.event)
    record(webinar, channels_of(webinar)["facebook"])

    warn_unpublished(riga(2026, 2, 9, 8))

    assert Message.objects.latest("pk").subject.endswith("nothing is published on Instagram")


@needs_database
@pytest.mark.parametrize(
    ("day", "words"),
    [
        (riga(2026, 2, 9, 8), "It is to be published on Facebook and Instagram by 11.02.2026."),
        (riga(2026, 2, 18, 8), "It was to be published on Facebook and Instagram by 11.02.2026."),
    ],
)
def test_the_letter_says_whether_the_day_of_publication_has_passed(day, words):
    make_webinar(created_at=LONG_BEFORE, moderator=make_user(language="en"))

    warn_unpublished(day)

    assert words in Message.objects.get().body


def plans():
    return [make_plan() for _ in range(3)]


@needs_database
def test_an_open_day_and_a_webinar_that_has_begun_are_not_warned_about():
    make_event(created_at=LONG_BEFORE)
    make_webinar(created_at=LONG_BEFORE)

    assert [warn_unpublished(START), warn_unpublished(START - timedelta(minutes=1))] == [0, 1]


@needs_database
def test_the_owner_of_the_activity_is_written_to_in_her_language_else_who_moderates():
    owner, moderator = make_user(language="lv"), make_user(language="en")
    plan = make_plan(owner=owner)
    make_webinar(created_at=LONG_BEFORE, activity=plan, moderator=moderator)
    other = make_plan()
    make_webinar(created_at=LONG_BEFORE, activity=other, moderator=moderator)

    warn_unpublished(riga(2026, 2, 9, 8))

    subjects = {message.user: message.subject for message in Message.objects.all()}
    assert subjects == {
        owner: "Vebinārs ir pēc 30 dienām, bet nav publicēts: Facebook, Instagram",
        moderator: "Webinar is in 30 days, and nothing is published on Facebook, Instagram",
    }


@needs_database
def test_a_warning_nobody_could_send_is_of_no_use_after_two_days_or_at_the_start():
    make_webinar(created_at=LONG_BEFORE)

    warn_unpublished(riga(2026, 2, 9, 8))
    warn_unpublished(START - timedelta(hours=3))

    expire = Message.objects.order_by("pk").values_list("expires_at", flat=True)
    assert list(expire) == [riga(2026, 2, 11, 8), START]


@needs_database
@time_machine.travel(riga(2026, 2, 9, 8), tick=False)
def test_the_task_warns():
    make_webinar(created_at=LONG_BEFORE)

    assert tasks.warn_unpublished() == 1
