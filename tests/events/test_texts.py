"""Words of reminders: what is refused, what is filled in, and that nothing in them runs."""

import pytest
from django.utils.translation import override

from events.event_type import all_types
from events.models import ReminderRule, ReminderText
from events.texts import PLACEHOLDERS, Renderer, TextError, check_text, check_words, fill
from tests.factories import make_event, make_offer, make_registration

SERVICE = ReminderRule(name="Reminder", purpose="service")
OFFER = ReminderRule(name="Offer", purpose="advertising", anchor="end")
WHOLE_OFFER = {"email_subject": "Price", "email_body": "{offer} {unsubscribe_link}"}


def words(rule=SERVICE, **fields):
    return ReminderText(rule=rule, language="lv", **fields)


def problems(rule=SERVICE, **fields):
    return {field: len(found) for field, found in check_words(words(rule, **fields)).items()}


@pytest.mark.parametrize(
    "text",
    [
        "{event.__class__}",
        "{event[0]}",
        "{0}",
        "{}",
        "{first_name!r}",
        "{first_name:>1000000000}",
        "{ first_name }",
        "{FIRST_NAME}",
        "{{first_name}}",
        "{first_name",
        "first_name}",
        "{% load i18n %}",
        "{{ request.user.password }}",
    ],
)
def test_what_is_not_a_field_is_refused(text):
    assert check_text(f"Hello {text}") != []


@pytest.mark.parametrize("text", ["", "%s %(name)s $name", "100 % <b>bold</b>", "Ā – 😀"])
def test_what_has_no_meaning_here_is_plain_text(text):
    assert check_text(text) == []
    assert fill(text, {}) == text


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_every_field_of_the_list_can_be_used(name):
    assert check_text(f"{{{name}}}") == []


def test_a_wrong_field_is_named_once_and_not_at_full_length():
    found = check_text("{" + "x" * 500 + "}{wrong} {wrong}")

    assert [len(sentence) < 120 for sentence in found] == [True, True]


def test_a_value_is_never_read_as_a_text():
    values = {"first_name": "{last_name} {0} %s", "last_name": "secret"}

    assert fill("Hello {first_name}", values) == "Hello {last_name} {0} %s"


@pytest.mark.parametrize(
    ("rule", "fields", "expected"),
    [
        (SERVICE, {"email_subject": "Hello", "email_body": "We begin."}, {}),
        (SERVICE, {"email_body": "We begin."}, {"email_subject": 1}),
        (SERVICE, {"email_subject": "Hello"}, {"email_body": 1}),
        (SERVICE, {"sms_body": "{join_link}"}, {}),
        (SERVICE, {"sms_body": "We begin."}, {"sms_body": 1}),
        (SERVICE, {"sms_body": "{offer} {join_link}"}, {"sms_body": 1}),
        (SERVICE, {"sms_body": "{wrong}"}, {"sms_body": 2}),
        (SERVICE, {"email_subject": "{offer_title}", "email_body": "x"}, {"email_subject": 1}),
        (OFFER, WHOLE_OFFER, {}),
        (OFFER, {**WHOLE_OFFER, "email_body": "{offer}"}, {"email_body": 1}),
        (OFFER, {"sms_body": "{offer} {join_link}"}, {"sms_body": 1}),
    ],
)
def test_words_must_have_what_their_rule_needs(rule, fields, expected):
    assert problems(rule, **fields) == expected


@pytest.mark.parametrize(
    ("kind", "default"),
    [(each.key, rule) for each in all_types() for rule in each.rules],
    ids=lambda value: getattr(value, "key", value),
)
def test_the_words_a_new_installation_has_pass_their_own_check(kind, default):
    rule = ReminderRule(name=default.name[0], event_type=kind, **default.settings)

    found = [
        check_words(
            ReminderText(
                rule=rule,
                email_subject=text.subject[number],
                email_body=text.email[number],
                sms_body=text.sms[number],
            )
        )
        for text in default.texts
        for number in (0, 1)
    ]

    assert found == [{}] * len(found) != []


@pytest.mark.django_db
def test_a_person_without_words_in_the_own_language_gets_the_latvian_ones_throughout():
    registered = make_registration(make_event(), person={"first_name": "John", "language": "en"})
    latvian = words(sms_body="{greeting} {event} {join_link}")
    english = ReminderText(rule=SERVICE, language="en", email_subject="Hi", email_body="{event}")

    renderer = Renderer(registered.event, SERVICE, [latvian, english])

    assert renderer.render(registered, "email").body == "Open day"
    assert "Atverto durvju diena" in renderer.render(registered, "sms").body


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{presenter}", "The field {presenter} is empty."),
        ("{offer}", "The field {offer} is empty."),
        ("{first_name}", "The field {first_name} is empty."),
        ("{next_event}", "The text is empty."),
    ],
)
def test_an_empty_field_refuses_the_message_before_it_goes(text, sentence):
    registered = make_registration(make_event(), person={"first_name": "", "language": "en"})
    english = ReminderText(rule=SERVICE, language="en", email_subject="Hi", email_body=text)

    with override("en"), pytest.raises(TextError) as refusal:
        Renderer(registered.event, SERVICE, [english]).render(registered, "email")

    assert str(refusal.value) == sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("attendance", "expected"), [("", "all"), ("present", "came"), ("absent", "missed")]
)
def test_the_offer_speaks_to_each_by_what_is_known_of_the_attendance(attendance, expected):
    event = make_event(offer=make_offer())
    registered = make_registration(event, attendance=attendance)
    texts = [
        words(OFFER, variant=variant, email_subject="Price", email_body=body)
        for variant, body in (("", "all"), ("present", "came"), ("absent", "missed"))
    ]

    assert Renderer(event, OFFER, texts).render(registered, "email").body == expected
