from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from goals import years
from goals.models import Goal
from plans import roll_forward
from plans.models import Activity, Intake, Publication, Wording
from tests.factories import make_goal, make_indicator, make_user, make_year, riga
from tests.plans.making import (
    NOW,
    make_activity,
    make_audience,
    make_channel,
    make_intake,
    make_message,
    make_publication,
)

clocks = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(None))
weeks = st.integers(-60, 120)
TARGET = Intake(year=2027, season="spring", begins_on=date(2027, 1, 11), ends_on=date(2027, 6, 30))


def planned(starts_at, **fields):
    return Activity(
        title="Lecture", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), **fields
    )


def line(activity, weeks):
    (found,) = roll_forward.preview([activity], TARGET, weeks=weeks)
    return found


def wall(moment):
    local = timezone.localtime(moment)
    return local.weekday(), local.time()


@given(clocks, weeks)
def test_a_weekday_and_the_clock_stay_whatever_lies_between(naive, weeks):
    starts_at = riga(naive.year, naive.month, naive.day, 18)

    found = line(planned(starts_at), weeks)

    assert wall(found.starts_at) == wall(starts_at)
    moved = timezone.localtime(found.starts_at).date() - timezone.localtime(starts_at).date()
    assert moved == timedelta(weeks=weeks)


@given(clocks, weeks)
def test_what_is_rolled_on_and_back_again_is_where_it_was(naive, weeks):
    # Not in the night in which an hour is missing: that hour cannot come back.
    starts_at = riga(naive.year, naive.month, naive.day, 12, naive.minute)

    there = line(planned(starts_at), weeks)

    assert line(planned(there.starts_at), -weeks).starts_at == starts_at


@pytest.mark.parametrize(
    ("starts_at", "weeks", "lands_at"),
    [
        (riga(2026, 3, 25, 18), 1, riga(2026, 4, 1, 18)),
        (riga(2026, 10, 21, 18), 1, riga(2026, 10, 28, 18)),
        (riga(2026, 12, 30, 18), 1, riga(2027, 1, 6, 18)),
        (riga(2026, 3, 11, 0, 30), 52, riga(2027, 3, 10, 0, 30)),
        (riga(2026, 3, 22, 3, 30), 1, riga(2026, 3, 29, 4, 30)),
    ],
)
def test_over_both_clock_changes_and_year_ends_the_wall_clock_counts(starts_at, weeks, lands_at):
    assert line(planned(starts_at), weeks).starts_at == lands_at


def test_what_lands_on_a_holiday_a_weekend_or_outside_is_marked():
    with translation.override("lv"):
        holiday = line(planned(riga(2026, 5, 5, 18)), 52)
    weekend = line(planned(riga(2026, 3, 14, 18)), 52)
    outside = line(planned(riga(2026, 7, 1, 18)), 52)
    usual = line(planned(riga(2026, 3, 11, 18)), 52)

    assert [each.name for each in holiday.holidays] == [
        "Latvijas Republikas Neatkarības atjaunošanas diena"
    ]
    assert usual.holidays == ()
    assert (weekend.is_on_weekend, usual.is_on_weekend) == (True, False)
    assert (outside.is_outside, usual.is_outside) == (False, False)
    assert line(planned(riga(2026, 7, 8, 18)), 52).is_outside


def test_every_week_of_a_series_is_looked_at():
    weekly = planned(riga(2026, 4, 14, 18), last_on=date(2026, 5, 26))
    beyond = planned(riga(2026, 6, 24, 18), last_on=date(2026, 7, 8))

    found = line(weekly, 52)

    assert [each.day for each in found.holidays] == [date(2027, 5, 4)]
    assert (found.is_outside, line(beyond, 52).is_outside) == (False, True)


@pytest.mark.parametrize(
    ("begins_on", "weeks"),
    [(date(2027, 1, 11), 52), (date(2026, 8, 24), 32), (date(2027, 1, 15), 53)],
)
def test_dates_move_by_the_whole_weeks_nearest_to_the_distance(begins_on, weeks):
    source = Intake(begins_on=date(2026, 1, 12))

    assert roll_forward.weeks_between(source, begins_on) == weeks


