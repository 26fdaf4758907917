"""Messages about the dates of steps: once, on a working day, to those responsible."""

from datetime import date, timedelta

import pytest
from django.core import mail

from accounts.models import Role
from outbox import delivery
from outbox.models import Message
from plans.models import Intake
from smmprocess import step_messages
from smmprocess.models import StepNotice
from tests.factories import make_event, make_goal, make_user, make_year, riga
from tests.plans.making import make_intake

pytestmark = pytest.mark.django_db

NEARS, PASSED = StepNotice.Occasion.NEARS, StepNotice.Occasion.PASSED
BEGINS = date(2026, 9, 3)
"""A Thursday, so that the plans are due on Tuesday 4 August and to be told of on 28 July."""


@pytest.fixture
def head():
    return make_user(language="en")


@pytest.fixture
def intake(head):
    return make_intake(
        by=head, season="autumn", begins_on=BEGINS, ends_on=BEGINS + timedelta(days=110)
    )


@pytest.fixture
def _goals_are_approved(head):
    document = make_year(2026).document
    document.submit(by=head, at=riga(2025, 12, 1, 10), content=lambda: {"lines": []})
    document.approve(by=make_user(role=Role.DIRECTOR), at=riga(2025, 12, 2, 10))
    Message.objects.all().delete()


def told():
    notices = StepNotice.objects.order_by("pk")
    return [(each.step, each.period, each.occasion) for each in notices]


def to(user):
    return list(Message.objects.filter(user=user).order_by("pk"))


@pytest.mark.usefixtures("_goals_are_approved")
@pytest.mark.parametrize(
    ("now", "occasion"),
    [
        (riga(2026, 7, 27, 10), None),
        (riga(2026, 7, 28, 8, 59), None),
        (riga(2026, 7, 28, 9), NEARS),
        (riga(2026, 7, 28, 16, 59), NEARS),
        (riga(2026, 7, 28, 17), None),
        (riga(2026, 7, 31, 10), NEARS),  # beat was away for days
        (riga(2026, 8, 1, 10), None),  # a Saturday
        (riga(2026, 8, 4, 10), NEARS),
        (riga(2026, 8, 5, 9), PASSED),
        (riga(2026, 8, 18, 10), PASSED),
        (riga(2026, 8, 19, 10), None),  # no news any more
    ],
)
def test_plans_are_told_of_a_week_before_and_once_their_day_is_over(intake, now, occasion):
    step_messages.queue_due(now)

    every = [(number, "2026-autumn", occasion) for number in ("2", "3", "4")]
    assert told() == (every if occasion else [])


@pytest.mark.usefixtures("_goals_are_approved")
def test_however_often_beat_ticks_each_is_told_once(head, intake):
    mornings = [riga(2026, 7, day, hour) for day in (28, 29, 30) for hour in (9, 10, 16)]

    assert [step_messages.queue_due(now) for now in mornings] == [3, *([0] * 8)]
    assert len(to(head)) == 3


@pytest.mark.usefixtures("_goals_are_approved")
def test_two_workers_at_once_write_once(monkeypatch, head, intake):
    now = riga(2026, 7, 28, 9)
    occurrences = list(step_messages._due(now.date(), now))

    first = [step_messages._tell(each, now) for each in occurrences]
    second = [step_messages._tell(each, now) for each in occurrences]

    assert (first, second) == ([1, 1, 1], [0, 0, 0])
    assert len(to(head)) == 3


@pytest.mark.usefixtures("_goals_are_approved")
def test_an_intake_that_is_put_off_is_told_of_again(head, intake):
    step_messages.queue_due(riga(2026, 7, 28, 9))
    Intake.objects.update(begins_on=BEGINS + timedelta(days=14))

    assert step_messages.queue_due(riga(2026, 8, 3, 9)) == 0
    assert step_messages.queue_due(riga(2026, 8, 11, 9)) == 3


@pytest.mark.parametrize(
    ("begins_on", "morning"),
    [
        (date(2026, 5, 4), riga(2026, 3, 30, 9)),  # due on 4 April; the clocks went forward
        (date(2026, 12, 1), riga(2026, 10, 26, 9)),  # due on 1 November; they went back
    ],
)
@pytest.mark.usefixtures("_goals_are_approved")
def test_nine_is_nine_over_both_clock_changes(head, begins_on, morning):
    """The week before begins on the weekend of the change; the next Monday at nine tells of it."""
    make_intake(by=head, begins_on=begins_on, ends_on=begins_on + timedelta(days=90))

    early = step_messages.queue_due(morning - timedelta(minutes=1))

    assert (early, step_messages.queue_due(morning)) == (0, 3)


