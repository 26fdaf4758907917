"""Who joined, and what follows from it: a test for each case, under its number.

Where these cases and the rules of reminders differ, the rules hold: "we have begun" goes ten
minutes after the start and by SMS only (16), a report makes nobody absent unless somebody says that
it is complete (17), and advertising rests from 21:00 to 8:00 (19).
"""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client

from events import attendance, attendance_import, attendance_plan, reminders, tasks
from events.models import (
    AttendanceReport,
    Evidence,
    Registration,
    ReminderRule,
    ReminderText,
    ZoomSign,
)
from integrations.meetings import reading, zoom_webhook
from integrations.meetings.intervals import minutes_of, seconds_present
from integrations.meetings.report import attendees_of
from outbox.models import Message, Reason, Status
from outbox.sms import measure, without_diacritics
from people.models import AddressBlock, Consent, Medium
from tests.acceptance.evening import (
    MINUTE,
    everybody,
    ledger,
    register,
    send,
    states,
    tick,
    ticks,
    went,
)
from tests.factories import START, make_event, make_offer, make_registration, make_user, riga
from tests.integrations.meetings import files

Kind = Evidence.Kind
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
ROOM = "https://room.example.org/42"
SECRET = "zoom-secret-token"
ZOOM_ROOM = "https://us02web.zoom.us/j/81234567890?pwd=abc"
AFTER = START + 150 * MINUTE


# The personal link: 1 to 6 ----------------------------------------------------------------------


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(START, tick=False)
    return time_machine


@pytest.fixture
def anna(clock):
    return make_registration(person={"first_name": "Anna", "language": "en"})


def open_link(client, registration, agent=CHROME, **headers):
    return client.get(f"/j/{registration.token}", headers={"user-agent": agent, **headers})


def press(client, registration, shown=None):
    shown = shown or open_link(client, registration)
    nonce = re.search(r'name="shown" value="([^"]+)"', shown.content.decode())[1]
    return client.post(f"/j/{registration.token}", {"shown": nonce}, headers={"user-agent": CHROME})


def kinds():
    return list(Evidence.objects.order_by("pk").values_list("kind", flat=True))


def joined(registration):
    found = Registration.objects.get(pk=registration.pk)
    return found.attendance, found.joined_at, found.join_count


NOT_JOINED = ("", None, 0)


@pytest.mark.parametrize(
    "agent",
    [
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "WhatsApp/2.23.20.0 A",
        "TelegramBot (like TwitterBot)",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) Safari/601.2.4 facebookexternalhit/1.1 "
        "Facebot Twitterbot/1.0",
        "",
        CHROME,
    ],
)
def test_01_fetching_the_page_joins_nobody_and_shows_no_room(client, anna, agent):
    head = client.head(f"/j/{anna.token}", headers={"user-agent": agent})
    shown = open_link(client, anna, agent)

    assert (head.status_code, shown.status_code) == (200, 200)
    assert kinds() == ([Kind.OPENED] if agent == CHROME else [])
    assert joined(anna) == NOT_JOINED
    assert "room.example.org" not in shown.content.decode() + str(shown.headers)


def test_02_the_button_leads_into_the_room_and_counts_each_press(client, anna, clock):
    first = press(client, anna)
    clock.shift(3 * MINUTE)
    second = press(client, anna)

    assert [(each.status_code, each["Location"]) for each in (first, second)] == [(303, ROOM)] * 2
    assert joined(anna) == ("present", START, 2)
    assert Registration.objects.get().last_joined_at == START + 3 * MINUTE


def test_03_too_early_is_noted_but_is_not_joining(client, anna, clock):
    clock.move_to(START - 120 * MINUTE)

    response = press(client, anna)

    assert response.status_code == 200
    assert "You are early" in response.content.decode()
    assert f"/r/{anna.token}.ics" in response.content.decode()
    assert kinds() == [Kind.OPENED, Kind.EARLY]
    assert joined(anna) == NOT_JOINED


