"""The public page of an event: who may register, what is kept, and what nobody learns from it."""

import re
from datetime import timedelta
from decimal import Decimal

import icalendar
import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from events import reminders
from events.models import Registration, ReminderRule
from outbox.models import Message
from people.models import Consent, ConsentText, Medium, Participant
from tests.factories import START, arm_rules, make_event, make_participant, make_registration

pytestmark = pytest.mark.django_db

NOW = START - timedelta(days=3)
ANNA = {"first_name": "Anna", "last_name": "Ozola", "email": "anna@example.org", "phone": ""}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def event():
    return make_event()


def page(client, event, language="en"):
    return client.get(f"/e/{event.slug}", headers={"accept-language": language})


def shown_in(response):
    return re.search(r'name="shown" value="([^"]+)"', response.content.decode())[1]


def send(client, event, clock, seconds=10, language="en", **fields):
    """Fill in the form as a person would, and send it after a while."""
    shown = fields.pop("shown", None) or shown_in(page(client, event, language))
    clock.shift(timedelta(seconds=seconds))
    return client.post(
        f"/e/{event.slug}",
        {**ANNA, "shown": shown, **fields},
        headers={"accept-language": language},
    )


def errors(response):
    return {name: list(said) for name, said in response.context["form"].errors.items()}


def test_the_page_says_what_when_and_who(client):
    event = make_event(
        kind="webinar",
        title_en="Marketing for small firms",
        description="Rādīsim piemērus.\n\nNāciet!",
        presenter="Ilze Bērziņa",
        price=Decimal("25.50"),
    )

    text = page(client, event).content.decode()

    for words in (
        "Marketing for small firms",
        'Wednesday, 11 March 2026, <span class="nowrap">18:00–19:30</span>',
        "(Riga time)",
        "Ilze Bērziņa",
        "25.50 EUR",
        "<p>Rādīsim piemērus.</p>",
    ):
        assert words in text
    assert "room.example.org" not in text


def test_the_page_speaks_latvian_first(client, event):
    text = client.get(f"/e/{event.slug}").content.decode()

    assert '<html lang="lv"' in text
    assert "Atvērto durvju diena" in text
    assert "trešdiena" in text.casefold()


def test_markup_in_a_description_is_only_text(client):
    event = make_event(description_en="<script>alert(1)</script>")

    assert "<script>alert" not in page(client, event).content.decode()


def test_registering_keeps_the_person_and_sends_one_confirmation(client, event, clock, sent):
    arm_rules()

    response = send(client, event, clock, first_name=" anna ", email=" Anna@Example.ORG ")
    reminders.queue_due(NOW + timedelta(minutes=1))

    person = Participant.objects.get()
    registered = Registration.objects.get()
    assert (person.first_name, person.email, person.language) == ("Anna", "anna@example.org", "en")
    assert (registered.source, registered.registered_at) == (
        "public_page",
        NOW + timedelta(seconds=10),
    )
    assert response.status_code == 302
    confirmation = Message.objects.get(medium="email")
    assert registered.join_url in confirmation.body
    assert f"/r/{registered.token}.ics" in confirmation.body


def test_the_thank_you_page_says_what_comes_and_holds_no_personal_link(client, event, clock):
    response = client.get(
        send(client, event, clock, phone="20 000 001")["Location"],
        headers={"accept-language": "en"},
    )

    text = response.content.decode()
    assert "Thank you, you are registered." in text
    assert "by e-mail, and shortly before the start by SMS too" in text
    assert Registration.objects.get().token not in text
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_the_calendar_file_of_the_thank_you_page_is_replaced_by_the_mails(client, event, clock):
    key = send(client, event, clock)["Location"]
    registered = Registration.objects.get()

    first = icalendar.Calendar.from_ical(client.get(f"{key}.ics").content).events[0]
    second = icalendar.Calendar.from_ical(client.get(f"/r/{registered.token}.ics").content)

    assert first["uid"] == second.events[0]["uid"]
    assert first["sequence"] < second.events[0]["sequence"]
    assert registered.token not in first.to_ical().decode()


def test_a_forged_thank_you_page_is_the_events_page(client, event):
    answers = [client.get(f"/e/{event.slug}/thanks/{key}") for key in ("x", "x:y:z", "x.ics")]

    assert [each["Location"] for each in answers] == [f"/e/{event.slug}"] * 3


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": ""}, {"email": ["Write your e-mail or your mobile phone."]}),
        ({"first_name": "<b></b>"}, {"first_name": ["Write your first name."]}),
        (
            {"email": "", "phone": "67 000 001"},
            {"phone": ["This number cannot receive SMS. Write a mobile number, or your e-mail."]},
        ),
        (
            {"phone": "12"},
            {
                "phone": [
                    "“12” is not a valid phone number. Write it with its country code,"
                    " for example +371 20000000."
                ]
            },
        ),
        (
            {"email": "", "phone": "20000001", "offers_by_email": "on"},
            {"email": ["Write your e-mail to get offers by e-mail."]},
        ),
        ({"offers_by_sms": "on"}, {"phone": ["Write your mobile phone to get offers by SMS."]}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, event, clock, fields, wrong):
    assert errors(send(client, event, clock, **fields)) == wrong
    assert Registration.objects.count() == 0


