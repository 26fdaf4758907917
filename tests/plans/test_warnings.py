from datetime import date, timedelta

import pytest
from django.utils import translation

from plans import warnings
from tests.factories import riga
from tests.plans.making import make_activity, make_channel, make_intake, make_publication

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def found(intake):
    return [(each.on, each.activities) for each in warnings.of_intake(intake)]


def test_an_activity_on_a_public_holiday_is_warned_of_by_its_name():
    intake = make_intake()
    make_activity(intake, title="Guest", starts_at=riga(2026, 5, 4, 18))
    make_activity(intake, title="Usual", starts_at=riga(2026, 5, 5, 18))

    sentences = [each.sentence for each in warnings.of_intake(intake)]

    assert len(sentences) == 1
    assert sentences[0].startswith("“Guest” is on a public holiday: 04 May 2026, ")


def test_a_weekly_activity_is_warned_of_for_the_week_that_has_a_holiday():
    intake = make_intake()
    weekly = make_activity(intake, starts_at=riga(2026, 4, 20, 18), last_on=date(2026, 5, 11))

    assert found(intake) == [(date(2026, 5, 4), (weekly,))]


def test_a_presenter_at_two_activities_at_once_is_warned_of_however_the_name_is_written():
    intake = make_intake()
    first = make_activity(intake, presenter="Jānis Bērziņš", starts_at=riga(2026, 3, 11, 18))
    second = make_activity(intake, presenter="janis berzins", starts_at=riga(2026, 3, 11, 19))
    make_activity(intake, presenter="Anna Ozola", starts_at=riga(2026, 3, 11, 18))

    assert found(intake) == [(date(2026, 3, 11), (first, second))]


def test_a_presenter_of_one_activity_after_another_is_not_warned_of():
    intake = make_intake()
    make_activity(intake, presenter="Anna Ozola", starts_at=riga(2026, 3, 11, 18))
    make_activity(intake, presenter="Anna Ozola", starts_at=riga(2026, 3, 11, 19, 30))

    assert found(intake) == []


def test_a_weekly_activity_meets_another_on_its_third_time():
    intake = make_intake()
    weekly = make_activity(
        intake, presenter="Anna", starts_at=riga(2026, 3, 18, 18), last_on=date(2026, 4, 29)
    )
    once = make_activity(intake, presenter="Anna", starts_at=riga(2026, 4, 1, 18, 30))

    assert found(intake) == [(date(2026, 4, 1), (weekly, once))]


@pytest.mark.parametrize(("minutes", "warned"), [(0, 1), (59, 1), (60, 0)])
def test_two_advertisements_within_one_hour_are_warned_of(minutes, warned):
    intake = make_intake()
    first, second = make_activity(intake), make_activity(intake)
    make_publication(first, planned_at=riga(2026, 2, 11, 12))
    make_publication(second, planned_at=riga(2026, 2, 11, 12) + timedelta(minutes=minutes))

    assert len(found(intake)) == warned


def test_one_advertisement_on_two_channels_at_once_is_no_clash():
    intake = make_intake()
    activity = make_activity(intake)
    make_publication(activity, planned_at=riga(2026, 2, 11, 12))
    make_publication(activity, planned_at=riga(2026, 2, 11, 12))

    assert found(intake) == []


def test_one_activity_twice_on_one_channel_within_an_hour_is_warned_of_once():
    intake = make_intake()
    activity, channel = make_activity(intake), make_channel(intake)
    make_publication(activity, channel, planned_at=riga(2026, 2, 11, 12))
    make_publication(activity, channel, planned_at=riga(2026, 2, 11, 12, 30))

    assert found(intake) == [(date(2026, 2, 11), (activity,))]


def test_of_many_at_once_each_is_named_and_not_every_pair_of_them():
    intake = make_intake()
    at_once = [make_activity(intake, presenter="Anna") for _number in range(12)]
    for activity in at_once:
        make_publication(activity, planned_at=riga(2026, 2, 11, 12))

    for_presenter = [each for each in found(intake) if each[0] == date(2026, 3, 11)]
    for_advertising = [each for each in found(intake) if each[0] == date(2026, 2, 11)]

    assert (len(for_presenter), len(for_advertising)) == (11, 11)
    for warned in (for_presenter, for_advertising):
        assert {activity for _on, both in warned for activity in both} == set(at_once)


def test_what_is_said_of_one_activity_is_what_the_plan_says_of_it():
    intake = make_intake()
    weekly = make_activity(
        intake, presenter="Jānis", starts_at=riga(2026, 4, 20, 18), last_on=date(2026, 5, 11)
    )
    once = make_activity(intake, presenter="janis", starts_at=riga(2026, 4, 27, 18, 30))
    make_publication(weekly, planned_at=riga(2026, 4, 1, 12))
    make_publication(once, planned_at=riga(2026, 4, 1, 12, 30))
    make_activity(intake, presenter="Anna", starts_at=riga(2026, 5, 4, 10))

    of_all = found(intake)

    for activity in (weekly, once):
        assert [(each.on, each.activities) for each in warnings.about(activity)] == [
            each for each in of_all if activity in each[1]
        ]
    assert [len(warnings.about(each)) for each in (weekly, once)] == [3, 2]
