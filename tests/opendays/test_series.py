"""Weekly series: over both clock changes, edited, skipped and extended."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events import changes, reminders
from events.models import Event
from opendays import series as domain
from opendays.models import Occurrence, Series
from outbox import delivery
from outbox.models import Message
from tests.factories import arm_rules, make_event, make_offer, make_registration, make_user, riga

pytestmark = pytest.mark.django_db

NOW = riga(2026, 3, 1, 12)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client(client_for):
    return client_for(make_user())


def make_series(now=NOW, **fields):
    """Make three Wednesdays around the spring clock change, at 18:00."""
    fields.setdefault("first_day", date(2026, 3, 18))
    fields.setdefault("last_day", date(2026, 4, 1))
    series = Series(
        title="Atvērto durvju diena",
        title_en="Open day",
        weekday=fields["first_day"].weekday(),
        clock=fields.pop("clock", time(18)),
        room_url="https://room.example.org/1",
        **fields,
    )
    domain.create(series, by_id=make_user().pk, now=now)
    return series


def starts(series):
    found = series.occurrences.order_by("original_on").values_list("event__starts_at", flat=True)
    return [f"{timezone.localtime(each):%d.%m. %H:%M}" for each in found]


def url(name, *args):
    return reverse(f"opendays:{name}", args=args)


def page(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_an_hour_that_is_missing_becomes_the_next_one():
    series = make_series(first_day=date(2026, 3, 22), last_day=date(2026, 4, 5), clock=time(3, 30))

    assert starts(series) == ["22.03. 03:30", "29.03. 04:30", "05.04. 03:30"]


def test_each_occurrence_is_an_event_with_its_reminders_on():
    make_series()

    assert [(e.kind, e.title_en, e.reminders_stopped_at) for e in Event.objects.all()] == [
        ("open_day", "Open day", None)
    ] * 3


def test_no_event_is_made_for_a_day_that_is_over():
    series = make_series(now=riga(2026, 3, 20), first_day=date(2026, 3, 18))

    assert starts(series) == ["25.03. 18:00", "01.04. 18:00"]


def test_each_takes_the_offer_of_its_own_week_also_when_it_is_made_later(sent):
    arm_rules()
    make_series()
    early, late, _last = Event.objects.order_by("starts_at")
    offer = make_offer(first_day=date(2026, 3, 23), last_day=date(2026, 3, 29))
    make_registration(late, person={"offers_by_email_at": NOW})

    reminders.queue_due(late.ends_at + timedelta(minutes=30))

    late.refresh_from_db()
    early.refresh_from_db()
    [advertising] = Message.objects.filter(dispatch__purpose="advertising")
    assert (early.offer, late.offer) == (None, offer)
    assert "1 790" in advertising.body.replace("\xa0", " ")


def test_a_series_without_an_offer_never_takes_one():
    make_offer(first_day=date(2026, 3, 16), last_day=date(2026, 4, 5))
    make_series(with_offer=False)

    assert [each.offer for each in Event.objects.all()] == [None] * 3


def test_an_edited_series_moves_what_follows_it_and_leaves_what_was_edited_alone():
    series = make_series()
    _first, second, third = Event.objects.order_by("starts_at")
    changes.move(
        second,
        riga(2026, 3, 26, 17),
        riga(2026, 3, 26, 18),
        by_id=make_user().pk,
        now=NOW,
    )
    third.title = "Īpaša diena"
    third.save()

    series.clock = time(19)
    changed = domain.update(series, by_id=make_user().pk, now=NOW)

    assert list(Event.objects.order_by("pk").values_list("revision", flat=True)) == [2, 1, 1]
    assert changed == 1
    assert starts(series) == ["18.03. 19:00", "26.03. 17:00", "01.04. 18:00"]


def test_an_edited_series_leaves_the_past_and_the_cancelled_as_they_are():
    series = make_series()
    cancelled = Event.objects.order_by("starts_at")[1]
    changes.cancel(cancelled, "A holiday.", by_id=make_user().pk, now=NOW)

    series.title = "Jauns nosaukums"
    domain.update(series, by_id=make_user().pk, now=riga(2026, 3, 19))

    assert [each.title for each in Event.objects.order_by("starts_at")] == [
        "Atvērto durvju diena",
        "Atvērto durvju diena",
        "Jauns nosaukums",
    ]


def test_another_day_of_the_week_stays_in_its_week():
    series = make_series()

    series.weekday = 0
    domain.update(series, by_id=make_user().pk, now=NOW)

    assert starts(series) == ["16.03. 18:00", "23.03. 18:00", "30.03. 18:00"]


def test_who_was_told_the_old_time_gets_one_message_with_the_new(sent):
    arm_rules()
    series = make_series()
    event = Event.objects.order_by("starts_at")[0]
    make_registration(event, is_confirmed=True, registered_at=NOW)
    tick(NOW)
    sent.clear()

    series.clock = time(19)
    domain.update(series, by_id=make_user().pk, now=NOW + timedelta(days=1))
    for minutes in (0, 9, 10, 11):
        tick(NOW + timedelta(days=1, minutes=minutes))

    assert len(sent) == 2
    assert all("19:00" in text for _address, text in sent)


def test_editing_first_shows_what_changes_and_what_stays(client):
    series = make_series()
    edited = Event.objects.order_by("starts_at")[1]
    edited.room_url = "https://other.example.org"
    edited.save()

    shown = client.post(url("series_update", series.pk), form(weekday="2", clock="19:00"))
    unchanged = starts(series)
    client.post(url("series_update", series.pk), form(weekday="2", clock="19:00", confirmed="on"))

    assert [change.starts_at for change in shown.context["planned"]] == [
        riga(2026, 3, 18, 19),
        riga(2026, 4, 1, 19),
    ]
    assert [each.event for each in shown.context["kept"]] == [edited]
    assert "2 open days change:" in page(shown)
    assert unchanged == ["18.03. 18:00", "25.03. 18:00", "01.04. 18:00"]
    assert starts(series) == ["18.03. 19:00", "25.03. 18:00", "01.04. 19:00"]


@pytest.mark.parametrize("confirmed", ["", "on"])
def test_who_saves_a_series_second_is_told_and_moves_nothing_back(client, client_for, confirmed):
    series = make_series()
    other = client_for(make_user(full_name="Ilze Kalniņa"))
    address = url("series_update", series.pk)
    other.post(address, form(weekday="2", clock="19:00", confirmed="on"))

    answer = client.post(address, form(weekday="2", clock="18:00", title="X", confirmed=confirmed))

    conflict = answer.context["form"].conflict
    assert conflict.by.full_name == "Ilze Kalniņa"
    assert ("19:00", "18:00") in [(each.saved, each.own) for each in conflict.differences]
    assert starts(series) == ["18.03. 19:00", "25.03. 19:00", "01.04. 19:00"]


def test_who_was_told_may_save_over_what_was_saved(client, client_for):
    series = make_series()
    address = url("series_update", series.pk)
    client_for(make_user()).post(address, form(weekday="2", clock="19:00", confirmed="on"))
    told = client.post(address, form(weekday="2", clock="17:00"))
    seen = told.context["form"]["revision"].value()

    client.post(address, form(weekday="2", clock="17:00", confirmed="on", revision=seen))

    assert starts(series) == ["18.03. 17:00", "25.03. 17:00", "01.04. 17:00"]


def test_the_second_step_of_an_edit_sends_what_the_first_was_given(client):
    series = make_series()

    shown = page(client.post(url("series_update", series.pk), form(weekday="3", clock="17:15")))

    for field, value in (("weekday", "3"), ("clock", "17:15"), ("title", "Atvērto durvju diena")):
        assert f'<input type="hidden" name="{field}" value="{value}"' in shown
    assert '<input type="hidden" name="confirmed" value="on">' in shown


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"count": "2"}, ["18.03. 18:00", "25.03. 18:00"]),
        ({"last_day": "2026-04-02"}, ["18.03. 18:00", "25.03. 18:00", "01.04. 18:00"]),
    ],
)
def test_a_series_is_made_until_a_day_or_so_many_times(client, fields, days):
    response = client.post(url("series_create"), form(first_day="2026-03-18", **fields))

    series = Series.objects.get()
    assert response.url == url("series_detail", series.pk)
    assert (series.weekday, starts(series)) == (2, days)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Give either the last day or how many times."),
        ({"last_day": "2026-04-02", "count": "2"}, "Give either the last day or how many times."),
        ({"last_day": "2026-03-01"}, "The last day must not be before the first day."),
        ({"last_day": "2036-03-01"}, "A series has at most 60 open days."),
        ({"count": "2", "clock": "25:00"}, "Enter a valid time."),
        ({"count": "2", "minutes": "0"}, "An open day takes at least a minute."),
    ],
)
def test_a_mistake_in_a_new_series_is_said_beside_its_field(client, fields, sentence):
    response = client.post(url("series_create"), form(first_day="2026-03-18", **fields))

    assert sentence in page(response)
    assert list(Event.objects.all()) == []


def test_one_is_left_out_quietly_before_anybody_is_registered(client, sent):
    arm_rules()
    series = make_series()
    occurrence = series.occurrences.all()[1]

    client.post(url("occurrence_skip", occurrence.pk))
    tick(NOW + timedelta(minutes=10))

    occurrence.refresh_from_db()
    assert (occurrence.skipped_at, occurrence.event.cancelled_at) == (NOW, NOW)
    assert sent == []
    assert series.occurrences.ahead(NOW).count() == 2


def test_one_with_people_is_left_out_with_a_reason_and_a_notice(client, sent):
    arm_rules()
    series = make_series()
    occurrence = series.occurrences.all()[1]
    make_registration(occurrence.event, registered_at=NOW)

    refused = client.post(url("occurrence_skip", occurrence.pk))
    occurrence.refresh_from_db()
    skipped_at = occurrence.skipped_at
    client.post(url("occurrence_skip", occurrence.pk), {"reason": "A holiday."})
    tick(NOW + timedelta(minutes=10))

    assert "People are registered: say why it is left out." in page(refused)
    assert skipped_at is None
    assert Event.objects.get(pk=occurrence.event_id).cancel_reason == "A holiday."
    assert len(sent) == 2


def test_a_series_goes_on_at_the_same_hour(client):
    series = make_series()

    client.post(url("series_extend", series.pk), {"last_day": "2026-04-15"})

    assert starts(series)[3:] == ["08.04. 18:00", "15.04. 18:00"]


@pytest.mark.parametrize(
    ("last_day", "sentence"),
    [
        ("2026-04-01", "Choose a day after the present last one."),
        ("2030-04-01", "A series has at most 60 open days."),
        ("soon", "Choose the day until which the series goes on."),
    ],
)
def test_an_extension_that_makes_no_sense_is_refused(client, last_day, sentence):
    series = make_series()

    response = client.post(url("series_extend", series.pk), {"last_day": last_day}, follow=True)

    series.refresh_from_db()
    assert sentence in page(response)
    assert (series.last_day, Occurrence.objects.count()) == (date(2026, 4, 1), 3)


def test_the_page_of_a_series_links_its_events_and_marks_the_edited_one(client):
    series = make_series()
    edited = Event.objects.order_by("starts_at")[1]
    edited.room_url = "https://other.example.org"
    edited.save()

    shown = page(client.get(url("series_detail", series.pk)))

    links = [reverse("events:event_detail", args=[each.pk]) for each in Event.objects.all()]
    assert [link in shown for link in links] == [True, True, True]
    assert shown.count("Edited on its own") == 1


def test_an_event_of_a_series_leads_back_to_it_and_another_does_not(client):
    series, alone = make_series(), make_event()
    within = series.occurrences.earliest("original_on").event
    link = f'href="{url("series_detail", series.pk)}"'

    pages = [page(client.get(reverse("events:event_detail", args=[e.pk]))) for e in (within, alone)]

    assert [link in each for each in pages] == [True, False]


def test_pages_ask_the_database_as_often_for_many_as_for_one(client):
    one = make_series(last_day=date(2026, 3, 18))
    counts = [
        count(client, url("series_list")),
        count(client, url("series_detail", one.pk)),
    ]

    many = make_series(last_day=date(2026, 6, 18))
    make_series()

    assert [
        count(client, url("series_list")),
        count(client, url("series_detail", many.pk)),
    ] == counts


def form(**fields):
    return {
        "title": "Atvērto durvju diena",
        "title_en": "Open day",
        "clock": "18:00",
        "minutes": "90",
        "entry": "personal_link",
        "room_url": "https://room.example.org/1",
        "with_offer": "on",
        "revision": 1,
        **fields,
    }


def tick(now):
    reminders.queue_due(now)
    delivery.send_due("recording", lambda: now)


def count(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
