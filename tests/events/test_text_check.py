"""The check of the words for everybody registered: what it says is what each one would get."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models.signals import post_init

from events import text_check
from events.models import Registration, ReminderRule, ReminderText
from events.texts import Renderer, TextError
from outbox.sms import measure
from people.models import Medium, Participant
from tests.factories import START, make_event, make_participant, make_registration

pytestmark = pytest.mark.django_db

NOW = START - timedelta(days=1)
NAMES = [
    *("", "Anna", "Ilze", "Ķēniņš", "Anna Marija", "Jansons-Krūms", "Иван", "Müller", "O’Hara"),
    *(
        "A^b",
        "A{b}",
        "Ā^b",
        "€€€",
        "😀",
        "Ō😀",
        " ",
        " Liepa ",
        "Ann \r\n a",
        "Ann\u2028a",
        "\u00a0Ozols",
    ),
    *("J\u00a0P", "A…b", "\u3000x", "𠜎𠜎", "z\u0301", "x" * 40, "ņ" * 40),
]


def rule():
    return ReminderRule.objects.get(event_type="open_day", key="before_15")


def write(**words):
    ReminderText.objects.filter(rule=rule(), language="en").update(**words)


def one_by_one(event):
    """Fill the words in for each registration as it is, and count what the check counts."""
    renderer = Renderer(event, rule(), rule().texts.all())
    problems, parts = [], Counter()
    for registration in event.registrations.active().select_related("participant"):
        for medium in rule().media:
            if not registration.participant.address(medium):
                continue
            try:
                body = renderer.render(registration, medium).body
            except TextError:
                problems.append((registration, medium))
                continue
            if medium == Medium.SMS:
                parts[measure(body).parts] += 1
                if len(body) > text_check.LONGEST:
                    problems.append((registration, medium))
    return problems, sorted(parts.items())


@pytest.mark.parametrize("diacritics_left_out", [True, False])
def test_the_check_says_what_filling_in_one_by_one_says(diacritics_left_out):
    event = make_event()
    for number, name in enumerate(NAMES):
        other = NAMES[number * 7 % len(NAMES)]
        make_registration(event, person={"first_name": name, "last_name": other, "language": "en"})
        make_registration(
            event,
            attendance=Registration.Attendance.ABSENT,
            person={"first_name": name, "last_name": name, "language": "en", "phone": ""},
        )
        make_registration(event, person={"first_name": other, "last_name": name, "email": ""})
    ReminderRule.objects.update(without_diacritics=diacritics_left_out)

    told_apart = set()
    for length in range(2, 170, 12):
        write(
            email_subject="{first_name}",
            email_body="{last_name}",
            sms_body="^" * (length % 5)
            + "a" * length
            + "{first_name}\n{last_name} {join_link}^^^^^",
        )
        problems, parts = one_by_one(event)
        found = text_check.check(rule(), event, NOW)

        assert [(each.registration, each.medium) for each in found.problems] == problems[:100]
        assert found.messages_with_problems == len(problems)
        assert found.people_with_problems == len({registration for registration, _ in problems})
        assert found.parts == parts
        told_apart.add(tuple(parts))
    assert len(told_apart) > 5


def test_links_of_other_lengths_are_told_apart():
    event = make_event()
    make_registration(event, token="a" * 10, person={"language": "en"})
    make_registration(event, token="a" * 20, person={"language": "en"})
    before = len(event.registrations.first().join_url)
    write(sms_body="b" * (160 - before) + "{join_link}")

    assert text_check.check(rule(), event, NOW).parts == [(1, 1), (2, 1)]


def test_the_words_are_filled_in_once_for_people_to_whom_they_are_alike():
    event = make_event()
    for first_name in ("Anna", "Ilze", "Dace", "Juris", "Pēters") * 6:
        make_registration(event, person={"first_name": first_name, "last_name": "Liepa"})
    examples = []

    def note(instance, **_signal):
        examples.append(instance.first_name)

    post_init.connect(note, sender=Participant)
    try:
        found = text_check.check(rule(), event, NOW)
    finally:
        post_init.disconnect(note, sender=Participant)

    assert (found.recipients, found.problems) == (30, [])
    assert sorted(examples) == ["nnnn", "nnnnn", "nnnnnn"]


def test_the_first_hundred_problems_are_named_and_all_are_counted():
    event = make_event()
    for _ in range(60):
        make_registration(event, participant=make_participant(first_name="", language="en"))
    write(email_body="{first_name}", sms_body="{first_name} {join_link}")

    found = text_check.check(rule(), event, NOW)

    registered = list(event.registrations.order_by("pk"))
    assert (found.people_with_problems, found.messages_with_problems) == (60, 120)
    assert [problem.registration for problem in found.problems[::2]] == registered[:50]
    assert len(found.problems) == 100


def test_whoever_has_cancelled_or_has_no_address_is_not_filled_in_for():
    event = make_event()
    make_registration(event, person={"phone": ""})
    make_registration(event).cancel(NOW)

    found = text_check.check(rule(), event, NOW)

    assert (found.recipients, found.parts) == (1, [])
