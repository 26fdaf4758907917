"""The list of one's day: once a working morning, to those who have something to do."""

from datetime import date, timedelta

import pytest
from django.core import mail

from accounts.models import Role
from outbox import delivery
from outbox.models import Message
from tests.factories import make_event, make_task, make_user, riga
from work import morning
from work.models import MorningList

pytestmark = pytest.mark.django_db

EIGHT = riga(2026, 3, 11, 8)
TODAY = date(2026, 3, 11)


@pytest.fixture
def liga():
    return make_user(role=Role.SPECIALIST, language="lv", full_name="Līga")


def letters():
    return list(Message.objects.order_by("pk"))


def test_the_list_names_what_is_due_and_what_is_overdue_since_yesterday(liga):
    make_task(title="Baneris", assignee=liga, due_on=TODAY, event=make_event(title="Durvis"))
    make_task(title="Teksts", assignee=liga, due_on=TODAY - timedelta(days=1))
    make_task(title="Atskaite", assignee=liga, due_on=TODAY - timedelta(days=9))
    make_task(title="Rīt", assignee=liga, due_on=TODAY + timedelta(days=1))

    assert morning.queue_due(EIGHT) == 1

    letter = letters()[0]
    today, since_yesterday, longer, *_rest = letter.body.split("\n\n")
    assert letter.subject == "Šodien: 1 uzdevums, kavējas: 2"
    assert today == "Šodien:\n– Baneris (Durvis), 11.03.2026."
    assert since_yesterday == "Kavējas kopš vakardienas:\n– Teksts, 10.03.2026."
    assert longer == "Kavējas ilgāk:\n– Atskaite, 02.03.2026."
    assert "Rīt" not in letter.body
    assert "/work/" in letter.body


def test_it_goes_by_mail_in_the_persons_language(liga):
    english = make_user(role=Role.SPECIALIST, language="en")
    make_task(due_on=TODAY)

    morning.queue_due(EIGHT)
    delivery.send_due("smtp", lambda: EIGHT)

    assert {letter.to[0]: letter.subject for letter in mail.outbox} == {
        liga.email: "Šodien: 1 uzdevums",
        english.email: "Today: 1 task",
    }


@pytest.mark.parametrize(
    ("now", "count"),
    [
        (riga(2026, 3, 11, 7, 59), 0),
        (riga(2026, 3, 11, 8), 1),
        (riga(2026, 3, 11, 11, 59), 1),
        (riga(2026, 3, 11, 12), 0),
        (riga(2026, 3, 14, 8), 0),  # a Saturday
        (riga(2026, 11, 18, 8), 0),  # a public holiday
        (riga(2026, 3, 27, 8), 1),
        (riga(2026, 3, 30, 8), 1),  # the Monday after the clocks went forward
        (riga(2026, 3, 30, 7, 59), 0),
        (riga(2026, 10, 26, 8), 1),  # and after they went back
        (riga(2026, 10, 26, 7, 59), 0),
    ],
)
def test_it_is_written_at_eight_in_riga_on_working_days_until_noon(liga, now, count):
    make_task(assignee=liga, due_on=date(2026, 1, 12))

    assert morning.queue_due(now) == count


def test_however_often_beat_ticks_there_is_one(liga):
    make_task(assignee=liga, due_on=TODAY)

    assert [morning.queue_due(EIGHT + timedelta(minutes=n)) for n in range(3)] == [1, 0, 0]
    assert len(letters()) == 1


def test_a_beat_that_starts_late_still_writes_and_the_ledger_shows_it(liga):
    make_task(assignee=liga, due_on=TODAY)

    morning.queue_due(riga(2026, 3, 11, 10, 30))

    assert (letters()[0].due_at, letters()[0].expires_at) == (EIGHT, riga(2026, 3, 11, 14))


def test_who_has_nothing_to_do_gets_nothing_all_day(liga):
    make_task(assignee=liga, due_on=TODAY + timedelta(days=1))

    assert morning.queue_due(EIGHT) == 0
    make_task(assignee=liga, due_on=TODAY)

    assert morning.queue_due(EIGHT + timedelta(hours=1)) == 0
    assert MorningList.objects.get().dispatch is None


def test_it_can_be_switched_off_in_the_profile(client_for, liga):
    make_task(assignee=liga, due_on=TODAY)
    client_for(liga).post("/accounts/profile/", {"full_name": "Līga", "language": "lv"})

    assert morning.queue_due(EIGHT) == 0


def test_on_monday_yesterday_reaches_back_to_friday(liga):
    make_task(title="Piektdien", assignee=liga, due_on=date(2026, 3, 6))

    morning.queue_due(riga(2026, 3, 9, 8))

    assert "Kavējas kopš vakardienas:\n– Piektdien" in letters()[0].body


def test_who_has_left_gets_nothing(liga):
    make_task(assignee=liga, due_on=TODAY)
    liga.deactivate()

    assert morning.queue_due(EIGHT) == 0