def test_a_wrong_email_is_named(client, event, clock):
    assert "anna@@example" in errors(send(client, event, clock, email="anna@@example"))["email"][0]


def test_both_names_are_asked_for(client, event, clock):
    found = errors(send(client, event, clock, first_name="", last_name=""))

    assert set(found) == {"first_name", "last_name"}


def test_a_phone_alone_is_enough(client, event, clock):
    send(client, event, clock, email="", phone="371 20000001")

    assert Participant.objects.get().phone == "+37120000001"


def test_nothing_is_ticked_and_nothing_is_agreed_by_registering(client, event, clock):
    text = page(client, event).content.decode()

    send(client, event, clock, phone="20000001")

    boxes = re.findall(r'<input type="checkbox"[^>]*name="(offers_by_[a-z]+)"[^>]*>', text)
    assert boxes == ["offers_by_email", "offers_by_sms"]
    assert "checked" not in text
    assert Consent.objects.count() == 0


def test_each_consent_is_of_its_own_and_kept_with_its_proof(client, event, clock, settings):
    settings.TRUSTED_PROXIES = 1
    old = ConsentText.objects.get(medium="sms")
    new = ConsentText.objects.create(medium="sms", version=2, text_lv="Jā.", text_en="Yes, by SMS.")
    shown = page(client, event)

    client.defaults["HTTP_X_FORWARDED_FOR"] = "6.6.6.6, 84.237.1.2"
    send(client, event, clock, phone="20000001", offers_by_sms="on", shown=shown_in(shown))

    consent = Consent.objects.get()
    assert "Yes, by SMS." in shown.content.decode()
    assert old.text_en not in shown.content.decode()
    assert (consent.medium, consent.is_given, consent.text, consent.source) == (
        "sms",
        True,
        new,
        "public_page",
    )
    assert (consent.at, consent.place, consent.ip_address) == (
        NOW + timedelta(seconds=10),
        event.public_url,
        "84.237.1.2",
    )
    person = Participant.objects.get()
    assert (person.accepts_offers("sms"), person.accepts_offers("email")) == (True, False)


def test_words_that_changed_meanwhile_are_shown_again_and_not_agreed_to_unseen(
    client, event, clock
):
    shown = shown_in(page(client, event))
    ConsentText.objects.create(medium="email", version=2, text_lv="Cits.", text_en="Other words.")

    response = send(client, event, clock, offers_by_email="on", shown=shown)

    assert Registration.objects.count() == 0
    assert "Other words." in response.content.decode()
    assert "checked" not in response.content.decode()
    send(client, event, clock, offers_by_email="on", shown=shown_in(response))
    assert Consent.objects.get().text.version == 2


def test_an_empty_box_withdraws_nothing(client, event, clock):
    make_participant(**{**ANNA, "offers_by_email_at": NOW})

    send(client, event, clock)

    assert Participant.objects.get().offers_by_email_at == NOW


def test_a_robot_that_fills_every_field_is_refused(client, event, clock):
    response = send(client, event, clock, website="https://spam.example")

    assert list(errors(response)) == ["__all__"]
    assert "spam.example" not in response.content.decode()
    assert Registration.objects.count() == 0


def test_a_form_sent_at_once_is_asked_for_once_more(client, event, clock):
    shown = shown_in(page(client, event))
    at_once = send(client, event, clock, seconds=1, shown=shown)

    later = send(client, event, clock, seconds=2, shown=shown_in(at_once))

    assert errors(at_once) == {
        "__all__": ["That was very quick. Please press the button once more."]
    }
    assert (later.status_code, Registration.objects.count()) == (302, 1)


@pytest.mark.parametrize("shown", ["forged", "1:forged"])
def test_a_form_not_from_our_page_is_refused(client, event, clock, shown):
    assert list(errors(send(client, event, clock, shown=shown))) == ["__all__"]


def test_a_form_of_yesterday_is_refused_and_of_this_morning_is_not(client, event, clock):
    yesterday = send(client, event, clock, seconds=25 * 3600)
    this_morning = send(client, event, clock, seconds=8 * 3600)

    assert (yesterday.status_code, this_morning.status_code) == (200, 302)


def test_another_site_cannot_register_anybody(event, clock):
    client = Client(enforce_csrf_checks=True)

    assert send(client, event, clock).status_code == 403


