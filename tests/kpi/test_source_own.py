"""Our own figures: by the day in Riga, with what is unknown kept apart."""

from datetime import UTC, date, timedelta
from decimal import Decimal

import pytest

from events.models import ReminderDispatch, ReminderRule
from kpi import reading
from kpi.models import Measurement, Reading
from kpi.sources import own
from outbox.models import Dispatch, Status
from tests.factories import (
    make_event,
    make_message,
    make_registration,
    make_task,
    make_user,
    riga,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 11)
PRESENT, ABSENT, UNKNOWN = "present", "absent", ""


def one(figure, day=DAY):
    """Give a figure of one day; None where it has none."""
    return figure(day, day).get(day)


def come(event, *attendances):
    for attendance in attendances:
        make_registration(event, attendance=attendance)


def send(event, late, *, due_at, purpose="service", status=Status.HANDED_OVER):
    """Hand a message about an event over, so many seconds late."""
    dispatch = Dispatch.objects.create(title="Reminder", purpose=purpose)
    rule = ReminderRule.objects.for_kind(event.kind)[0]
    ReminderDispatch.objects.create(
        dispatch=dispatch, event=event, rule=rule, moment=due_at + timedelta(minutes=dispatch.pk)
    )
    handed_over_at = due_at + timedelta(seconds=late) if status == Status.HANDED_OVER else None
    reason = "" if status == Status.HANDED_OVER else "refused"
    make_message(
        dispatch=dispatch,
        due_at=due_at,
        status=status,
        reason=reason,
        handed_over_at=handed_over_at,
    )


# Registrations -----------------------------------------------------------------------------------


def test_registrations_count_on_the_day_they_were_made_and_a_day_without_any_has_nought():
    make_registration(registered_at=riga(2026, 3, 11, 0))
    make_registration(registered_at=riga(2026, 3, 11, 23, 59))
    make_registration(registered_at=riga(2026, 3, 12, 0))

    counted = own.registrations(DAY, DAY + timedelta(2))

    assert [int(each) for each in counted.values()] == [2, 1, 0]


def test_who_cancelled_later_had_registered_all_the_same():
    make_registration(registered_at=riga(2026, 3, 11, 9), cancelled_at=riga(2026, 3, 12, 9))

    assert one(own.registrations) == 1


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 29, 23), (10, 25, 25)])
def test_the_days_of_the_clock_changes_have_all_their_hours(month, day, hours):
    changed = date(2026, month, day)
    midnight = riga(2026, month, day)
    for number in range(-1, 26):
        # In UTC, where an hour later is an hour later.
        make_registration(registered_at=midnight.astimezone(UTC) + timedelta(hours=number))

    assert one(own.registrations, changed) == hours


# Attendance --------------------------------------------------------------------------------------


def test_of_whom_nothing_is_known_is_neither_present_nor_absent():
    come(make_event(), PRESENT, PRESENT, ABSENT, UNKNOWN, UNKNOWN)

    assert one(own.attendance_rate) == Decimal("66.67")
    assert own.attendance_unknown(DAY, DAY) == 2


def test_a_day_of_whose_events_nothing_is_known_has_no_rate_and_a_day_of_absence_has_nought():
    come(make_event(), UNKNOWN)
    come(make_event(starts_at=riga(2026, 3, 12, 18)), ABSENT)

    assert one(own.attendance_rate) is None
    assert one(own.attendance_rate, date(2026, 3, 12)) == 0


def test_cancelled_events_and_registrations_do_not_count():
    cancelled = make_event(cancelled_at=riga(2026, 3, 10, 9), cancel_reason="Ill")
    come(cancelled, PRESENT)
    event = make_event()
    come(event, ABSENT)
    make_registration(event, attendance=PRESENT, cancelled_at=riga(2026, 3, 10, 9))

    assert one(own.attendance_rate) == 0


# Lateness ----------------------------------------------------------------------------------------


def test_lateness_is_the_mean_of_what_was_handed_over_of_the_messages_due_that_day():
    event = make_event()
    send(event, 2, due_at=riga(2026, 3, 11, 17, 45))
    send(event, 5, due_at=riga(2026, 3, 11, 23, 59))
    send(event, 90, due_at=riga(2026, 3, 12, 0))

    assert one(own.reminder_lateness) == Decimal("3.50")
    assert one(own.reminder_lateness, date(2026, 3, 12)) == 90


def test_offers_letters_to_staff_and_what_never_went_are_not_late():
    event = make_event()
    send(event, 3, due_at=riga(2026, 3, 11, 17, 45))
    send(event, 40_000, due_at=riga(2026, 3, 11, 20), purpose="advertising")
    send(event, 0, due_at=riga(2026, 3, 11, 17), status=Status.FAILED)
    make_message(
        due_at=riga(2026, 3, 11, 9),
        status=Status.HANDED_OVER,
        handed_over_at=riga(2026, 3, 11, 12),
    )

    assert one(own.reminder_lateness) == 3


def test_a_day_without_a_message_has_no_lateness():
    assert one(own.reminder_lateness) is None


# Tasks -------------------------------------------------------------------------------------------


def test_tasks_are_on_time_if_ticked_by_their_day_open_and_missed_ones_are_not():
    make_task(due_on=DAY, done_at=riga(2026, 3, 11, 23))
    late = make_task(due_on=DAY)
    late.complete(by=make_user(), at=riga(2026, 3, 12, 0))
    make_task(due_on=DAY)
    make_task(due_on=DAY, closed_at=riga(2026, 3, 9, 9), close_reason="Not needed")

    assert one(own.tasks_on_time) == Decimal("33.33")
    assert one(own.tasks_on_time, date(2026, 3, 12)) is None


# Together ----------------------------------------------------------------------------------------


def test_a_reading_writes_all_four_and_what_is_no_more_is_taken_back():
    event = make_event()
    come(event, PRESENT)
    task = make_task(due_on=DAY)
    now = riga(2026, 3, 20, 7)

    def read():
        row = reading.begin("own", DAY, DAY, now=now)
        reading.carry_on(row.pk, lambda: now)
        row.refresh_from_db()
        return row

    row = read()
    assert (row.state, row.error) == (Reading.State.DONE, "")
    values = dict(Measurement.objects.values_list("series__key", "value"))
    assert values == {"registrations": 0, "attendance_rate": 100, "tasks_on_time": 0}

    task.close("Not needed", by=make_user(), at=now)

    assert read().gone == 1
    assert Measurement.objects.get(series__key="tasks_on_time").value is None


def test_the_queries_are_as_many_for_a_quarter_as_for_a_day(django_assert_num_queries):
    come(make_event(), PRESENT)

    for first in (DAY, DAY - timedelta(91)):
        with django_assert_num_queries(6):
            own.OwnFigures().read(first, DAY)