def test_03_afterwards_the_page_offers_the_recording_and_the_next_event(client, clock):
    event = make_event(recording_url="https://video.example.org/7")
    anna = make_registration(event, person={"language": "en"})
    later = make_event(starts_at=START + timedelta(days=7))
    shown = open_link(client, anna)
    clock.move_to(event.ends_at + 16 * MINUTE)

    page = press(client, anna, shown).content.decode()

    assert 'href="https://video.example.org/7"' in page
    assert f'href="/e/{later.slug}"' in page
    assert joined(anna) == NOT_JOINED


@pytest.mark.parametrize(
    "header", [{"Sec-Purpose": "prefetch"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}]
)
def test_04_fetching_ahead_counts_nothing(client, anna, header):
    ahead = open_link(client, anna, **header)

    assert (ahead.status_code, kinds()) == (200, [])


def test_05_every_link_of_a_mail_fetched_within_a_second_joins_and_unsubscribes_nobody(
    client, anna
):
    participant = anna.participant
    participant.offers_by_email_at = START
    participant.save()

    links = [f"/j/{anna.token}", f"/r/{anna.token}/cancel", f"/r/{anna.token}.ics"]
    links.append(f"/u/{participant.unsubscribe_token}")
    answers = [client.get(link).status_code for link in links]

    anna.refresh_from_db()
    participant.refresh_from_db()
    assert answers == [200] * 4
    assert joined(anna) == NOT_JOINED
    assert anna.is_active
    assert participant.offers_by_email_at == START


@pytest.mark.parametrize("glued", [".", ")", ",", ").", "”", "%29"])
@pytest.mark.parametrize("link", ["/j/{}", "/r/{}/cancel", "/r/{}.ics"])
def test_06_what_mail_programs_glue_on_does_not_break_a_link(client, anna, link, glued):
    assert client.get(link.format(anna.token) + glued).status_code == 200


def test_06_wrong_links_all_get_the_same_page_until_there_are_too_many(client, anna):
    wrong = ["/j/abcdefghij", "/j/x", "/r/abcdefghij/cancel", "/r/abcdefghij.ics", "/u/abcdefghij"]
    wrong += [f"/j/nothere{number}" for number in range(15)]

    answers = [client.get(link) for link in wrong]
    one_more = client.get("/j/another")

    assert {each.status_code for each in answers} == {404}
    assert len({each.content for each in answers}) == 1
    assert one_more.status_code == 429
    assert open_link(client, anna).status_code == 200


# Zoom's calls: 7 to 9 ---------------------------------------------------------------------------


@pytest.fixture
def zoom(settings, time_machine):
    """Post what Zoom says, signed, at a moment; then let a worker understand it."""
    settings.ZOOM_WEBHOOK_SECRET = SECRET
    time_machine.move_to(START, tick=False)

    def tell(*calls):
        statuses = [post(json.dumps(call).encode()).status_code for call in calls]
        tasks.take_zoom_signs()
        return statuses

    return tell


def post(raw, *, secret=SECRET, stamp=None, sent=None):
    stamp = str(int(START.timestamp())) if stamp is None else stamp
    signature = zoom_webhook.signature(secret, stamp, raw)
    return Client(enforce_csrf_checks=True).post(
        "/zoom/events",
        raw if sent is None else sent,
        content_type="application/json",
        headers={"x-zm-request-timestamp": stamp, "x-zm-signature": signature},
    )


def zoom_says(kind="joined", minute=0, name="Anna Ozola"):
    moment = f"{(START + minute * MINUTE).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    person = {"user_id": "1", "user_name": name}
    person[{"joined": "join_time", "left": "leave_time"}[kind]] = moment
    meeting = {"id": 81234567890, "uuid": "uuid==", "host_id": "host", "participant": person}
    return {"event": f"meeting.participant_{kind}", "event_ts": 1, "payload": {"object": meeting}}


def known_as(event, first_name, last_name, email="", **person):
    person = {"first_name": first_name, "last_name": last_name, "email": email, **person}
    return make_registration(event, person=person)


def evidence(registration):
    rows = registration.evidence.order_by("kind")
    return [(row.kind, row.is_present, row.minutes) for row in rows]