def test_one_address_registers_sixty_times_in_ten_minutes_and_no_more(client, event, clock):
    shown = shown_in(page(client, event))
    clock.shift(timedelta(seconds=10))
    cache.set("throttle-registrations-127.0.0.1", 59, 600)

    answers = [
        client.post(f"/e/{event.slug}", {**ANNA, "email": f"a{n}@example.org", "shown": shown})
        for n in range(2)
    ]

    assert [each.status_code for each in answers] == [302, 429]
    assert 'value="a1@example.org"' in answers[1].content.decode()
    assert Participant.objects.count() == 1


def test_without_the_cache_people_register_all_the_same(client, event, clock, settings, caplog):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    response = send(client, event, clock)

    assert response.status_code == 302
    assert "the cache is away" in caplog.text


def test_nobody_learns_who_is_registered_and_nobody_is_written_to_twice(client, clock, sent):
    arm_rules()
    event = make_event()
    known = make_registration(
        event, person=ANNA, is_confirmed=True, registered_at=NOW - timedelta(days=1)
    )
    reminders.queue_due(NOW)

    of_known = send(client, event, clock)
    of_new = send(client, event, clock, first_name="Ieva", email="ieva@example.org")
    pages = [client.get(each["Location"]).content.decode() for each in (of_known, of_new)]
    reminders.queue_due(NOW + timedelta(minutes=5))

    without_keys = [re.sub(r"/thanks/[^\"]+", "/thanks/…", text) for text in pages]
    without_tokens = [re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", t) for t in without_keys]
    assert of_known.status_code == of_new.status_code == 302
    assert without_tokens[0] == without_tokens[1]
    assert known.token not in pages[0] + of_known["Location"]
    assert [m.participant.first_name for m in Message.objects.order_by("pk")] == ["Anna", "Ieva"]


def test_who_cancelled_and_registers_again_is_confirmed_again(client, event, clock, sent):
    arm_rules()
    send(client, event, clock)
    reminders.queue_due(NOW + timedelta(minutes=1))
    registered = Registration.objects.get()
    client.post(f"/r/{registered.token}/cancel", headers={"user-agent": "Firefox"})

    send(client, event, clock)
    reminders.queue_due(NOW + timedelta(minutes=5))

    registered.refresh_from_db()
    assert (registered.is_active, registered.repetition) == (True, 2)
    assert Message.objects.filter(medium="email").count() == 2


@pytest.mark.parametrize(
    ("minutes", "fields", "said"),
    [
        (-60, {"cancelled_at": NOW, "cancel_reason": "x"}, "This event is cancelled."),
        (-60, {"registration_open": False}, "Registration for this event is closed."),
        (25, {}, "This event has already begun, registration is closed."),
        (90, {}, "This event is over."),
    ],
)
def test_a_closed_page_says_why_and_when_the_next_one_is(client, clock, minutes, fields, said):
    event = make_event(**fields)
    make_event(starts_at=START + timedelta(days=3), kind="webinar")
    later = make_event(starts_at=START + timedelta(days=7))
    shown = shown_in(page(client, later))
    clock.move_to(START + timedelta(minutes=minutes))

    text = page(client, event).content.decode()
    client.post(f"/e/{event.slug}", {**ANNA, "shown": shown})

    assert said in text
    assert f'href="/e/{later.slug}"' in text
    assert 'name="first_name"' not in text
    assert Registration.objects.count() == 0


def test_with_no_next_event_the_closed_page_says_that_too(client):
    event = make_event(registration_open=False)

    assert "not been announced yet" in page(client, event).content.decode()


def test_just_after_the_start_one_may_still_register(client, event, clock):
    clock.move_to(START + timedelta(minutes=24))

    assert "your link comes at once" in page(client, event).content.decode()
    assert send(client, event, clock).status_code == 302


@pytest.mark.parametrize("glued", ["", ".", ")", ","])
def test_what_mail_programs_glue_on_does_not_break_the_address(client, event, glued):
    assert client.get(f"/e/{event.slug}{glued}").status_code == 200


@pytest.mark.parametrize(
    "path", ["abcdefghij", "a%00b", "a%00b/thanks/key", "a%00b/thanks/key.ics", "%ED%A0%80"]
)
def test_an_event_that_is_not_there_is_not_found(client, path):
    assert client.get(f"/e/{path}").status_code == 404


def test_robots_are_asked_to_leave_personal_links_alone(client):
    text = client.get("/robots.txt").content.decode()

    assert text.split("\n")[:4] == [
        "User-agent: *",
        "Disallow: /j/",
        "Disallow: /r/",
        "Disallow: /u/",
    ]


def test_there_are_first_texts_of_consent_in_both_languages():
    texts = {
        text.medium: (text.version, "Piekrītu" in text.text("lv"), "I agree" in text.text("en"))
        for text in ConsentText.objects.all()
    }

    assert texts == {Medium.EMAIL: (1, True, True), Medium.SMS: (1, True, True)}


def test_the_confirmation_is_one_of_the_rules_of_each_kind():
    kinds = ReminderRule.objects.filter(key="confirmation").values_list("event_type", flat=True)

    assert set(kinds) == {"open_day", "webinar"}
