"""The week in figures: one page by e-mail each Monday at eight, once, to who wants it."""

from datetime import date, timedelta

import pytest
from django.core import mail

from accounts.models import Role
from kpi import weekly
from kpi.models import Alert, WeeklyReport
from outbox import delivery
from outbox.models import Message
from tests.factories import make_event, make_user, measure, riga
from tests.kpi.making import days, make_aimed, measure_leads, series

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 9)
EIGHT = riga(2026, 3, 9, 8)


@pytest.fixture
def liga():
    return make_user(role=Role.SPECIALIST, language="en", full_name="Līga")


def letters():
    return list(Message.objects.order_by("pk"))


def test_it_says_what_the_week_came_to_beside_others_and_how_the_targets_do(liga):
    make_aimed(owner=liga, name_en="New leads", target=1000)
    measure_leads(last=date(2026, 3, 1), value=1)
    measure_leads(date(2026, 3, 2), date(2026, 3, 8), 3)
    measure_leads(date(2025, 3, 3), date(2025, 3, 9), 2)
    make_event(starts_at=riga(2026, 3, 11, 18), title_en="Open day")
    make_event(starts_at=riga(2026, 3, 16, 18), title_en="Next week's")
    Alert.objects.create(
        kind="no_data", series=series("comments"), day=date(2026, 3, 1), found_at=EIGHT
    )

    assert weekly.queue_due(EIGHT) == 1

    letter = letters()[0]
    tally, lines, alerts, coming, address, *_rest = letter.body.split("\n\n")
    assert letter.subject == "Week 10 of 2026 in figures: 1 target is behind"
    assert tally == "Targets of the year: far behind 1."
    assert lines == (
        "– New leads: 21 in the week (week before 7, +200\xa0%; a year before 14, +50\xa0%);"
        " 81 of 1\xa0000 in the year, far behind"
    )
    assert alerts == "To look at:\n– Comments: the last value is of 01 Mar 2026."
    assert coming == "This week:\n– 11 Mar 2026, 18:00 Open day"
    assert address.endswith("/kpi/")


def test_what_was_not_measured_is_called_so_and_nothing_is_claimed(liga):
    make_aimed(owner=liga, name_en="New leads", target=None)

    weekly.queue_due(EIGHT)

    letter = letters()[0]
    assert letter.subject == "Week 10 of 2026 in figures"
    assert "– New leads: no data in the week\n" in letter.body


def test_a_week_in_which_something_is_missing_is_called_incomplete(liga):
    make_aimed(owner=liga, name_en="New leads", target=None)
    measure_leads(date(2026, 2, 23), date(2026, 3, 1), 1)
    measure_leads(date(2026, 3, 2), date(2026, 3, 6), 3)

    weekly.queue_due(EIGHT)

    said = "– New leads: 15 (incomplete) in the week (week before 7, +114\xa0%)"
    assert said in letters()[0].body


def test_the_first_week_of_a_year_is_that_of_the_year_it_began_in(liga):
    make_aimed(owner=liga, year=2027)

    weekly.queue_due(riga(2027, 1, 4, 8))

    assert letters()[0].subject == "Week 53 of 2026 in figures"


def test_it_goes_by_mail_in_the_readers_languages(liga):
    latvian = make_user(language="lv")
    make_aimed(target=None)

    weekly.queue_due(EIGHT)
    delivery.send_due("smtp", lambda: EIGHT)

    subjects = {letter.to[0]: letter.subject for letter in mail.outbox}
    assert subjects[liga.email] == "Week 10 of 2026 in figures"
    assert subjects[latvian.email] == "2026. gada 10. nedēļa rādītājos"


@pytest.mark.parametrize(
    ("now", "count"),
    [
        (riga(2026, 3, 9, 7, 59), 0),
        (riga(2026, 3, 9, 8), 1),
        (riga(2026, 3, 9, 11, 59), 1),
        (riga(2026, 3, 9, 12), 0),
        (riga(2026, 3, 10, 8), 0),  # a Tuesday
        (riga(2026, 3, 8, 8), 0),  # a Sunday
        (riga(2026, 3, 30, 8), 1),  # the Monday after the clocks went forward
        (riga(2026, 3, 30, 7, 59), 0),
        (riga(2026, 10, 26, 8), 1),  # and after they went back
        (riga(2026, 10, 26, 7, 59), 0),
    ],
)
def test_it_is_written_on_mondays_at_eight_in_riga_until_noon(liga, now, count):
    make_aimed(owner=liga)

    assert weekly.queue_due(now) == count


def test_however_often_beat_ticks_there_is_one(liga):
    make_aimed(owner=liga)

    assert [weekly.queue_due(EIGHT + timedelta(minutes=5 * n)) for n in range(3)] == [1, 0, 0]
    assert weekly.queue_due(EIGHT + timedelta(weeks=1)) == 1


def test_a_beat_that_starts_late_still_writes_and_the_ledger_shows_it(liga):
    make_aimed(owner=liga)

    weekly.queue_due(riga(2026, 3, 9, 10, 30))

    assert (letters()[0].due_at, letters()[0].expires_at) == (EIGHT, riga(2026, 3, 9, 18))


def test_it_can_be_switched_off_in_the_profile(client_for, liga):
    make_aimed(owner=liga)
    form = {"full_name": "Līga", "language": "lv", "morning_list": "on"}
    client_for(liga).post("/accounts/profile/", form)

    liga.refresh_from_db()
    assert (liga.morning_list, liga.weekly_report) == (True, False)
    other = make_user(role=Role.DIRECTOR)
    assert weekly.queue_due(EIGHT) == 1
    assert [letter.user for letter in letters()] == [other]


def test_heads_of_units_and_who_has_left_get_none():
    make_user(role=Role.UNIT_HEAD)
    gone = make_user()
    director = make_user(role=Role.DIRECTOR)
    make_aimed(owner=gone)
    gone.deactivate()

    weekly.queue_due(EIGHT)

    assert [letter.user for letter in letters()] == [director]


def test_without_indicators_there_is_nothing_to_tell(liga):
    assert weekly.queue_due(EIGHT) == 0
    make_aimed(owner=liga)
    assert weekly.queue_due(EIGHT + timedelta(hours=1)) == 0
    assert WeeklyReport.objects.get().dispatch is None


def test_it_is_one_page_however_much_there_is(liga):
    make_aimed(owner=liga)
    for number in range(20):
        make_event(starts_at=EIGHT + timedelta(hours=number))
        measure(series("comments"), days(MONDAY, 1))
        Alert.objects.create(
            kind="unusual",
            series=series(),
            day=MONDAY - timedelta(days=number),
            found_at=EIGHT,
        )

    weekly.queue_due(EIGHT)

    assert letters()[0].body.count("… and more.") == 2
    assert len(letters()[0].body.splitlines()) < 40
