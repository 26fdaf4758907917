"""Pages of reminder rules and their words: who may, what is shown before it is saved, tests."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Role
from events.forms.rule import RuleForm
from events.models import Registration, ReminderRule, ReminderText, RuleChange
from outbox.models import Message
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_offer,
    make_participant,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db

READERS = set(Role)
EDITORS = {Role.MARKETING_HEAD}


def rule(key="before_15", kind="open_day"):
    return ReminderRule.objects.get(event_type=kind, key=key)


def address(name):
    if name == "rule_list":
        return reverse("events:rule_list")
    if name == "rule_create":
        return reverse("events:rule_create", args=["webinar"])
    if name == "text_update":
        return reverse("events:text_update", args=[rule().pk, "lv", "all"])
    return reverse(f"events:{name}", args=[rule().pk])


def text_address(key="before_15", language="en", variant="all"):
    return reverse("events:text_update", args=[rule(key).pk, language, variant])


def form_of(rule, **changes):
    """Return what a browser would send of the rule's form."""
    form = RuleForm(None, instance=rule)
    values = {name: form[name].value() for name in form.fields if not form.fields[name].disabled}
    values |= changes
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


@pytest.fixture
def head(client_for):
    return client_for(make_user(email="head@college.example"))


@pytest.mark.parametrize("role", sorted(READERS - EDITORS))
@pytest.mark.parametrize("wish", ["save", "test"])
def test_others_than_the_marketing_head_neither_save_words_nor_send_tests(
    client_for, mailoutbox, role, wish
):
    client = client_for(make_user(role=role))

    response = client.post(text_address(), {"do": wish, "sms_body": "{join_link}"})

    assert response.status_code == 403
    assert mailoutbox == []
    assert RuleChange.objects.count() == 0


def test_a_specialist_may_preview_but_the_words_stay_as_saved(client_for):
    client = client_for(make_user(role=Role.SPECIALIST))

    page = client.post(text_address(), {"do": "preview", "sms_body": "Mine"}).content.decode()

    assert "begins at" in page
    assert "Mine" not in page
    assert 'value="save"' not in page


@pytest.mark.parametrize("name", ["rule_list", "rule_detail", "rule_check", "text_update"])
def test_who_is_not_signed_in_is_asked_to(client, name):
    assert client.get(address(name)).status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "/reminders/999999/",
        "/reminders/999999/edit/",
        "/reminders/999999/check/",
        "/reminders/add/nothing/",
        "/reminders/999999/texts/lv/all/",
    ],
)
def test_what_is_not_there_is_404(head, path):
    assert head.get(path).status_code == 404


@pytest.mark.parametrize(("language", "variant"), [("de", "all"), ("lv", "present"), ("lv", "x")])
def test_a_reminder_has_no_words_in_other_languages_or_by_attendance(head, language, variant):
    assert head.get(text_address("before_15", language, variant)).status_code == 404


def test_the_offer_has_words_by_attendance(head):
    page = head.get(text_address("offer", "en", "present")).content.decode()

    assert "those who came" in page
    assert "Thank you for taking part" in page


def test_the_list_says_in_words_when_each_rule_is_due_and_for_which_event_next(head):
    make_event(kind="webinar", title_en="Marketing", starts_at=timezone.now() + timedelta(days=3))

    page = head.get(reverse("events:rule_list")).content.decode()

    assert "15 minutes before the start" in page
    assert "on the day before at 10:00" in page
    assert "3 hours before the start" in page
    assert "18:00 of the offer&#x27;s last day" in page
    assert page.count(">Marketing</a>") == 5


