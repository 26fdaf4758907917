"""Alerts: found in the figures, told once to whom they belong, over by themselves, muted."""

from datetime import date, timedelta

import pytest
import time_machine

from accounts.models import Role
from kpi import alerts
from kpi.alerts import findings
from kpi.models import Alert, Mute
from kpi.periods import Span
from outbox.models import Message
from tests.factories import make_check_in, make_kpi_channel, make_user, measure, riga
from tests.kpi.making import NOW, TODAY, days, make_aimed, measure_leads, series

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def liga():
    return make_user(role=Role.SPECIALIST, language="en", full_name="Līga")


def letters():
    return list(Message.objects.order_by("pk"))


def kinds(today=TODAY):
    return [(each.kind, each.day) for each in findings(today)]


def test_a_target_that_is_behind_is_told_once_to_who_answers_for_it(liga):
    make_aimed(owner=liga, name_en="New leads")
    measure_leads(value=1)

    assert [alerts.look(NOW + n * timedelta(minutes=30)) for n in range(3)] == [1, 0, 0]

    [letter] = letters()
    assert (letter.user, letter.subject) == (liga, "Figures: 1 thing to look at")
    assert letter.body.startswith("– New leads is behind its target.\n")
    assert Alert.objects.get().dispatch == letter.dispatch


def test_a_target_on_pace_or_without_data_is_not_told_of(liga):
    make_aimed(owner=liga)
    make_aimed("comments", owner=liga)
    measure_leads(value=2)

    assert alerts.look(NOW) == 0


def test_a_target_of_check_ins_alone_can_be_behind_too(liga):
    indicator = make_aimed(owner=liga, start=0)
    indicator.series = None
    indicator.save(update_fields=["series"])
    make_check_in(indicator, on=date(2026, 3, 5), value=10)

    assert alerts.look(NOW) == 1


@pytest.mark.parametrize(("silent", "is_found"), [(3, False), (4, True), (40, True), (90, False)])
def test_three_whole_days_without_data_are_told_of_while_it_is_of_use(silent, is_found):
    last = TODAY - silent * DAY
    measure_leads(last - 27 * DAY, last)

    assert (("no_data", last) in kinds()) == is_found


def test_a_channel_that_stops_is_told_of_while_the_others_go_on(liga):
    facebook, instagram = make_kpi_channel(name="Facebook"), make_kpi_channel()
    last = TODAY - 5 * DAY
    measure_leads(last=last, channel=facebook)
    measure_leads(channel=instagram)

    assert kinds() == [("no_data", last)]
    make_aimed(owner=liga, target=None)
    alerts.look(NOW)
    [letter] = letters()
    assert "– New leads, Facebook: the last value is of 06 Mar 2026.\n" in letter.body
    assert f"/kpi/new_leads/?span=day&channel={facebook.key}\n" in letter.body

    measure_leads(last + DAY, last + DAY, channel=facebook)
    assert findings(TODAY - 2 * DAY) == []


def test_where_all_channels_stop_the_series_is_told_of_once():
    last = TODAY - 5 * DAY
    for channel in (make_kpi_channel(), make_kpi_channel()):
        measure_leads(last=last, channel=channel)

    assert [(each.channel, each.day) for each in findings(TODAY)] == [(None, last)]


def test_a_channel_that_stays_silent_is_told_of_once_although_all_were_silent_meanwhile(liga):
    make_aimed(owner=liga, target=None)
    facebook, instagram = make_kpi_channel(name="Facebook"), make_kpi_channel()
    measure_leads(last=TODAY - 5 * DAY, channel=facebook)
    measure_leads(last=TODAY - DAY, channel=instagram)
    assert alerts.look(NOW) == 1

    alerts.look(NOW + 3 * DAY)  # nothing of either for three days
    measure_leads(first=TODAY, last=TODAY + 3 * DAY, channel=instagram)

    assert alerts.look(NOW + 4 * DAY) == 0
    told = [(each.channel, each.found_at) for each in Alert.objects.open()]
    assert told == [(facebook, NOW)]
    measure_leads(first=TODAY - 4 * DAY, last=TODAY + 3 * DAY, channel=facebook)
    alerts.look(NOW + 5 * DAY)
    assert not Alert.objects.open().exists()
    assert alerts.look(NOW + 8 * DAY) == 1  # a new silence, of both
    assert [each.channel for each in Alert.objects.open()] == [None]


