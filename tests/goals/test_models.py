"""Indicators: targets that lead somewhere, check-ins that are added and corrected only."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from goals.models import (
    CheckIn,
    CheckInRefusedError,
    Goal,
    Indicator,
    StillNeededError,
)
from plans.models import Intake, IntakeTarget
from tests.factories import make_check_in, make_goal, make_indicator, make_user, riga

pytestmark = pytest.mark.django_db

NOW = riga(2026, 3, 2, 10)
ON_TRACK, AT_RISK = CheckIn.Confidence.ON_TRACK, CheckIn.Confidence.AT_RISK


def report(indicator, **changes):
    told = {"on": NOW.date(), "value": Decimal(120), "confidence": ON_TRACK, "sentence": "So."}
    return indicator.check_in(by=make_user(), at=NOW, **{**told, **changes})


@pytest.mark.parametrize(
    ("direction", "start", "target"), [("up", 5, 4), ("up", 5, 5), ("down", 4, 5), ("down", 4, 4)]
)
def test_a_target_behind_its_start_is_refused_by_form_and_database(direction, start, target):
    indicator = make_indicator()
    indicator.direction, indicator.start, indicator.target = direction, start, target

    with override("en"), pytest.raises(ValidationError, match="behind the start"):
        indicator.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        indicator.save(update_fields=["direction", "start", "target"])


def test_a_check_in_of_tomorrow_is_refused_also_half_past_midnight():
    indicator = make_indicator()
    half_past_midnight = riga(2026, 10, 25, 0, 30)

    told = {"value": Decimal(1), "confidence": ON_TRACK, "sentence": "So.", "by": make_user()}
    indicator.check_in(at=half_past_midnight, on=date(2026, 10, 25), **told)

    with pytest.raises(CheckInRefusedError):
        indicator.check_in(at=half_past_midnight, on=date(2026, 10, 26), **told)
    assert indicator.check_ins.get().on == date(2026, 10, 25)


def test_a_correction_takes_the_place_and_leaves_the_old_one_to_be_seen():
    wrong = report(make_indicator(), value=Decimal(999))

    right = wrong.correct(
        by=make_user(),
        at=NOW,
        on=NOW.date(),
        value=Decimal(99),
        confidence=AT_RISK,
        sentence="Typo.",
    )

    wrong = CheckIn.objects.get(pk=wrong.pk)
    assert (wrong.value, wrong.is_corrected, wrong.correction) == (Decimal(999), True, right)
    assert list(CheckIn.objects.standing()) == [right]
    assert CheckIn.objects.last_of([wrong.indicator_id]) == {wrong.indicator_id: right}


def test_a_check_in_is_corrected_once_and_then_its_correction_is():
    wrong = report(make_indicator())
    told = {
        "by": make_user(),
        "at": NOW,
        "on": NOW.date(),
        "confidence": ON_TRACK,
        "sentence": "So.",
    }
    better = wrong.correct(value=Decimal(2), **told)

    with pytest.raises(CheckInRefusedError):
        wrong.correct(value=Decimal(3), **told)
    best = better.correct(value=Decimal(4), **told)

    assert CheckIn.objects.count() == 3
    assert list(CheckIn.objects.standing()) == [best]


def test_the_last_check_in_is_the_one_of_the_latest_day_not_the_one_written_last():
    indicator, silent = make_indicator(), make_indicator()
    make_check_in(indicator, on=date(2026, 2, 1), at=NOW)
    latest = make_check_in(indicator, on=date(2026, 2, 20), at=riga(2026, 2, 20, 9))

    assert CheckIn.objects.last_of([indicator.pk, silent.pk]) == {indicator.pk: latest}


def test_what_was_reported_on_is_not_taken_out():
    reported, silent = make_indicator(), make_indicator()
    make_check_in(reported)

    with pytest.raises(StillNeededError):
        reported.take_out()
    with pytest.raises(StillNeededError):
        reported.goal.take_out()
    silent.take_out()

    assert list(Indicator.objects.all()) == [reported]


def test_what_an_intake_has_a_share_of_is_not_taken_out():
    indicator = make_indicator()
    intake = Intake.objects.create(
        year=2026, season="spring", begins_on=date(2026, 1, 5), ends_on=date(2026, 2, 27)
    )
    IntakeTarget.objects.create(intake=intake, indicator=indicator, target=Decimal(50))

    with pytest.raises(StillNeededError):
        indicator.take_out()
    with pytest.raises(StillNeededError):
        indicator.goal.take_out()

    assert list(Indicator.objects.all()) == [indicator]


def test_a_goal_goes_with_its_indicators():
    goal = make_goal()
    make_indicator(goal)

    goal.take_out()

    assert (Goal.objects.count(), Indicator.objects.count()) == (0, 0)


def test_names_are_in_the_language_of_the_page_as_far_as_there_are_any():
    indicator = make_indicator(name="Līdi", name_en="")

    assert (indicator.label("lv"), indicator.label("en")) == ("Līdi", "Līdi")
    assert indicator.goal.label("en") == "Promote lead generation"


def test_the_newest_check_in_is_found_without_reading_the_others():
    newest = CheckIn.objects.newest_of(make_indicator().pk)[:1]

    assert "check_in_newest" in newest.explain()
    assert "B-TREE" not in newest.explain()