def test_the_list_costs_the_same_with_one_event_and_with_three(head, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(20) as counted:
            head.get(reverse("events:rule_list"))
        return len(counted)

    make_event(starts_at=timezone.now() + timedelta(days=1), offer=make_offer())
    with_one = queries()
    for day in (2, 3):
        make_event(starts_at=timezone.now() + timedelta(days=day), offer=make_offer())

    assert queries() == with_one


def test_a_rule_is_added_switched_off_and_cannot_go_without_words(head):
    added = head.post(
        reverse("events:rule_create", args=["webinar"]),
        {
            "name": "Pēc stundas",
            "name_en": "In an hour",
            "purpose": "service",
            "by_email": "on",
            "anchor": "start",
            "offset_minutes": "-60",
            "offset_days": "0",
            "until": "start",
            "until_minutes": "0",
            "late": "skip",
            "registered_before_minutes": "0",
        },
    )

    new = ReminderRule.objects.get(key="in-an-hour")
    assert added.url == reverse("events:rule_detail", args=[new.pk])
    assert (new.event_type, new.is_on) == ("webinar", False)
    refused = head.post(
        reverse("events:rule_update", args=[new.pk]), form_of(new, is_on="on")
    ).content.decode()
    assert "First write the e-mail in Latvian, for everybody." in refused


def test_a_new_moment_is_saved_only_after_reading_what_it_does(head):
    event = make_event(starts_at=timezone.now() + timedelta(minutes=10))
    make_registration(event, registered_at=timezone.now() - timedelta(days=1))
    arm_rules(timezone.now() - timedelta(days=9))
    url = reverse("events:rule_update", args=[rule().pk])
    make_registration(
        event,
        registered_at=timezone.now() - timedelta(days=1),
        person={"first_name": "Līga", "last_name": "Kalniņa", "phone": ""},
    )
    sent = form_of(rule(), offset_minutes=-20)

    asked = head.post(url, sent)

    page = asked.content.decode()
    assert "3 messages were due already" in page
    assert "Who would get it: 2 people" in page
    without_phone = page.partition("Who would not, because “no phone number”: 1 person")[2]
    assert "<p>Līga Kalniņa</p>" in without_phone
    assert 'type="checkbox" name="also_past">' in page
    assert rule().offset_minutes == -15
    confirmed = head.post(url, {**sent, "confirmed": "1"})
    assert confirmed.url == reverse("events:rule_detail", args=[rule().pk])
    assert rule().offset_minutes == -20
    assert timezone.now() - rule().armed_from < timedelta(minutes=1)


def test_the_second_step_sends_on_all_that_was_typed(head):
    url = reverse("events:rule_update", args=[rule().pk])
    asked = head.post(url, form_of(rule(), offset_minutes=-20, name="Jauns", not_to_present=False))

    hidden = dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked.content.decode())
    )
    head.post(url, hidden)

    saved = rule()
    assert (saved.name, saved.offset_minutes, saved.not_to_present) == ("Jauns", -20, False)
    assert (saved.by_email, saved.by_sms, saved.is_on) == (True, True, True)


def test_the_tick_leaves_the_rule_open_to_what_was_due(head):
    since = timezone.now() - timedelta(days=60)
    arm_rules(since)
    sent = form_of(rule(), offset_minutes=-20, confirmed="1", also_past="on")

    head.post(reverse("events:rule_update", args=[rule().pk]), sent)

    assert rule().armed_from == since
    assert RuleChange.objects.get().also_past is True


def test_one_can_go_back_and_go_on_editing(head):
    sent = form_of(rule(), offset_minutes=-20, confirmed="1", back="1")

    page = head.post(reverse("events:rule_update", args=[rule().pk]), sent).content.decode()

    assert 'value="-20"' in page
    assert rule().offset_minutes == -15


def test_a_new_name_is_saved_at_once(head):
    response = head.post(
        reverse("events:rule_update", args=[rule().pk]), form_of(rule(), name="Drīz sākam")
    )

    assert response.status_code == 302
    assert rule().name == "Drīz sākam"


def test_purpose_and_anchor_stay_whatever_is_sent(head):
    sent = form_of(rule(), purpose="advertising", anchor="end", name="Cits")

    head.post(reverse("events:rule_update", args=[rule().pk]), sent)

    assert (rule().name, rule().purpose, rule().anchor) == ("Cits", "service", "start")


@pytest.mark.parametrize("key", ["confirmation", "join_now", "late_start", "moved", "cancelled"])
def test_every_rule_can_be_opened_and_saved_as_it_is(head, key):
    url = reverse("events:rule_update", args=[rule(key).pk])

    assert head.get(url).status_code == 200
    assert head.post(url, form_of(rule(key))).status_code == 302
    assert RuleChange.objects.count() == 0


def test_the_rules_page_shows_who_changed_what(head):
    head.post(
        reverse("events:rule_update", args=[rule().pk]),
        form_of(rule(), offset_minutes=-20, confirmed="1"),
    )

    page = head.get(reverse("events:rule_detail", args=[rule().pk])).content.decode()

    assert "<del>-15</del><br><ins>-20</ins>" in page