def test_a_channel_that_is_not_used_any_more_is_not_waited_for():
    closed, used = make_kpi_channel(is_on=False), make_kpi_channel()
    measure_leads(last=TODAY - 5 * DAY, channel=closed)
    measure_leads(channel=used)

    assert findings(TODAY) == []


def test_a_mute_of_a_channel_is_of_that_channel_and_one_of_the_series_of_all(liga):
    facebook, instagram, tiktok = (make_kpi_channel() for _ in range(3))
    for channel in (facebook, instagram):
        measure_leads(last=TODAY - 5 * DAY, channel=channel)
    measure_leads(channel=tiktok)
    alerts.look(NOW)
    about = {"kind": "no_data", "series": series(), "until": TODAY, "by": liga, "at": NOW}

    Mute.objects.create(**about, channel=facebook, reason="Known")
    assert [each.channel for each in Alert.objects.open().not_muted(TODAY)] == [instagram]
    Mute.objects.create(**about, reason="Known")
    assert not Alert.objects.open().not_muted(TODAY).exists()


def test_a_series_of_working_days_is_waited_for_and_one_of_each_week_is_not():
    february = [date(2026, 2, 2) + n * DAY for n in range(33)]
    measure(series("comments"), {day: 5 for day in february if day.weekday() < 5})
    measure(series("attendance_rate"), {day: 50 for day in february if day.weekday() == 2})

    assert [each.series for each in findings(TODAY)] == [series("comments").pk]
    assert findings(date(2026, 3, 9)) == []  # the Monday after the last Friday


def test_a_series_that_is_measured_by_month_or_never_is_not_missed_by_the_day():
    measure(series(), {date(2026, 1, 1): 60, date(2026, 2, 1): 50}, span=Span.MONTH)

    assert findings(TODAY) == []


def test_a_value_far_from_its_weekday_is_told_of_with_what_is_usual(liga):
    make_aimed(owner=liga, target=None)
    measure_leads(value=20)
    measure(series(), {date(2026, 3, 9): 200})

    assert kinds() == [("unusual", date(2026, 3, 9))]
    assert alerts.look(NOW) == 1
    said = "New leads on 09 Mar 2026: 200; usual are 14 to 26."
    assert letters()[0].body.startswith(f"– {said}\n")


def test_a_day_on_which_a_channel_is_missing_is_not_unusual():
    facebook, instagram = make_kpi_channel(), make_kpi_channel()
    last = date(2026, 3, 9)
    measure_leads(value=100, channel=facebook, last=last - DAY)
    measure_leads(value=20, channel=instagram, last=last)
    assert kinds(last + DAY) == []

    measure(series(), {last: 900}, facebook)

    assert kinds(last + DAY) == [("unusual", last)]
    measure(series(), {last: 900})  # without a channel: nothing before it can be compared
    assert kinds(last + DAY) == []


def test_a_level_without_one_of_its_channels_is_not_behind(liga):
    facebook, instagram = make_kpi_channel(), make_kpi_channel()
    make_aimed("followers", owner=liga, target=15_500, start=14_000)
    followers = days(date(2026, 1, 1), 59, 10_000)
    measure(series("followers"), followers, facebook)
    measure(series("followers"), days(date(2026, 1, 1), 69, 4_900), instagram)
    assert [(each.kind, each.channel) for each in findings(TODAY)] == [("no_data", facebook.pk)]

    measure(series("followers"), {date(2026, 3, 9): 9_000}, facebook)

    assert [each.kind for each in findings(TODAY)] == ["behind"]


def test_a_value_that_is_put_right_ends_its_alert(liga):
    make_aimed(owner=liga, target=None)
    measure_leads(value=20)
    measure(series(), {date(2026, 3, 9): 200})
    alerts.look(NOW)

    measure(series(), {date(2026, 3, 9): 20})
    alerts.look(NOW + timedelta(hours=1))

    assert Alert.objects.get().closed_at == NOW + timedelta(hours=1)


def test_several_things_come_in_one_letter(liga):
    make_aimed(owner=liga, target=9000)
    measure_leads(value=20, last=TODAY - 5 * DAY)

    alerts.look(NOW)

    assert [letter.subject for letter in letters()] == ["Figures: 2 things to look at"]