def test_07_a_right_call_is_kept_and_answered_without_waiting(zoom, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = post(json.dumps(zoom_says()).encode())

    assert (response.status_code, response.content) == (200, b"")
    assert ZoomSign.objects.get().name == "Anna Ozola"


def test_07_a_wrong_call_is_refused_and_nothing_is_kept(zoom):
    raw = json.dumps(zoom_says()).encode()
    written_anew = json.dumps(json.loads(raw), separators=(",", ":")).encode()
    old = str(int((START - 6 * MINUTE).timestamp()))

    statuses = [
        post(raw, secret="another").status_code,
        post(raw, sent=written_anew).status_code,
        post(raw, stamp=old).status_code,
        post(raw, stamp="").status_code,
        Client().post("/zoom/events", raw, content_type="application/json").status_code,
    ]

    assert statuses == [401] * 5
    assert not ZoomSign.objects.exists()


def test_08_zooms_question_for_the_secret_is_answered(zoom):
    call = {"event": "endpoint.url_validation", "payload": {"plainToken": "plain"}}

    # printf plain | openssl dgst -sha256 -hmac zoom-secret-token
    assert post(json.dumps(call).encode()).json() == {
        "plainToken": "plain",
        "encryptedToken": "91e616fbae2a5ac32061bc4ee57248452801adba77a7e207c21928d6dcd4714f",
    }


def test_09_the_same_joining_three_times_is_one_interval(zoom):
    anna = known_as(make_event(room_url=ZOOM_ROOM), "Anna", "Ozola")

    zoom(zoom_says(), zoom_says())
    zoom(zoom_says(), zoom_says("left", 60))

    assert ZoomSign.objects.count() == 2
    assert anna.stays.count() == 1
    assert evidence(anna) == [(Kind.MEETING, True, 60)]


def test_09_a_leaving_that_comes_before_its_joining_closes_the_interval(zoom):
    anna = known_as(make_event(room_url=ZOOM_ROOM), "Anna", "Ozola")

    zoom(zoom_says("left", 60))
    before = (joined(anna)[0], evidence(anna))
    zoom(zoom_says())

    assert before == ("", [])
    assert evidence(anna) == [(Kind.MEETING, True, 60)]
    assert [each.left_at for each in anna.stays.all()] == [START + 60 * MINUTE]


# Reports: 10 to 15 ------------------------------------------------------------------------------


def upload(event, text, encoding="utf-8"):
    content = ContentFile(text.encode(encoding), "report.csv")
    return attendance_import.receive(event, content, by_id=make_user().pk, now=AFTER)


def bring_in(event, text, *, is_complete=False, now=AFTER, encoding="utf-8"):
    record = upload(event, text, encoding)
    attendance_import.confirm(record, {}, is_complete=is_complete, now=now)


def meet(*people):
    """Write a report of Meet with one line a person: first name, last name, e-mail."""
    lines = ["First name,Last name,Email,Duration,Time joined,Time exited"]
    return "\n".join([*lines, *(f"{who},60 min,18:00,19:00" for who in people)])


def matches(event, who):
    """Return to whom a line of a report belongs, or why nobody, and who is suggested."""
    plan = attendance_plan.plan(upload(event, meet(who)))
    [line] = [*plan.matched, *plan.to_review]
    suggested = tuple(each.registration for each in line.match.suggestions)
    return line.match.registration, line.match.by or line.match.doubt, suggested


def test_10_three_rows_of_one_person_are_one_attendee_with_merged_minutes():
    """18:00 to 18:10, 18:20 to 18:25, and 18:05 to 18:25 over both: 25 minutes."""
    event = make_event()
    anna = known_as(event, "Anna", "Ozola", "anna@example.org")

    bring_in(event, files.ZOOM_WEBINAR)

    assert evidence(anna) == [(Kind.REPORT, True, 25)]
    assert joined(anna)[1] == START


@pytest.mark.parametrize("text", [files.TEAMS, files.TEAMS_LATVIAN])
@pytest.mark.parametrize(
    ("written", "encoding"),
    [(str, "utf-16"), (str, "utf-8-sig"), (str, "cp1257"), (files.with_commas, "utf-8")],
)
def test_11_teams_is_read_in_every_encoding_and_language_joining_by_joining(
    text, written, encoding
):
    """Half an hour and later 35 minutes: the section of joinings counts, not the first and last."""
    event = make_event()
    nikita = known_as(event, "Ņikita", "Šķēls")

    bring_in(event, written(text), encoding=encoding)

    assert evidence(nikita) == [(Kind.REPORT, True, 65)]


ZOOM_DAY = (
    "Topic,ID,Host name,Host email,Start time,End time,Participants,Duration (minutes)\n"
    "Open day,1,College,info@college.example,03/02/26 18:00:00,03/02/26 19:00:00,1,60\n\n"
    "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,In waiting room\n"
    "Anna Ozola,,03/02/26 18:00:00,03/02/26 19:00:00,60,Yes,No\n"
)


@pytest.mark.parametrize("start", [riga(2026, 2, 3, 18), riga(2026, 3, 2, 18)])
def test_12_the_day_of_the_event_decides_what_03_02_26_means(start):
    event = make_event(starts_at=start)
    anna = known_as(event, "Anna", "Ozola")

    bring_in(event, ZOOM_DAY)

    assert joined(anna)[:2] == ("present", start)


def test_12_where_both_days_had_an_event_the_page_asks(client_for, time_machine):
    event = make_event(starts_at=riga(2026, 2, 3, 18))
    make_event(starts_at=riga(2026, 3, 2, 18))
    known_as(event, "Anna", "Ozola")
    record = upload(event, ZOOM_DAY)
    time_machine.move_to(AFTER, tick=False)
    manager, page = client_for(make_user()), f"/events/{event.pk}/attendance/{record.pk}/"

    asked = manager.get(page).content.decode()
    answered = manager.post(f"{page}dates/", {"day_order": "day_first"}, follow=True)

    assert "Which day is it?" in asked
    assert "What the report says" in answered.content.decode()
    assert AttendanceReport.objects.get().day_order == "day_first"


def minutes_in_meet(text, starts):
    report = reading.read([files.rows(text)])
    [attendee] = attendees_of(report, None, starts)
    return minutes_of(seconds_present(attendee.intervals))


@pytest.mark.parametrize(
    ("line", "minutes"), [("1 hr 2 min,6:01 PM,7:30 PM", 62), ("30 min,23:50,00:20", 30)]
)
def test_13_meet_counts_the_time_really_spent_also_over_midnight(line, minutes):
    text = f"First name,Last name,Email,Duration,Time joined,Time exited\nAnna,Ozola,,{line}\n"
    starts = datetime(2026, 3, 11, 23, 30) if "23:50" in line else datetime(2026, 3, 11, 18)

    assert minutes_in_meet(text, starts) == minutes


@pytest.mark.parametrize(
    "shown",
    [
        "Janis,Berzins",
        "BERZINS,JANIS",
        "Bērziņš,Jānis (Guest)",
        "JB (Jānis Bērziņš),",
        "Dr. Jānis,Bērziņš",
    ],
)
def test_14_the_only_janis_berzins_is_matched_by_his_name(shown):
    event = make_event()
    janis = known_as(event, "Jānis", "Bērziņš", "janis@example.org")
    known_as(event, "Anna", "Ozola", "anna@example.org")

    assert matches(event, f"{shown},") == (janis, "name", ())


def test_14_of_two_of_the_same_name_a_person_chooses():
    event = make_event()
    one = known_as(event, "Jānis", "Bērziņš", "janis@example.org")
    other = known_as(event, "Jānis", "Bērziņš", "berzins@example.org")

    assert matches(event, "Janis,Berzins,") == (None, "same_name", (one, other))


def test_14_anna_berzina_is_not_berzins():
    """The ending makes another person, who is suggested at most and never taken."""
    event = make_event()
    anna = known_as(event, "Anna", "Bērziņš", "anna@example.org")

    assert matches(event, "Anna,Bērziņa,") == (None, "unknown", (anna,))


def test_15_the_same_name_with_another_email_is_only_suggested():
    event = make_event()
    anna = known_as(event, "Anna", "Ozola", "a@x.lv")

    assert matches(event, "Anna,Ozola,b@y.lv") == (None, "other_email", (anna,))


# What follows: 16 to 20 -------------------------------------------------------------------------


def test_16_we_have_begun_goes_to_exactly_those_who_are_missing(portal, zoom):
    """Of ten four pressed, one came by Zoom a second ago, one cancelled, one is blocked."""
    event = make_event(room_url=ZOOM_ROOM)
    people = register(portal, event, 10)
    pressed, (by_zoom, gone, stopped), missing = people[:4], people[4:7], people[7:]
    by_zoom.participant.last_name = "Liepa"
    by_zoom.participant.save()
    ticks(-15)
    before = went(portal)
    for each in pressed:
        attendance.press_join(each, START + MINUTE)
    Registration.objects.filter(pk=gone.pk).update(cancelled_at=START)
    AddressBlock.objects.create(
        medium="sms", address=stopped.participant.phone, reason="Asked us.", blocked_at=START
    )
    reminders.queue_due(START + 10 * MINUTE)
    zoom(zoom_says(minute=10, name=by_zoom.participant.full_name))

    send(START + 10 * MINUTE + timedelta(seconds=1))
    ticks(11)

    assert went(portal) - before == everybody(missing, ["sms"])
    assert states("begun_10") == {
        ("sms", Status.HANDED_OVER, ""): 3,
        ("sms", Status.SKIPPED, Reason.PRESENT): 5,
        ("sms", Status.SKIPPED, Reason.REGISTRATION_CANCELLED): 1,
        ("sms", Status.SKIPPED, Reason.BLOCKED): 1,
    }


def test_17_nobody_is_absent_while_the_event_runs():
    event = make_event()
    anna, janis = known_as(event, "Anna", "Ozola"), known_as(event, "Jānis", "Bērziņš")
    running = START + 80 * MINUTE

    attendance.settle_absences(event, running)
    bring_in(event, meet("Anna,Ozola,"), is_complete=True, now=running)

    assert (joined(anna)[0], joined(janis)[0]) == ("present", "")


def test_17_a_late_report_flips_absent_to_present_and_stops_what_is_unsent(portal):
    rule = ReminderRule.objects.filter(event_type="open_day", key="begun_10")
    rule.update(anchor="end", offset_minutes=60, until="end", until_minutes=600, needs_feed=False)
    event = make_event()
    anna, janis = register(portal, event, 2)
    for each, last_name in ((anna, "Ozola"), (janis, "Liepa")):
        each.participant.last_name = last_name
        each.participant.save()
    attendance.press_join(anna, START)
    reminders.queue_due(AFTER)
    waiting = [row[1:3] for row in ledger(participant=janis.participant, key="begun_10")]
    absent = joined(janis)[0]

    bring_in(event, meet("Anna,Ozola,", "Anna,Liepa,"))
    tick(AFTER + timedelta(seconds=1))

    assert (absent, waiting) == ("absent", [("sms", Status.PLANNED)])
    assert joined(janis)[0] == "present"
    assert went(portal) == {}


def test_18_the_parts_of_an_sms_are_those_an_operator_counts():
    marked, euro = "ā" * 71, "a" * 159 + "€"
    texts = [marked, without_diacritics(marked), euro, "a" * 306, "a" * 307]

    assert [(measure(text).encoding, measure(text).parts) for text in texts] == [
        ("UCS-2", 2),
        ("GSM-7", 1),
        ("GSM-7", 2),
        ("GSM-7", 2),
        ("GSM-7", 3),
    ]


def advertise_by_sms():
    rule = ReminderRule.objects.get(event_type="open_day", key="offer")
    ReminderRule.objects.filter(pk=rule.pk).update(by_sms=True, by_email=False)
    ReminderText.objects.filter(rule=rule, language="lv").update(
        sms_body="{offer_link} {join_link}"
    )


def test_19_a_marketing_sms_at_half_past_nine_in_the_evening_waits_for_the_morning(portal):
    advertise_by_sms()
    event = make_event(ends_at=riga(2026, 3, 11, 21), offer=make_offer())
    agreed = {"offers_by_sms_at": START - timedelta(days=9)}
    [agrees] = register(portal, event, person=agreed)
    [refuses] = register(portal, event)

    tick(riga(2026, 3, 11, 21, 30))
    at_night = states("offer", status=Status.HANDED_OVER).total()
    tick(riga(2026, 3, 12, 7, 59))
    tick(riga(2026, 3, 12, 8))

    assert at_night == 0
    [told] = Message.objects.filter(dispatch__purpose="advertising", status=Status.HANDED_OVER)
    assert (told.participant, told.handed_over_at) == (agrees.participant, riga(2026, 3, 12, 8))
    assert states("offer", participant=refuses.participant) == {
        ("sms", Status.SKIPPED, Reason.NO_CONSENT): 1
    }


def test_19_a_reminder_goes_at_any_hour_also_to_who_wants_no_offers_but_not_after_its_event(portal):
    late_show = make_event(starts_at=riga(2026, 3, 11, 22), ends_at=riga(2026, 3, 11, 23))
    people = register(portal, late_show, 2, person={"offers_by_email_at": None})

    tick(riga(2026, 3, 11, 21, 45))
    reminded = went(portal)
    over = make_event(starts_at=riga(2026, 3, 11, 20))
    register(portal, over)
    tick(riga(2026, 3, 11, 21, 46))

    assert reminded == everybody(people)
    assert went(portal) == reminded


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_20_fetching_the_unsubscribe_link_changes_nothing(client, anna, method):
    anna.participant.offers_by_email_at = START
    anna.participant.save()

    response = getattr(client, method)(f"/u/{anna.participant.unsubscribe_token}")

    anna.participant.refresh_from_db()
    assert response.status_code in (200, 204)
    assert anna.participant.accepts_offers(Medium.EMAIL)


@pytest.mark.parametrize(
    "body",
    [
        {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"},
        {"data": {"List-Unsubscribe": "One-Click"}},
    ],
    ids=["urlencoded", "multipart"],
)
def test_20_one_click_without_cookie_or_csrf_unsubscribes_and_does_not_redirect(anna, body):
    anna.participant.offers_by_email_at = START
    anna.participant.save()
    mail_program = Client(enforce_csrf_checks=True)

    response = mail_program.post(f"/u/{anna.participant.unsubscribe_token}", **body)

    anna.participant.refresh_from_db()
    assert (response.status_code, response.cookies) == (200, {})
    assert not anna.participant.accepts_offers(Medium.EMAIL)
    withdrawn = Consent.objects.get()
    assert (withdrawn.medium, withdrawn.is_given, withdrawn.source, withdrawn.at) == (
        "email",
        False,
        "unsubscribe",
        START,
    )
    assert (withdrawn.place, withdrawn.ip_address) == ("List-Unsubscribe=One-Click", "127.0.0.1")


def test_20_every_commercial_mail_can_be_refused_and_no_service_mail_promotes(settings):
    settings.EMAIL_CHANNEL = settings.OFFER_EMAIL_CHANNEL = "smtp"
    settings.MESSAGE_CHANNELS = {
        "smtp": "outbox.channels.smtp.SmtpChannel",
        "bitrix24_sms": "tests.fakes.RecordingChannel",
    }
    event = make_event(offer=make_offer())
    person = {"offers_by_email_at": START - timedelta(days=9), "phone": ""}
    make_registration(event, person=person, is_confirmed=True)
    tick(START - timedelta(days=7))
    ticks(-15)
    service = list(mail.outbox)
    tick(event.ends_at + 30 * MINUTE)

    [offer] = mail.outbox[len(service) :]
    headers = {"List-Unsubscribe", "List-Unsubscribe-Post"}
    assert len(service) == 2
    assert headers <= set(offer.extra_headers)
    assert offer.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for letter in service:
        assert headers.isdisjoint(letter.extra_headers)
        assert "1 790" not in letter.body.replace("\xa0", " ")