@pytest.fixture
def source(db):
    intake = make_intake()
    facebook = make_channel(intake, name="Facebook")
    pupils = make_audience(intake, name="Pupils", age="17–19", how_we_know="Survey")
    pupils.channels.add(facebook)
    plan = intake.communication_plan
    plan.aims, plan.budget = "More leads", 3000
    plan.save()
    message = make_message(intake, text="Study while you work")
    Wording.objects.create(key_message=message, audience=pupils, channel=facebook, text="Short")
    return intake


def roll(source, **fields):
    target = Intake(
        year=2027, season="spring", begins_on=date(2027, 1, 11), ends_on=date(2027, 6, 30)
    )
    fields.setdefault("chosen", source.activities.values_list("pk", flat=True))
    return roll_forward.carry_out(source, target, weeks=52, by=make_user(), at=NOW, **fields)


def test_the_new_intake_has_the_plan_the_audiences_and_the_channels_of_the_earlier_one(source):
    target = roll(source)

    audience = target.audiences.get()
    wording = Wording.objects.get(key_message__plan__intake=target)
    assert (audience.name, audience.age, audience.how_we_know) == ("Pupils", "17–19", "Survey")
    assert [each.name for each in audience.channels.all()] == ["Facebook"]
    assert audience.channels.get().intake == target
    assert (target.communication_plan.aims, target.communication_plan.budget) == (
        "More leads",
        3000,
    )
    assert (wording.text, wording.audience, wording.channel.intake) == ("Short", audience, target)
    assert target.rolled_from == source


def test_what_is_copied_has_no_results_and_its_reminders_off(source):
    done = make_activity(
        source,
        title="Lecture",
        starts_at=riga(2026, 3, 25, 18),
        budget_planned=200,
        budget_spent=180,
        expected_leads=20,
        audiences=source.audiences.all(),
        channels=source.channels.all(),
    )
    done.finish()
    make_publication(
        done,
        source.channels.get(),
        planned_at=riga(2026, 2, 25, 12),
        url="https://facebook.example/1",
        published_at=NOW,
    )

    copied = roll(source).activities.get()

    assert (copied.state, copied.budget_planned, copied.budget_spent) == ("planned", 200, None)
    assert (copied.starts_at, copied.expected_leads) == (riga(2027, 3, 24, 18), 20)
    assert copied.is_rolled_forward
    assert copied.audiences.get().intake == copied.channels.get().intake == copied.intake
    advertised = Publication.objects.get(activity=copied)
    assert (advertised.planned_at, advertised.url, advertised.published_at) == (
        riga(2027, 2, 24, 12),
        "",
        None,
    )


def test_a_weekly_series_ends_as_many_weeks_later(source):
    make_activity(
        source, kind="open_day", starts_at=riga(2026, 3, 4, 18), last_on=date(2026, 5, 27)
    )

    copied = roll(source).activities.get()

    assert copied.last_on == date(2027, 5, 26)
    assert len(list(copied.occurrences())) == 13


def test_a_webinar_planned_every_week_before_is_taken_along_once(source):
    weekly = make_activity(
        source, kind="free_webinar", starts_at=riga(2026, 3, 4, 18), last_on=date(2026, 5, 27)
    )
    make_activity(source, kind="open_day", last_on=date(2026, 5, 27))

    lines = roll_forward.preview(source.activities.all(), TARGET, weeks=52)
    copied = roll(source).activities

    assert {line.activity.pk for line in lines if line.is_once_now} == {weekly.pk}
    assert copied.get(kind="free_webinar").last_on is None
    assert copied.get(kind="open_day").last_on == date(2027, 5, 26)


def test_only_what_was_chosen_and_is_in_the_plan_is_copied(source):
    wanted = make_activity(source, title="Wanted")
    make_activity(source, title="Unwanted")
    proposed = make_activity(source, title="Proposed", state="proposed")
    cancelled = make_activity(source, title="Cancelled", state="cancelled", reason="No speaker")

    target = roll(source, chosen=[wanted.pk, proposed.pk, cancelled.pk])

    assert [each.title for each in target.activities.all()] == ["Wanted"]


