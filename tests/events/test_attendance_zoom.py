"""Zoom's webhook: what is let in, and what it says of attendance."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client

from events import stays, tasks, zoom_attendance
from events.attendance_matching import KnownPeople
from events.models import Event, Evidence, Registration, ZoomSign
from integrations.meetings import zoom_webhook
from tests.events.test_attendance_import import suggested
from tests.factories import START, make_event, make_registration, make_user

pytestmark = pytest.mark.django_db

SECRET = "zoom-secret-token"
ROOM = "https://us02web.zoom.us/j/81234567890?pwd=abc"
MINUTE = timedelta(minutes=1)
Kind = Evidence.Kind


@pytest.fixture(autouse=True)
def secret(settings):
    settings.ZOOM_WEBHOOK_SECRET = SECRET


def registered(event, first_name, last_name, email="", **fields):
    person = {"first_name": first_name, "last_name": last_name, "email": email}
    return make_registration(event, person=person, **fields)


def body(kind="joined", minute=0, user="1", uuid="uuid==", number=81234567890, **person):
    moment = (START + timedelta(minutes=minute)).astimezone(UTC)
    times = {"joined": "join_time", "left": "leave_time"}
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    if kind == "ended":
        event, person, meeting = "meeting.ended", {}, {"end_time": stamp}
    else:
        event, meeting = f"meeting.participant_{kind}", {}
        person = {"participant": {"user_id": user, times[kind]: stamp, **person}}
    whole = {"id": number, "uuid": uuid, "host_id": "host", **meeting, **person}
    return {"event": event, "event_ts": 1, "payload": {"object": whole}}


def post(content, *, at=START, secret=SECRET, stamp=None, sent_body=None):
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    stamp = str(int(at.timestamp())) if stamp is None else stamp
    with time_machine.travel(at, tick=False):
        return Client(enforce_csrf_checks=True).post(
            "/zoom/events",
            raw if sent_body is None else sent_body,
            content_type="application/json",
            headers={
                "x-zm-request-timestamp": stamp,
                "x-zm-signature": zoom_webhook.signature(secret, stamp, raw),
            },
        )


def tell(*calls, at=START):
    """Post these calls, then let a worker understand them."""
    for call in calls:
        assert post(call, at=at).status_code == 200
    with time_machine.travel(at, tick=False):
        return tasks.take_zoom_signs()


def evidence(registration):
    rows = registration.evidence.order_by("kind")
    return [(row.kind, row.is_present, row.minutes) for row in rows]


def attendance_of(registration):
    return Registration.objects.get(pk=registration.pk).attendance


# What is let in


def test_without_a_secret_there_is_no_such_address(settings):
    settings.ZOOM_WEBHOOK_SECRET = ""

    assert post(body(), secret="").status_code == 404


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"not json", 400),
        (b"[" * 60_000, 400),
        ({"event": "meeting.participant_joined", "payload": {}}, 400),
        ({"event": "meeting.sharing_started", "payload": {}}, 200),
        (b" " * 70_000, 413),
    ],
)
def test_a_call_that_says_nothing_keeps_nothing(content, status):
    assert post(content).status_code == status
    assert not ZoomSign.objects.exists()


@pytest.mark.parametrize(
    "name", ["Anna\0 Ozola", "Anna Ozola\ud800", "\udfffAnna Ozola"], ids=ascii
)
def test_characters_no_database_takes_are_left_out_and_the_person_is_seen(name):
    event = make_event(room_url=ROOM)
    anna = registered(event, "Anna", "Ozola")

    assert tell(body(user=name, uuid=name, customer_key=name, email=name, user_name=name)) == 1

    assert attendance_of(anna) == "present"
    assert ZoomSign.objects.get().name == "Anna Ozola"


def test_an_email_that_is_longer_in_small_letters_is_taken():
    make_event(room_url=ROOM)

    assert tell(body(email="\u0130" * 200)) == 1


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-02:00"])
def test_a_moment_outside_of_all_years_is_refused(time):
    assert post(body(join_time=time)).status_code == 400


def test_the_question_whether_we_know_the_secret_is_answered_whatever_it_holds():
    asked = {"event": "endpoint.url_validation", "payload": {"plainToken": "abc\ud800"}}

    assert post(asked).json()["plainToken"] == "abc"


def test_only_posts_are_taken():
    assert Client().get("/zoom/events").status_code == 405


def test_no_secret_is_logged(caplog):
    with caplog.at_level(logging.DEBUG):
        post(body())
        post(body(), secret="another")

    assert SECRET not in caplog.text


# What it means


def test_a_joining_makes_present_at_once():
    event = make_event(room_url=ROOM)
    anna = registered(event, "Anna", "Ozola", "anna@example.org")

    assert tell(body(email="Anna@example.org", user_name="AO")) == 1

    assert (attendance_of(anna), evidence(anna)) == ("present", [(Kind.MEETING, True, None)])
    event.refresh_from_db()
    assert event.room_opened_at == START


def test_a_unique_name_is_enough_and_two_of_the_same_are_not():
    event = make_event(room_url=ROOM)
    janis = registered(event, "Jānis", "Bērziņš")
    one, other = (registered(event, "Anna", "Ozola") for _number in range(2))

    tell(
        body(user="1", user_name="Berzins Janis"),
        body(user="2", user_name="Anna Ozola"),
    )

    assert [attendance_of(each) for each in (janis, one, other)] == ["present", "", ""]
    [line] = zoom_attendance.strangers(event)
    assert suggested(line) == (one, other)


@pytest.mark.parametrize("field", ["customer_key", "registrant_id", "user_name"])
def test_the_token_of_a_personal_link_decides_before_the_email(field):
    event = make_event(room_url=ROOM)
    anna = registered(event, "Anna", "Ozola", "anna@example.org")
    janis = registered(event, "Jānis", "Bērziņš", "janis@example.org")

    tell(body(**{"user_name": "JB", "email": "janis@example.org", field: anna.token}))

    assert [attendance_of(each) for each in (anna, janis)] == ["present", ""]


def test_a_stranger_seen_with_two_links_is_asked_about():
    event = make_event(room_url=ROOM)
    anna, janis = registered(event, "Anna", "Ozola"), registered(event, "Jānis", "Bērziņš")

    tell(body(user_name="JB", registrant_id=anna.token, customer_key=janis.token))

    [line] = zoom_attendance.strangers(event)
    assert (line.match.doubt, suggested(line)) == ("two_links", (anna, janis))


def test_two_devices_at_once_count_once_and_a_return_is_added():
    event = make_event(room_url=ROOM)
    anna = registered(event, "Anna", "Ozola")

    tell(
        body("joined", 0, user="1", user_name="Anna Ozola"),
        body("joined", 5, user="2", user_name="Anna Ozola"),
        body("left", 20, user="1", user_name="Anna Ozola"),
        body("left", 30, user="2", user_name="Anna Ozola"),
        body("joined", 50, user="3", user_name="Anna Ozola"),
        body("left", 60, user="3", user_name="Anna Ozola"),
    )

    assert evidence(anna) == [(Kind.MEETING, True, 40)]


def test_two_devices_that_come_and_go_in_the_same_second_are_one_stay():
    event = make_event(room_url=ROOM)
    anna, marta = registered(event, "Anna", "Ozola"), registered(event, "Marta", "Ozola")
    tell(*(body(user=user, user_name="Anna Ozola") for user in ("1", "2")))

    tell(body("ended", 60), body(user="3", uuid="another==", user_name="Marta Ozola"))

    assert evidence(anna) == [(Kind.MEETING, True, 60)]
    assert attendance_of(marta) == "present"


def test_the_end_of_the_meeting_ends_every_stay():
    event = make_event(room_url=ROOM)
    anna = registered(event, "Anna", "Ozola")
    tell(body(user_name="Anna Ozola"))

    tell(body("ended", 85))

    assert evidence(anna) == [(Kind.MEETING, True, 85)]


def test_a_moment_in_the_meeting_does_not_count():
    event = make_event(room_url=ROOM)
    anna = registered(event, "Anna", "Ozola")
    tell(body("joined", -60, user_name="Anna Ozola"))

    anna.refresh_from_db()
    assert anna.is_present

    tell(body("left", -59, user_name="Anna Ozola"))

    anna.refresh_from_db()
    assert (anna.attendance, anna.joined_at, anna.last_joined_at) == ("", None, None)
    assert evidence(anna) == []


def test_the_host_colleagues_and_strange_meetings_are_left_out():
    event = make_event(room_url=ROOM)
    registered(event, "Anna", "Ozola")
    make_user(email="laura@college.example")

    tell(
        body(user="1", id="host", user_name="Anna Ozola"),
        body(user="2", email="laura@college.example", user_name="Laura"),
        body(user="3", number=99999999999, user_name="Anna Ozola"),
    )

    assert not Evidence.objects.exists()
    assert zoom_attendance.strangers(event) == []


def test_of_events_in_the_same_room_the_one_that_is_on_is_meant():
    last_week = make_event(room_url=ROOM, starts_at=START - timedelta(days=7))
    event = make_event(room_url=ROOM)
    cancelled = make_event(
        room_url=ROOM, cancelled_at=START - timedelta(days=1), cancel_reason="ill"
    )
    people = [registered(each, "Anna", "Ozola") for each in (last_week, event, cancelled)]

    tell(body(user_name="Anna Ozola"))

    assert [attendance_of(each) for each in people] == ["", "present", ""]


def test_a_zoom_sign_outlives_a_complete_report_without_the_person():
    event = make_event(room_url=ROOM)
    anna = registered(event, "Anna", "Ozola")

    stays.call_absent(event, [anna.pk], START + timedelta(hours=3))
    assert attendance_of(anna) == "absent"

    tell(body(user_name="Anna Ozola"), body("left", 60, user_name="Anna Ozola"))

    assert (attendance_of(anna), evidence(anna)) == ("present", [(Kind.MEETING, True, 60)])


@pytest.mark.parametrize(
    ("joined", "left", "opened"),
    [(-12, None, None), (-12, 30, -5), (-12, -10, None), (-3, None, -3), (20, None, 7)],
)
def test_the_first_person_in_near_the_start_opens_the_room(joined, left, opened):
    event = make_event(room_url=ROOM)
    for name in ("Anna", "Marta"):
        registered(event, name, "Ozola")
    calls = [body("joined", joined, user="1", user_name="Anna Ozola")]
    if left is not None:
        calls.append(body("left", left, user="1", user_name="Anna Ozola"))
    if joined > 0:
        calls.append(body("joined", 7, user="2", user_name="Marta Ozola"))

    tell(*calls)

    event.refresh_from_db()
    assert event.room_opened_at == (None if opened is None else START + timedelta(minutes=opened))


def test_a_name_with_a_null_character_is_kept_without_it():
    assert post(body(user_name="An\0na")).status_code == 200
    assert ZoomSign.objects.get().name == "Anna"


# What a fault keeps from being understood


@pytest.fixture
def fault(monkeypatch):
    """Let nobody whose name has "poison" in it be looked for, as a fault of ours might."""
    find = KnownPeople.find

    def breaks(self, shown, *args, **kwargs):
        if "poison" in shown:
            raise ArithmeticError
        return find(self, shown, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(KnownPeople, "find", breaks)
        yield patched


def take(at):
    with time_machine.travel(at, tick=False):
        return tasks.take_zoom_signs()


def test_a_call_at_fault_keeps_none_beside_or_behind_it_waiting(fault, caplog):
    event = make_event(room_url=ROOM)
    people = [registered(event, name, "Ozola") for name in ("Anna", "Marta", "Zane")]

    count = tell(
        body(user="1", user_name="Anna Ozola"),
        body(user="2", user_name="poison"),
        body(user="3", user_name="Marta Ozola"),
    )

    assert (count, [attendance_of(each) for each in people]) == (2, ["present", "present", ""])
    assert tell(body(user="4", user_name="Zane Ozola"), at=START + MINUTE) == 1
    assert attendance_of(people[-1]) == "present"
    [left] = ZoomSign.objects.not_understood()
    assert (left.name, left.event) == ("poison", event)
    assert f"Call {left.pk} of Zoom could not be understood" in caplog.text


def test_the_calls_of_other_meetings_are_taken_when_all_of_one_are_at_fault(fault):
    make_event(room_url="https://zoom.us/j/99999999999")
    anna = registered(make_event(room_url=ROOM), "Anna", "Ozola")
    broken = [body(user=str(user), number=99999999999, user_name="poison") for user in range(3)]

    assert tell(*broken, body(user="9", user_name="Anna Ozola")) == 1

    assert attendance_of(anna) == "present"
    assert ZoomSign.objects.not_understood().count() == 3


def test_a_call_at_fault_is_tried_again_after_ever_longer_rests(fault, caplog):
    make_event(room_url=ROOM)
    tell(body(user_name="poison"))
    caplog.clear()
    tried = []

    for minute in range(1, 721):
        take(START + minute * MINUTE)
        if caplog.records:
            tried.append(minute)
            caplog.clear()

    assert tried == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]


def test_a_call_at_fault_is_understood_once_the_fault_is_mended(fault):
    event = make_event(room_url=ROOM)
    anna = registered(event, "Anna poison", "Ozola")
    tell(body(user_name="Anna poison Ozola"))
    assert attendance_of(anna) == ""

    fault.undo()

    assert take(START + MINUTE) == 1
    assert (attendance_of(anna), event.zoom_signs.not_understood().count()) == ("present", 0)


def test_an_end_at_fault_ends_no_stay_of_those_behind_it(monkeypatch):
    event = make_event(room_url=ROOM)
    anna = registered(event, "Anna", "Ozola")
    with monkeypatch.context() as patched:
        patched.setattr(zoom_attendance, "_recount_those_of", lambda *args: 1 / 0)
        tell(body("ended", -5))

    tell(body(user_name="Anna Ozola"), at=START)

    assert (attendance_of(anna), event.zoom_signs.not_understood().count()) == ("present", 1)


def test_a_database_that_breaks_off_leaves_all_to_the_next_tick(monkeypatch):
    make_event(room_url=ROOM)

    def breaks(*args):
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(zoom_attendance, "_understand", breaks)
        with pytest.raises(OperationalError):
            tell(body(user_name="Anna Ozola"))

    assert take(START) == 1


# Those a person matches


def test_a_stranger_is_matched_by_a_person_with_all_that_follows():
    event = make_event(room_url=ROOM)
    anna = registered(event, "Anna", "Ozola")
    tell(body(user="1", user_name="AO"), body(user="2", user_name="iPhone"))
    ao, iphone = zoom_attendance.strangers(event)

    count = zoom_attendance.match_strangers(event, {ao.key: anna, iphone.key: None})
    tell(body("left", 30, user="1", user_name="AO"))

    assert (count, attendance_of(anna)) == (1, "present")
    assert evidence(anna) == [(Kind.MEETING, True, 30)]
    assert zoom_attendance.strangers(event) == []


def test_two_telephones_of_the_same_make_are_asked_about_apart():
    event = make_event(room_url=ROOM)
    registered(event, "Anna", "Ozola")

    tell(
        body(user="1", user_name="iPhone"),
        body(user="2", user_name="iPhone"),
        body(user="3", user_name="AO"),
        body(user="4", minute=5, user_name="AO"),
    )

    assert sorted(line.name for line in zoom_attendance.strangers(event)) == [
        "AO",
        "iPhone",
        "iPhone",
    ]


def test_calls_are_forgotten_after_a_month():
    event = make_event(room_url=ROOM)
    anna = registered(event, "Anna", "Ozola")
    tell(body(user_name="Anna Ozola"), body("left", 30, user_name="Anna Ozola"))

    with time_machine.travel(START + timedelta(days=31), tick=False):
        tasks.discard_forgotten_imports()

    assert not ZoomSign.objects.exists()
    assert evidence(anna) == [(Kind.MEETING, True, 30)]


def test_with_nothing_told_a_look_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert zoom_attendance.take(datetime.now(UTC)) == 0


def test_many_joinings_are_understood_with_as_many_queries_as_few(django_assert_max_num_queries):
    event = make_event(room_url=ROOM)
    for number in range(60):
        registered(event, "Anna", f"Ozola{chr(97 + number // 20)}{chr(97 + number % 20)}")
        name = f"Anna Ozola{chr(97 + number // 20)}{chr(97 + number % 20)}"
        post(body(user=str(number), user_name=name))

    with django_assert_max_num_queries(33):
        zoom_attendance.take(START)

    assert Registration.objects.joined().count() == 60
    assert Event.objects.get().room_opened_at == START