def test_the_goals_are_the_years_whatever_intakes_it_has(head, intake):
    make_intake(by=head, begins_on=date(2026, 1, 20))

    step_messages.queue_due(riga(2026, 1, 5, 9))

    assert [each for each in told() if each[0] == "1"] == [("1", "2026", PASSED)]


def test_next_years_goals_are_told_of_before_there_is_any_intake(head):
    assert step_messages.queue_due(riga(2025, 12, 29, 9)) == 1
    assert told() == [("1", "2026", NEARS)]


@pytest.mark.usefixtures("_goals_are_approved")
def test_what_is_done_is_not_told_of(head, intake):
    document = intake.communication_plan.document
    document.submit(by=head, at=riga(2026, 7, 1, 10), content=lambda: {"lines": []})
    document.approve(by=make_user(role=Role.DIRECTOR), at=riga(2026, 7, 2, 10))

    step_messages.queue_due(riga(2026, 7, 28, 9))

    assert [number for number, *_rest in told()] == ["3", "4"]


@pytest.mark.usefixtures("_goals_are_approved")
def test_what_waits_for_approval_is_told_to_the_director(head, intake):
    director = make_user(role=Role.DIRECTOR)
    intake.communication_plan.document.submit(
        by=head, at=riga(2026, 7, 20, 10), content=lambda: {"lines": []}
    )
    Message.objects.all().delete()

    step_messages.queue_due(riga(2026, 7, 28, 9))

    assert [letter.subject.split(",")[0] for letter in to(director)] == ["By 04 Aug 2026: step 2"]
    assert len(to(head)) == 2


@pytest.mark.usefixtures("_goals_are_approved")
def test_open_days_are_told_to_the_specialist_too_and_webinars_only_beforehand(head, intake):
    specialist = make_user(role=Role.SPECIALIST)
    make_event(kind="open_day", starts_at=riga(2026, 10, 14, 18))
    make_event(kind="webinar", starts_at=riga(2026, 11, 7, 18))

    step_messages.queue_due(riga(2026, 10, 5, 9))
    step_messages.queue_due(riga(2026, 10, 8, 9))

    assert told() == [
        ("5.1", "2026-autumn", NEARS),
        ("5.2", "2026-autumn", NEARS),
        ("5.2", "2026-autumn", PASSED),
    ]
    assert (len(to(head)), len(to(specialist))) == (3, 2)


@pytest.mark.usefixtures("_goals_are_approved")
def test_a_letter_about_publishing_names_the_events_of_its_day(settings, head, intake):
    near, late = (
        make_event(kind="webinar", title_en=title, starts_at=starts_at)
        for title, starts_at in (
            ("Later", riga(2026, 11, 7, 18)),
            ("Sooner", riga(2026, 10, 20, 18)),
        )
    )

    step_messages.queue_due(riga(2026, 10, 5, 9))

    [letter] = to(head)
    assert letter.subject.startswith("By 07 Oct 2026: step 5.1")
    assert f"– Later: {settings.SITE_URL}/webinars/{near.pk}/" in letter.body
    assert late.title_en not in letter.body


@pytest.mark.usefixtures("_goals_are_approved")
def test_the_review_is_called_for_before_its_day(head):
    make_intake(by=head, begins_on=date(2026, 1, 12), ends_on=date(2026, 6, 30))

    step_messages.queue_due(riga(2026, 7, 27, 9))

    assert told() == [("7", "2026-spring", NEARS)]
    assert "The figures are not frozen for the review yet." in to(head)[0].body


def test_the_letter_says_what_is_there_in_the_readers_language(head):
    latvian = make_user(language="lv")
    make_goal(make_year(2026))

    step_messages.queue_due(riga(2026, 1, 5, 9))
    delivery.send_due("smtp", lambda: riga(2026, 1, 5, 9))

    english, translated = to(head)[0], to(latvian)[0]
    assert english.subject == "The date has passed: step 1, 2026"
    assert "was to be done by 01 Jan 2026." in english.body
    assert "Now: late.\n1 goal.\n1 goal has no target." in english.body
    assert "/?period=2026" in english.body
    assert translated.subject == "Termiņš pagājis: 1. solis, 2026"
    assert "1 mērķis." in translated.body
    assert {letter.to[0] for letter in mail.outbox} == {head.email, latvian.email}


def test_with_nobody_to_write_to_it_waits_for_somebody():
    make_user(role=Role.SPECIALIST)

    assert step_messages.queue_due(riga(2026, 1, 5, 9)) == 0
    make_user()

    assert step_messages.queue_due(riga(2026, 1, 5, 9, 10)) == 1