def test_words_are_saved_and_what_is_wrong_stands_beside_them(head):
    wrong = head.post(text_address(), words(sms_body="{event.__class__}")).content.decode()
    assert "There is no field {event.__class__}: choose one of the list." in wrong
    assert "An SMS needs {join_link}" in wrong

    saved = head.post(text_address(), words(sms_body="Soon: {join_link}"))

    assert saved.url == reverse("events:rule_detail", args=[rule().pk])
    kept = ReminderText.objects.get(rule=rule(), language="en")
    assert kept.sms_body == "Soon: {join_link}"
    assert RuleChange.objects.get().fields["sms_body"][1] == "Soon: {join_link}"


def words(**changes):
    return {"do": "save", "email_subject": "Soon", "email_body": "{join_link}", **changes}


def test_the_preview_is_filled_in_for_the_person_chosen_and_holds_no_real_link(head):
    event = make_event(starts_at=timezone.now() + timedelta(days=1))
    make_registration(event, person={"first_name": "Zane"})
    chosen = make_registration(event, person={"first_name": "<b>Ilze</b>"})

    page = head.post(
        text_address(),
        words(
            do="preview",
            email_body="{first_name} {join_link} {cancel_link} {calendar_link} {unsubscribe_link}",
            event=event.pk,
            registration=chosen.pk,
        ),
    ).content.decode()

    assert "&lt;b&gt;Ilze&lt;/b&gt; <a href=" in page
    assert page.count("/for-a-test") > 4
    assert chosen.token not in page
    assert chosen.participant.unsubscribe_token not in page


@pytest.mark.parametrize("name", ["text_update", "rule_check"])
def test_the_box_shows_the_event_in_use_also_before_anybody_chose(head, name):
    now = timezone.now()
    make_event(starts_at=now - timedelta(days=7))
    coming = make_event(starts_at=now + timedelta(days=7))

    html = head.get(address(name)).content.decode()

    [chosen, *_others] = re.findall(r'<option value="(\d+)" selected>([^<]+)', html)
    when = date_format(timezone.localtime(coming.starts_at), "SHORT_DATETIME_FORMAT")
    assert chosen[0] == str(coming.pk)
    assert chosen[1].startswith(f"{when} · "), "a long title would push the time out of sight"


def test_without_a_choice_the_next_event_and_its_first_registration_are_shown(head):
    make_event(starts_at=timezone.now() - timedelta(days=3))
    later = make_event(starts_at=timezone.now() + timedelta(days=9))
    following = make_event(starts_at=timezone.now() + timedelta(days=1))
    for event, name in ((later, "Late"), (following, "Next"), (following, "Other")):
        make_registration(event, person={"first_name": name})

    page = head.post(text_address(), words(do="preview", email_body="Dear {first_name}"))

    assert "Dear Next" in page.content.decode()


def test_without_events_the_preview_shows_an_example(head):
    page = head.get(text_address()).content.decode()

    assert "Nobody is registered: an example person is shown." in page
    assert "Good day, Anna!" in page


def test_while_one_types_only_the_preview_comes_back(head):
    sent = words(do="preview", sms_body="Come: {join_link}")

    page = head.post(text_address(), sent, headers={"HX-Request": "true"}).content.decode()

    assert "Come: " in page
    assert "<html" not in page
    assert RuleChange.objects.count() == 0


LINK = "https://smm.example.org/j/for-a-test"


@pytest.mark.parametrize(
    ("diacritics_left_out", "filler", "expected"),
    [
        (True, "a" * (160 - len(LINK) - 1), "1 part, 160 characters (GSM-7, 160 in a part)."),
        (True, "a" * (161 - len(LINK) - 1), "2 parts, 161 characters (GSM-7, 153 in a part)."),
        (True, "ā" * (160 - len(LINK) - 1), "1 part, 160 characters (GSM-7, 160 in a part)."),
        (False, "ā" * (70 - len(LINK) - 1), "1 part, 70 characters (UCS-2, 70 in a part)."),
        (False, "ā" * (71 - len(LINK) - 1), "2 parts, 71 characters (UCS-2, 67 in a part)."),
        (False, "ā" * (135 - len(LINK) - 1), "3 parts, 135 characters (UCS-2, 67 in a part)."),
        (
            True,
            "€" + "a" * (159 - len(LINK) - 1),
            "2 parts, 161 characters (GSM-7, 153 in a part).",
        ),
        (True, "жф", "1 part, 39 characters (UCS-2, 70 in a part)."),
    ],
)
@pytest.mark.parametrize("live", [False, True])
def test_the_editor_counts_parts(head, settings, diacritics_left_out, filler, expected, live):
    settings.SITE_URL = "https://smm.example.org"
    ReminderRule.objects.filter(pk=rule().pk).update(without_diacritics=diacritics_left_out)
    headers = {"HX-Request": "true"} if live else {}

    sent = words(do="preview", sms_body=f"{filler} {{join_link}}")
    page = head.post(text_address(), sent, headers=headers).content.decode()

    assert expected in page