def test_what_belongs_to_nobody_goes_to_the_marketing_heads():
    head, _specialist = make_user(), make_user(role=Role.SPECIALIST)
    measure_leads(last=TODAY - 5 * DAY)

    alerts.look(NOW)

    assert [letter.user for letter in letters()] == [head]


def test_who_has_left_is_not_written_to(liga):
    head = make_user()
    make_aimed(owner=liga)
    measure_leads(value=1)
    liga.deactivate()

    alerts.look(NOW)

    assert {letter.user for letter in letters()} == {head}


def test_a_target_that_recovers_and_falls_back_soon_is_the_same_alert(liga):
    indicator = make_aimed(owner=liga)
    measure_leads(value=1)
    alerts.look(NOW)
    indicator.target = 300
    indicator.save(update_fields=["target"])
    alerts.look(NOW + DAY)
    assert not Alert.objects.open().exists()

    indicator.target = 730
    indicator.save(update_fields=["target"])

    assert alerts.look(NOW + 2 * DAY) == 0
    assert Alert.objects.open().count() == 1


def test_what_is_muted_is_told_of_when_the_mute_is_over_if_it_still_holds(liga):
    make_aimed(owner=liga)
    indicator = make_aimed("comments", owner=liga)
    measure(series("comments"), days(date(2026, 1, 1), 69, 1))
    mute = Mute.objects.create(
        kind="behind", indicator=indicator, until=TODAY, reason="Known", by=liga, at=NOW
    )

    assert alerts.look(NOW) == 0
    assert Alert.objects.open().muted(TODAY).count() == 1
    mute.lift(NOW)
    assert alerts.look(NOW + timedelta(minutes=30)) == 1


def test_a_mute_ends_with_its_day(liga):
    make_aimed(owner=liga)
    measure_leads(value=1)
    indicator = findings(TODAY)[0].indicator
    Mute.objects.create(
        kind="behind", indicator_id=indicator, until=TODAY, reason="Known", by=liga, at=NOW
    )

    assert (alerts.look(NOW), alerts.look(NOW + DAY)) == (0, 1)


@pytest.mark.parametrize(
    ("now", "count"),
    [
        (riga(2026, 3, 11, 7, 59), 0),
        (riga(2026, 3, 11, 8), 1),
        (riga(2026, 3, 11, 19, 59), 1),
        (riga(2026, 3, 11, 20), 0),
        (riga(2026, 3, 29, 8), 1),  # the morning after the clocks went forward
        (riga(2026, 3, 29, 7, 59), 0),
        (riga(2026, 10, 25, 8), 1),  # and after they went back
        (riga(2026, 10, 25, 7, 59), 0),
    ],
)
def test_nobody_is_written_to_at_night(liga, now, count):
    make_aimed(owner=liga)
    measure_leads(value=1, last=now.date() - DAY)

    assert alerts.look(now) == count


def test_an_alert_is_muted_with_a_reason_until_a_day(client_for, liga):
    make_aimed(owner=liga)
    measure_leads(value=1)
    alerts.look(NOW)
    alert = Alert.objects.get()
    client, address = client_for(liga), f"/kpi/alerts/{alert.pk}/mute/"

    with time_machine.travel(NOW, tick=False):
        refused = [
            client.post(address, {"until": "2026-03-20", "reason": ""}),
            client.post(address, {"until": "2026-03-10", "reason": "Known"}),
            client.post(address, {"until": "2027-04-10", "reason": "Known"}),
        ]
        assert [answer.status_code for answer in refused] == [200, 200, 200]
        assert not Mute.objects.exists()
        client.post(address, {"until": "2026-03-20", "reason": "The campaign has ended"})
        said = client.get("/kpi/alerts/").content.decode()

    mute = Mute.objects.get()
    assert (mute.indicator, mute.kind, mute.by) == (alert.indicator, "behind", liga)
    assert "The campaign has ended" in said
    assert "Nothing needs to be looked at." in said


def test_the_dashboard_shows_what_is_not_muted(client_for, liga):
    make_aimed(owner=liga, name_en="New leads")
    measure_leads(value=1)
    alerts.look(NOW)

    with time_machine.travel(NOW, tick=False):
        said = client_for(liga).get("/kpi/").content.decode()

    assert "New leads is behind its target." in said
