"""What has become an event is drawn and looked at as it is by now, not as it was planned."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from events.changes import cancel, move
from opendays.models import Series
from opendays.series import create as create_series
from plans import warnings
from plans.linked import carried_out, turns
from plans.models import Activity
from tests.factories import make_event, make_user, riga
from tests.plans.making import NOW, make_activity, make_intake, make_weekly
from work import calendar_feed

pytestmark = pytest.mark.django_db

PLANNED = riga(2026, 3, 11, 18)
WEEK_LATER = riga(2026, 3, 18, 18)


def make_moved(intake, starts_at=WEEK_LATER, **fields):
    """Plan a webinar whose event has been moved since."""
    activity = make_activity(intake, starts_at=PLANNED, presenter=fields.pop("planned", ""))
    make_event(
        kind="webinar",
        activity=activity,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        **fields,
    )
    return activity


def found(intake):
    return [(each.on, each.activities) for each in warnings.of_intake(intake)]


def test_a_presenter_found_for_the_event_is_warned_of_though_the_plan_names_none():
    intake = make_intake()
    first = make_moved(intake, starts_at=PLANNED, presenter="Ilze Bērziņa")
    second = make_moved(intake, starts_at=PLANNED, presenter="ilze berzina")

    assert found(intake) == [(date(2026, 3, 11), (first, second))]
    assert len(warnings.about(first)) == len(warnings.about(second)) == 1


def test_the_presenter_of_the_event_counts_and_not_the_one_once_planned():
    intake = make_intake()
    make_moved(intake, starts_at=PLANNED, planned="Anna", presenter="Ilze")
    make_activity(intake, starts_at=PLANNED, presenter="Anna")

    assert found(intake) == []


def test_an_event_moved_away_is_no_clash_and_one_moved_there_is():
    intake = make_intake()
    moved = make_moved(intake, planned="Anna")
    make_activity(intake, starts_at=PLANNED, presenter="Anna")
    there = make_activity(intake, starts_at=WEEK_LATER, presenter="Anna")

    assert found(intake) == [(date(2026, 3, 18), (moved, there))]


def test_what_was_cancelled_neither_clashes_nor_is_on_a_holiday():
    intake = make_intake()
    make_activity(intake, starts_at=PLANNED, presenter="Anna")
    in_the_plan = found(intake)
    make_moved(intake, planned="Anna", cancelled_at=NOW, cancel_reason="Nobody came.")
    on_holiday = make_activity(intake, starts_at=riga(2026, 5, 1, 18))
    warned_of = found(intake)
    make_event(kind="webinar", activity=on_holiday, cancelled_at=NOW, cancel_reason="A holiday.")

    assert (in_the_plan, warned_of) == ([], [(date(2026, 5, 1), (on_holiday,))])
    assert found(intake) == []


def test_what_was_said_to_be_done_stays_though_its_event_was_cancelled():
    activity = make_moved(make_intake(), cancelled_at=NOW, cancel_reason="It was in another room.")
    called_off = list(turns(activity, carried_out(Activity.objects.all())[activity.pk]))
    activity.finish()

    done = turns(activity, carried_out(Activity.objects.all())[activity.pk])

    assert called_off == []
    assert [each.starts_at for each in done] == [PLANNED]


def test_another_event_in_the_place_of_a_cancelled_one_is_where_the_activity_is():
    activity = make_moved(
        make_intake(), starts_at=PLANNED, cancelled_at=NOW, cancel_reason="No presenter."
    )
    make_event(kind="webinar", activity=activity, starts_at=WEEK_LATER)

    [turn] = turns(activity, carried_out(Activity.objects.all())[activity.pk])

    assert (turn.starts_at, turn.is_moved) == (WEEK_LATER, True)


@time_machine.travel(NOW, tick=False)
def test_another_event_is_offered_where_the_one_there_was_is_cancelled(client_for):
    activity = make_moved(make_intake(), cancelled_at=NOW, cancel_reason="No presenter.")
    client = client_for(make_user())
    address = reverse("plans:activity_detail", args=[activity.pk])
    maker = reverse("webinars:activity_make", args=[activity.pk])

    page = client.get(address)
    client.post(maker)

    assert page.context["maker_url"] == maker
    assert "(its event was cancelled)" in page.text
    assert "Move the event, too" not in page.text
    assert client.get(address).context["maker_url"] == ""
    assert [each.starts_at for each in activity.events.going_ahead()] == [PLANNED]


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("query", ["month?month=2026-03", "week?week=2026-03-18"])
def test_a_calendar_draws_the_event_and_says_when_it_was_planned(client_for, query):
    intake = make_intake()
    activity = make_moved(intake)
    view, _, asked = query.partition("?")

    page = client_for(make_user()).get(
        f"{reverse(f'plans:intake_{view}', args=[intake.pk])}?{asked}"
    )

    entries = [(day.day, entry) for day in page.context["days"] for entry in day.entries]
    assert [(day, entry.activity, entry.turn.is_moved) for day, entry in entries] == [
        (date(2026, 3, 18), activity, True)
    ]
    assert "(planned for " in page.text


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("view", ["intake_activities", "activities_print"])
def test_a_list_says_when_the_event_is_and_when_it_was_planned(client_for, view):
    intake = make_intake()
    make_moved(intake)
    make_activity(intake, starts_at=PLANNED + timedelta(days=2))

    text = client_for(make_user()).get(reverse(f"plans:{view}", args=[intake.pk])).text

    assert "Wed 18 Mar 2026, 18:00" in text
    assert text.count("(planned for 11 Mar 2026, 18:00)") == text.count("(planned for ") == 1


@time_machine.travel(NOW, tick=False)
def test_each_event_of_a_weekly_series_is_drawn_where_it_is_by_now(client_for):
    intake = make_intake()
    _activity, [_first, second, third] = make_weekly(intake)
    move(second, riga(2026, 3, 26, 19), riga(2026, 3, 26, 20), by_id=make_user().pk, now=NOW)
    move(third, riga(2026, 4, 2, 19), riga(2026, 4, 2, 20), by_id=make_user().pk, now=NOW)
    client = client_for(make_user())

    def drawn(month):
        page = client.get(f"{reverse('plans:intake_month', args=[intake.pk])}?month={month}")
        entries = [entry for day in page.context["days"] for entry in day.entries]
        return {(each.turn.starts_at, each.turn.is_moved) for each in entries}

    shown = client.get(reverse("plans:intake_activities", args=[intake.pk])).text

    assert drawn("2026-03") == {
        (PLANNED, False),
        (riga(2026, 3, 26, 19), True),
        (riga(2026, 4, 2, 19), True),
    }
    assert drawn("2026-04") == {(riga(2026, 4, 2, 19), True)}
    assert "(2 of them at another time)" in shown


@time_machine.travel(NOW, tick=False)
def test_a_cancelled_week_of_a_series_is_on_no_calendar(client_for):
    intake = make_intake()
    activity, [first, second, third] = make_weekly(intake)
    move(second, riga(2026, 3, 19, 18), riga(2026, 3, 19, 19), by_id=make_user().pk, now=NOW)
    cancel(second, "A holiday.", by_id=make_user().pk, now=NOW)
    client = client_for(make_user())

    month = client.get(f"{reverse('plans:intake_month', args=[intake.pk])}?month=2026-03")
    lines = calendar_feed.of_plan(make_user(), NOW).splitlines()

    entries = [entry for day in month.context["days"] for entry in day.entries]
    assert [entry.turn.starts_at for entry in entries] == [first.starts_at, third.starts_at]
    assert [line for line in lines if line.startswith("DTSTART")] == [
        "DTSTART:20260311T160000Z",
        "DTSTART:20260325T160000Z",
    ]
    for view, number in (("intake_activities", intake.pk), ("activity_detail", activity.pk)):
        assert "(1 of them cancelled)" in client.get(reverse(f"plans:{view}", args=[number])).text


@time_machine.travel(NOW, tick=False)
def test_a_week_after_a_cancelled_first_one_does_not_move_the_series(client_for):
    intake = make_intake()
    _activity, [first, *_others] = make_weekly(intake)
    address = f"{reverse('plans:intake_month', args=[intake.pk])}?month=2026-03"
    client = client_for(make_user())
    before = client.get(address).text.count("data-move-url")
    cancel(first, "A holiday.", by_id=make_user().pk, now=NOW)

    assert (before, client.get(address).text.count("data-move-url")) == (1, 0)


def test_a_cancelled_week_on_a_holiday_is_not_warned_of():
    intake = make_intake()
    activity = make_activity(
        intake, kind="open_day", starts_at=riga(2026, 4, 24, 18), last_on=date(2026, 5, 8)
    )
    series = Series(
        activity=activity,
        title="Open day",
        first_day=date(2026, 4, 24),
        last_day=date(2026, 5, 8),
        weekday=4,
        clock=time(18),
    )
    [_first, second, _third] = create_series(series, by_id=make_user().pk, now=NOW)
    warned_of = found(intake)
    cancel(second, "A holiday.", by_id=make_user().pk, now=NOW)

    assert warned_of == [(date(2026, 5, 1), (activity,))]
    assert found(intake) == warnings.about(activity) == []


def test_two_of_a_series_on_one_day_are_two_entries_of_a_calendar_program():
    _activity, [first, second, _third] = make_weekly(make_intake())
    move(
        first,
        second.starts_at + timedelta(hours=2),
        second.ends_at + timedelta(hours=2),
        by_id=make_user().pk,
        now=NOW,
    )

    lines = calendar_feed.of_plan(make_user(), NOW).splitlines()

    assert len({line for line in lines if line.startswith("UID")}) == 3
    assert "DTSTART:20260318T180000Z" in lines


@time_machine.travel(NOW, tick=False)
def test_a_month_shows_an_event_that_was_planned_for_another_one(client_for):
    intake = make_intake()
    activity = make_moved(intake, starts_at=riga(2026, 5, 20, 18))
    address = reverse("plans:intake_month", args=[intake.pk])

    page = client_for(make_user()).get(address + "?month=2026-05")

    assert [entry.activity for day in page.context["days"] for entry in day.entries] == [activity]


def test_the_calendar_of_the_plan_has_the_event_as_it_is_by_now():
    make_moved(make_intake())

    text = calendar_feed.of_plan(make_user(), NOW)

    assert [line for line in text.splitlines() if line.startswith("DTSTART")] == [
        "DTSTART:20260318T160000Z"
    ]


@time_machine.travel(NOW, tick=False)
def test_the_time_of_the_event_is_taken_into_the_plan(client_for):
    activity, client = make_moved(make_intake()), client_for(make_user())
    address = reverse("plans:activity_move", args=[activity.pk]) + "?as_event=1"
    assert address in client.get(reverse("plans:activity_detail", args=[activity.pk])).text

    form = client.get(address).context["form"]
    client.post(address, {name: form[name].value() or "" for name in form.fields} | when(form))

    activity.refresh_from_db()
    assert (activity.starts_at, activity.ends_at) == (
        WEEK_LATER,
        WEEK_LATER + timedelta(minutes=90),
    )


def when(form):
    """Type the times as the form shows them."""
    return {
        name: form[name].value().strftime("%Y-%m-%dT%H:%M") for name in ("starts_at", "ends_at")
    }


def test_a_specialist_is_not_offered_to_change_the_plan(client_for):
    activity = make_moved(make_intake())

    page = client_for(make_user(role=Role.SPECIALIST)).get(
        reverse("plans:activity_detail", args=[activity.pk])
    )

    assert "as_event" not in page.text