def test_the_editor_shows_what_leaving_out_diacritics_saves_and_the_longest_name(head):
    event = make_event(starts_at=timezone.now() + timedelta(days=1))
    make_registration(event, person={"first_name": "Īva"})
    make_registration(event, person={"first_name": "M" * 100})

    sent = words(do="preview", sms_body="Ā" * 50 + " {first_name} {join_link}")
    page = head.post(text_address(), sent).content.decode()

    assert "Parts with diacritics: 2; without: 1. They are left out." in page
    assert "2 parts, 18" in page


def test_a_text_longer_than_bitrix24_sends_is_warned_of_and_not_cut(head):
    text = "a" * 190

    sent = words(do="preview", sms_body=f"{text} {{join_link}}")
    page = head.post(text_address(), sent).content.decode()

    assert "Bitrix24 sends at most 200 characters" in page
    assert f"{text} http" in page


def test_a_test_goes_to_oneself_with_dead_links_and_into_no_ledger(head, mailoutbox, settings):
    settings.SITE_URL = "https://smm.example.org"
    registered = make_registration(make_event(starts_at=timezone.now() + timedelta(days=1)))
    sent = words(do="test", email_body="{first_name} {join_link}", sms_body="SMS {join_link}")

    page = head.post(text_address(), sent).content.decode()

    assert "The test went to head@college.example; the outbox does not count it." in page
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["head@college.example"], "[Test] Soon"),
        (["head@college.example"], "[Test] The SMS, as it would go"),
    ]
    assert [mail.body for mail in mailoutbox] == [f"Anna {LINK}", f"SMS {LINK}"]
    assert all("List-Unsubscribe" not in mail.extra_headers for mail in mailoutbox)
    assert Message.objects.count() == 0
    registered.refresh_from_db()
    assert registered.attendance == Registration.Attendance.UNKNOWN


def test_the_links_of_a_test_open_nothing(head, client):
    make_registration()

    assert client.get("/j/for-a-test").status_code == 404
    assert client.post("/j/for-a-test").status_code == 404
    assert client.get("/u/for-a-test").status_code == 404


def test_a_test_that_cannot_be_filled_in_says_why(head, mailoutbox):
    make_registration(make_event(starts_at=timezone.now() + timedelta(days=1)))

    page = head.post(text_address(), words(do="test", email_body="{presenter}")).content.decode()

    assert "The field {presenter} is empty." in page
    assert mailoutbox == []


def test_a_mail_server_that_is_down_is_told(head, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 1

    page = head.post(text_address(), words(do="test")).content.decode()

    assert "The test could not be sent: " in page
    assert "The test went to" not in page


def test_the_check_names_everybody_for_whom_the_words_do_not_fit(head):
    event = make_event(starts_at=timezone.now() + timedelta(days=1))
    make_registration(event, person={"language": "en"})
    nameless = make_participant(first_name="", last_name="Liepa", language="en")
    make_registration(event, participant=nameless)
    ReminderText.objects.filter(rule=rule(), language="en").update(
        sms_body="{first_name} {join_link}"
    )

    page = head.get(reverse("events:rule_check", args=[rule().pk])).content.decode()

    assert "Of 2 registered, 1 message cannot go as it is." in page
    assert page.count("The field {first_name} is empty.") == 1
    assert ">Liepa</th>" in page


def test_the_check_costs_the_same_for_one_person_and_for_three(head, django_assert_max_num_queries):
    event = make_event(starts_at=START + timedelta(days=3650))

    def queries():
        with django_assert_max_num_queries(25) as counted:
            head.get(reverse("events:rule_check", args=[rule().pk]))
        return len(counted)

    make_registration(event)
    with_one = queries()
    make_registration(event)
    make_registration(event)

    assert queries() == with_one
