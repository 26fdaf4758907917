"""Reading sources: each night, on demand, piece by piece, one failing without the others."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings as project_settings
from django.utils import timezone
from django.utils.module_loading import import_string

from goals.models import Series
from kpi import figures, reading, tasks
from kpi.models import EarlierValue, Measurement, Reading, Traffic
from kpi.periods import Span
from kpi.reading import AlreadyReadingError
from kpi.sources import get_source
from tests.factories import make_user, measure, riga

pytestmark = pytest.mark.django_db

NOW = riga(2026, 11, 26, 7)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 8)
YESTERDAY = date(2026, 11, 25)
State = Reading.State


@pytest.fixture
def sources(settings):
    """Name the sources there are in a test."""

    def name(*classes):
        keys = {each: import_string(f"tests.fakes.{each}").key for each in classes}
        settings.KPI_SOURCES = {keys[each]: f"tests.fakes.{each}" for each in classes}

    return name


def begin(source="steady", first=FIRST, last=LAST, now=NOW, **options):
    return reading.begin(source, first, last, now=now, **options)


def read(row, now=NOW):
    """Read a row to its end."""
    assert not reading.carry_on(row.pk, lambda: now)
    row.refresh_from_db()
    return row


def values():
    return dict(Measurement.objects.values_list("day", "value"))


def days(first, last):
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def test_a_reading_writes_every_day_piece_after_piece_and_counts_them(sources):
    sources("SteadySource")

    row = read(begin())

    assert values() == {day: Decimal(day.day) for day in days(FIRST, LAST)}
    assert (row.state, row.new, row.progress_done, row.progress_of) == (State.DONE, 8, 8, 8)
    assert row.finished_at == NOW
    assert row.read_until == LAST


def test_what_a_source_says_of_its_pieces_is_put_together(sources):
    sources("SteadySource")

    row = read(begin())

    # Three pieces; the second of them, from the 4th on, is rough.
    assert row.details == {"rough": True, "seen": 3}


def test_reading_again_changes_nothing(sources):
    sources("SteadySource")
    read(begin())

    row = read(begin())

    assert (row.new, row.changed, row.same, row.gone) == (0, 0, 8, 0)
    assert not EarlierValue.objects.exists()


def test_what_the_source_has_no_more_is_taken_back_and_kept_as_an_earlier_value(sources, settings):
    sources("SteadySource")
    read(begin())
    settings.KPI_SOURCES = {"steady": "tests.fakes.EmptySource"}

    row = read(begin(first=LAST, last=LAST))

    assert (row.gone, values()[LAST]) == (1, None)
    assert EarlierValue.objects.get().value == Decimal(8)


def test_a_day_that_was_not_read_has_no_data_and_a_day_read_as_empty_has_nought(sources):
    sources("FailingSource")
    series = Series.objects.get(key="video_views")
    measure(series, {FIRST: 0})

    row = read(begin("failing", first=FIRST, last=date(2026, 11, 6)))

    leads = Series.objects.get(key="new_leads")
    read_days = figures.read(
        [series, leads], Span.DAY, FIRST, date(2026, 11, 5), today=date(2026, 11, 26)
    )
    assert row.state == State.PARTLY
    assert [each.value for each in read_days[leads.pk]] == [1, 2, 3, None, None]
    assert [each.value for each in read_days[series.pk]] == [0, None, None, None, None]


def test_what_was_read_before_a_failure_stays_and_the_reading_says_why_it_ended(sources):
    sources("FailingSource")

    row = read(begin("failing"))

    assert (row.state, row.error) == (State.PARTLY, "The key was taken back.")
    assert (row.progress_done, row.repeat_at) == (3, None)
    assert set(values()) == set(days(FIRST, date(2026, 11, 3)))


def test_a_failing_and_a_broken_source_do_not_keep_the_others_from_being_read(sources):
    sources("BrokenSource", "BusySource", "SourceThatIsOff", "SteadySource")

    for each in reading.start_due(NOW):
        reading.carry_on(each, lambda: NOW)

    states = dict(Reading.objects.values_list("source", "state"))
    assert states == {"broken": State.FAILED, "busy": State.FAILED, "steady": State.DONE}
    broken = Reading.objects.get(source="broken")
    assert broken.error
    assert "ZeroDivision" not in broken.error


def test_what_failed_for_a_while_is_tried_each_hour_and_a_few_times_at_most(sources):
    sources("BusySource")
    now = NOW
    read(begin("busy", last=YESTERDAY), now)
    assert reading.start_due(now + timedelta(minutes=59)) == []

    tries = 1
    while due := Reading.objects.filter(repeat_at__isnull=False).first():
        now = due.repeat_at
        (number,) = reading.start_due(now)
        read(Reading.objects.get(pk=number), now)
        tries += 1

    assert tries == reading.MOST_TRIES == Reading.objects.count()
    assert now == NOW + timedelta(hours=reading.MOST_TRIES - 1)
    assert reading.start_due(now + timedelta(hours=1)) == []


def test_only_one_reading_of_a_source_is_at_work(sources):
    sources("SteadySource")
    first = begin()

    with pytest.raises(AlreadyReadingError):
        begin()

    read(first)
    assert begin().state == State.RUNNING


def test_a_reading_whose_worker_was_killed_is_interrupted_and_the_rest_is_read_again(sources):
    """The worker is gone after its first piece: the days of that piece are whole, no other is."""
    sources("SteadySource")
    killed = begin(first=FIRST, last=YESTERDAY)
    reading._step(killed, lambda: NOW)
    killed.refresh_from_db()
    assert set(values()) == set(days(FIRST, date(2026, 11, 3)))
    assert (killed.state, killed.progress_done, killed.new) == (State.RUNNING, 3, 3)
    assert reading.start_due(NOW + reading.LEASE) == []

    later = NOW + reading.LEASE + timedelta(seconds=1)
    (number,) = reading.start_due(later)

    killed.refresh_from_db()
    rest = read(Reading.objects.get(pk=number), later)
    assert killed.state == State.INTERRUPTED
    assert killed.error
    assert (rest.first_day, rest.last_day, rest.new) == (date(2026, 11, 4), YESTERDAY, 22)
    assert values() == {day: Decimal(day.day) for day in days(FIRST, YESTERDAY)}


def test_a_piece_that_breaks_off_while_it_is_written_leaves_nothing_of_itself(sources):
    """The visits are written after the figures; that they fail takes the figures back too."""
    sources("ClumsySource")

    row = read(begin("clumsy"))

    assert (row.state, row.progress_done, row.new) == (State.PARTLY, 3, 3)
    assert set(values()) == set(days(FIRST, date(2026, 11, 3)))
    assert [each.day for each in Traffic.objects.all()] == [FIRST]


def test_a_worker_that_was_thought_dead_writes_nothing_when_it_wakes_up(sources):
    sources("SteadySource")
    slow = begin()
    Reading.objects.filter(pk=slow.pk).update(state=State.INTERRUPTED, finished_at=NOW)

    assert reading._step(slow, lambda: NOW) is None

    assert values() == {}


def test_of_two_tasks_of_one_reading_the_second_writes_no_piece_twice(sources):
    sources("SteadySource")
    row = begin()
    twin = Reading.objects.get(pk=row.pk)
    reading._step(row, lambda: NOW)

    assert reading._step(twin, lambda: NOW) is None

    row.refresh_from_db()
    assert (row.state, row.progress_done, row.new, row.same) == (State.RUNNING, 3, 3, 0)


def test_a_long_reading_makes_room_for_others_and_goes_on_as_a_new_task(sources):
    sources("SteadySource")
    row = begin()
    clock = iter([NOW, NOW, NOW, NOW + reading.TURN])

    assert reading.carry_on(row.pk, lambda: next(clock))

    row.refresh_from_db()
    assert (row.state, row.progress_done) == (State.RUNNING, 3)
    assert read(row).state == State.DONE


def test_a_reading_that_never_gets_anywhere_is_given_up_after_a_few_interruptions(sources):
    sources("SteadySource")
    now = NOW
    begin(last=YESTERDAY)

    while Reading.objects.at_work().exists():
        now += reading.LEASE + timedelta(seconds=1)
        reading.start_due(now)

    assert Reading.objects.filter(state=State.INTERRUPTED).count() == reading.MOST_TRIES


# What is due -------------------------------------------------------------------------------------


def test_a_source_that_was_never_read_is_read_at_once_since_january_of_last_year(sources):
    sources("SteadySource")

    (number,) = reading.start_due(riga(2026, 11, 26, 15))

    row = Reading.objects.get(pk=number)
    assert (row.first_day, row.last_day) == (date(2025, 1, 1), date(2026, 11, 25))


def _read_until(last, now):
    """Leave a reading of one day behind, as of an earlier night."""
    read(begin(first=last, last=last, now=now), now)


def test_the_usual_days_are_read_each_night_more_on_mondays_and_what_was_missed_in_between(sources):
    sources("SteadySource")
    steady = get_source("steady")
    _read_until(date(2026, 11, 24), riga(2026, 11, 25, 6, 30))
    wednesday, monday = riga(2026, 11, 25, 7), riga(2026, 11, 30, 7)

    assert reading.days_due(steady, wednesday) == (date(2026, 11, 21), date(2026, 11, 24))
    assert reading.days_due(steady, monday) == (date(2026, 11, 20), date(2026, 11, 29))
    # After a fortnight without the system, the days in between are read as well.
    after = riga(2026, 12, 10, 7)
    assert reading.days_due(steady, after) == (date(2026, 11, 25), date(2026, 12, 9))


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 26)])
def test_it_is_read_once_from_half_past_six_by_the_clock_in_riga_also_on_clock_changes(
    sources, day
):
    sources("SteadySource")
    _read_until(day - timedelta(2), riga(day.year, day.month, day.day, 6, 29) - timedelta(days=1))
    at_half_past_six = riga(day.year, day.month, day.day, 6, 30)
    night_before = at_half_past_six - timedelta(hours=23)
    begun = reading.start_due(night_before)
    read(Reading.objects.get(pk=begun[0]), night_before)

    assert reading.start_due(at_half_past_six - timedelta(minutes=1)) == []
    (number,) = reading.start_due(at_half_past_six)
    read(Reading.objects.get(pk=number), at_half_past_six)

    started = timezone.localtime(Reading.objects.get(pk=number).started_at)
    assert (started.date(), started.hour, started.minute) == (day, 6, 30)
    assert reading.start_due(at_half_past_six + timedelta(minutes=1)) == []
    assert reading.start_due(at_half_past_six + timedelta(hours=22)) == []


def test_a_night_without_the_system_is_made_up_for_when_it_is_back(sources):
    sources("SteadySource")
    _read_until(date(2026, 11, 24), riga(2026, 11, 25, 6, 30))

    begun = reading.start_due(riga(2026, 11, 26, 11, 17))

    assert len(begun) == 1


def test_what_a_person_had_read_does_not_stand_in_for_the_nightly_reading(sources):
    sources("SteadySource")
    _read_until(date(2026, 11, 24), riga(2026, 11, 25, 6, 30))
    read(begin(first=FIRST, last=FIRST, by=make_user(), now=NOW))

    assert len(reading.start_due(NOW)) == 1


def test_what_is_tried_again_of_earlier_days_does_not_stand_in_for_the_nightly_reading(sources):
    sources("SteadySource")
    _read_until(date(2026, 11, 24), riga(2026, 11, 25, 6, 30))
    begin(now=NOW - reading.LEASE - timedelta(seconds=1))  # its worker died
    (again,) = reading.start_due(NOW)
    assert Reading.objects.get(pk=again).last_day == LAST

    read(Reading.objects.get(pk=again))
    (nightly,) = reading.start_due(NOW + timedelta(minutes=1))

    assert Reading.objects.get(pk=nightly).last_day == YESTERDAY


def test_beat_asks_each_minute_what_is_due_and_each_source_is_a_task_of_its_own(
    sources, monkeypatch
):
    entry = project_settings.CELERY_BEAT_SCHEDULE["read-what-sources-of-figures-are-due"]
    assert entry["task"] == tasks.read_due_sources.name
    assert entry["schedule"] == timedelta(minutes=1)
    sources("BrokenSource", "SteadySource")
    asked = []
    monkeypatch.setattr("kpi.tasks.read_source.delay", asked.append)

    tasks.read_due_sources()
    for number in asked:
        tasks.read_source(number)

    assert len(asked) == 2
    assert Reading.objects.get(source="steady").state == State.DONE
    assert Reading.objects.get(source="broken").state == State.FAILED