def serve(source, *titles):
    """Plan an activity that serves a goal of 2026 with an indicator for each title."""
    activity, year = make_activity(source), make_year(2026)
    for title in titles:
        goal = make_goal(year, title=title)
        make_indicator(goal)
        activity.goals.add(goal)
    return activity


def served(target):
    return [goal.title for goal in target.activities.get().goals.all()]


def test_in_the_same_year_the_activities_serve_the_same_goals(source):
    serve(source, "More leads", "More leads")
    target = Intake(
        year=2026, season="autumn", begins_on=date(2026, 8, 24), ends_on=date(2026, 12, 18)
    )
    chosen = source.activities.values_list("pk", flat=True)

    roll_forward.carry_out(source, target, weeks=32, by=make_user(), at=NOW, chosen=chosen)

    assert served(target) == ["More leads", "More leads"]


def test_a_goal_that_went_on_under_another_wording_is_served_on(source):
    activity = serve(source, "More leads")
    [old] = activity.goals.all()
    years.begin_from(old.year, 2027, by=make_user(), at=NOW)
    Goal.objects.filter(year__year=2027).update(title="More students")

    assert roll_forward.goals_left([activity], TARGET).without_next == ()
    assert served(roll(source)) == ["More students"]


def test_a_goal_that_nothing_goes_on_with_is_named_beforehand(source):
    activity = serve(source, "More leads", "Be known")
    [leads, known] = activity.goals.order_by("pk")
    years.begin_from(leads.year, 2027, by=make_user(), at=NOW)
    Goal.objects.filter(year__year=2027, title="Be known").delete()

    left = roll_forward.goals_left([activity], TARGET)

    assert (left.is_begun, left.without_next) == (True, (known,))
    assert served(roll(source)) == ["More leads"]


def test_the_preview_says_which_goals_are_lost_and_what_is_no_longer_every_week(client_for, source):
    serve(source, "More leads")
    make_activity(source, kind="paid_webinar", last_on=date(2026, 5, 27))
    client = client_for(make_user())
    fields = {
        "year": 2027,
        "season": "spring",
        "begins_on": "2027-01-11",
        "ends_on": "2027-06-30",
    }
    url = reverse("plans:intake_roll_forward", args=[source.pk])

    not_begun = client.post(url, fields).content.decode()
    make_year(2027)
    begun = client.post(url, fields).content.decode()

    assert "no longer every week: a webinar takes place once" in not_begun
    assert "The goals of 2027 are not begun yet" in not_begun
    assert "No goal of 2027 goes on with these" in begun


def test_the_preview_ends_with_one_full_stop_after_a_latvian_date(client_for, source):
    fields = {"year": 2027, "season": "spring", "begins_on": "2027-01-11", "ends_on": "2027-06-30"}
    url = reverse("plans:intake_roll_forward", args=[source.pk])

    page = client_for(make_user(language="lv")).post(url, fields).text

    assert "11.01.2027. – 30.06.2027.</strong>" in page


def test_many_activities_are_copied_in_as_many_queries_as_few(source):
    def plan(number):
        for _each in range(number):
            make_activity(source, audiences=source.audiences.all(), channels=source.channels.all())

    plan(2)
    with CaptureQueriesContext(connection) as few:
        first = roll(source)
    first.delete()
    plan(30)
    with CaptureQueriesContext(connection) as many:
        target = roll(source)

    assert (
        target.activities.filter(audiences__name="Pupils", channels__name="Facebook").count() == 32
    )
    assert len(many) <= len(few)


def test_the_earlier_intake_stays_as_it_was(source):
    make_activity(source, title="Lecture")

    roll(source)

    source.refresh_from_db()
    assert (source.activities.count(), source.channels.count()) == (1, 1)
    assert source.activities.get().starts_at == riga(2026, 3, 11, 18)
