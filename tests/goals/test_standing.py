"""How many indicators of a year stand how, for one line about each year."""

from datetime import date

import pytest
from django.db.models.signals import post_init
from django.urls import reverse

from goals.models import CheckIn, Indicator
from goals.standing import Tally, tallies
from tests.factories import make_check_in, make_goal, make_indicator, make_user, make_year

pytestmark = pytest.mark.django_db

Confidence = CheckIn.Confidence


def test_each_year_is_told_by_what_was_said_last_of_its_indicators():
    old, new, empty = make_year(2025), make_year(2026), make_year(2027)
    of_old, of_new = make_goal(old), make_goal(new)
    make_check_in(make_indicator(of_old), confidence=Confidence.OFF)
    make_indicator(of_old)
    turned = make_indicator(of_new)
    make_check_in(turned, on=date(2026, 3, 9), confidence=Confidence.AT_RISK)
    make_check_in(turned, on=date(2026, 3, 2), confidence=Confidence.OFF)
    make_check_in(make_indicator(make_goal(new)), confidence=Confidence.ON_TRACK)

    assert tallies([new, empty, old]) == [
        Tally(on_track=1, at_risk=1, off=0, silent=0),
        Tally(on_track=0, at_risk=0, off=0, silent=0),
        Tally(on_track=0, at_risk=0, off=1, silent=1),
    ]


def test_what_was_corrected_does_not_count():
    year = make_year()
    indicator = make_indicator(make_goal(year))
    make_check_in(indicator, on=date(2026, 3, 2), confidence=Confidence.ON_TRACK)
    wrong = make_check_in(indicator, on=date(2026, 3, 9), confidence=Confidence.OFF)
    make_check_in(indicator, on=date(2026, 3, 1), confidence=Confidence.AT_RISK, corrects=wrong)

    assert tallies([year]) == [Tally(on_track=1, at_risk=0, off=0, silent=0)]


def test_the_list_of_years_reads_none_of_their_indicators(client_for):
    make_indicator()
    head = client_for(make_user())
    read = []

    def note(instance, **_signal):
        read.append(instance)

    post_init.connect(note, sender=Indicator)
    try:
        page = head.get(reverse("goals:year_list")).content.decode()
    finally:
        post_init.disconnect(note, sender=Indicator)

    assert "1 without a check-in" in page
    assert read == []
