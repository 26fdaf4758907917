"""What the import of a list of participants does."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections

from events import participant_import as importing
from events import participant_list, registration
from events.import_plan import Wishes
from events.models import Event, Registration
from events.registration import Origin, Person, RegistrationRefusedError
from outbox.models import Message
from people import consent
from people.models import Consent, ConsentSource, Medium, Participant
from tests.events.participant_import.lists import ANNA, HEADER, JANIS, NOW, import_rows, told, xlsx
from tests.factories import arm_rules, make_event, make_participant, make_user, riga


@pytest.mark.django_db
def test_people_of_a_list_become_participants_registrations_and_consents():
    event = make_event(look_at=None)
    user = make_user()
    found = participant_list.read(xlsx(HEADER, ANNA, JANIS), filename="March.xlsx")
    origin = importing.list_origin("March.xlsx", user.pk)

    plan = importing.import_list(event, found, origin, Wishes(language="en"), NOW)

    anna, janis = Participant.objects.order_by("pk")
    assert (anna.full_name, anna.email, anna.phone, anna.language) == (
        "Anna Ozola",
        "anna@example.org",
        "+37129111111",
        "en",
    )
    assert (anna.offers_by_email_at, anna.offers_by_sms_at) == (NOW, NOW)
    assert (janis.offers_by_email_at, janis.offers_by_sms_at) == (None, None)
    assert list(event.registrations.values_list("participant", "source", "is_confirmed")) == [
        (anna.pk, "list", False),
        (janis.pk, "list", False),
    ]
    assert list(event.registrations.values_list("registered_at", "registered_by")) == [
        (NOW, user.pk),
        (NOW, user.pk),
    ]
    assert sorted(
        Consent.objects.values_list(
            "participant", "medium", "is_given", "source", "place", "recorded_by"
        )
    ) == [
        (anna.pk, "email", True, "list", "March.xlsx", user.pk),
        (anna.pk, "sms", True, "list", "March.xlsx", user.pk),
    ]
    assert told(plan) == [(2, "added", ""), (3, "added", "")]


@pytest.mark.django_db
def test_an_import_wakes_the_plan_so_that_a_confirmation_goes_at_the_next_tick(sent):
    from events import reminders

    arm_rules()
    event = make_event()
    Event.objects.update(look_at=None)

    import_rows(event, ANNA, confirm=True)
    reminders.queue_due(NOW)

    assert list(Message.objects.values_list("address", "dispatch__reminder__rule__key")) == [
        ("anna@example.org", "confirmation")
    ]


@pytest.mark.django_db
def test_without_the_tick_nobody_gets_a_confirmation(sent):
    from events import reminders

    arm_rules()
    event = make_event()

    import_rows(event, ANNA)
    reminders.queue_due(NOW)

    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_the_same_list_twice_changes_nothing():
    event = make_event()
    found = open_day_list()
    origin = importing.list_origin("list.xlsx")
    first = importing.import_list(event, found, origin, Wishes(), NOW)
    before = _everything()

    again = importing.import_list(
        event, open_day_list(), origin, Wishes(), NOW + timedelta(hours=1)
    )

    first_counts, counts = first.counts(), again.counts()
    assert (first_counts["added"], first_counts["merged"], first_counts["skipped"]) == (58, 1, 1)
    assert (counts["added"], counts["already"], counts["merged"]) == (0, 58, 1)
    assert counts["email_given"] == counts["sms_given"] == 0
    assert _everything() == before


def open_day_list():
    """Read a list with every oddity that people send."""
    with Path(__file__).with_name("open-day.xlsx").open("rb") as file:
        return participant_list.read(file, filename="list.xlsx")


def _everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Participant, Registration, Consent)
    ]


@pytest.mark.django_db
def test_a_known_participant_is_completed_and_never_overwritten():
    known = make_participant(
        first_name="Anna", last_name="Ozola", email="anna@example.org", phone=""
    )
    other = make_participant(
        first_name="Jānis", last_name="Bērziņš", email="old@example.org", phone="+37129222222"
    )

    plan = import_rows(make_event(), ANNA, JANIS)

    known.refresh_from_db()
    other.refresh_from_db()
    assert (known.phone, other.email) == ("+37129111111", "old@example.org")
    assert Participant.objects.search("29111111").get() == known
    assert told(plan) == [
        (2, "added", "Known already from before."),
        (
            3,
            "warning",
            "We know old@example.org for this person; that is kept and janis@example.org is not."
            " Correct the participant's page if the list is right.",
        ),
        (3, "added", "Known already from before."),
    ]


@pytest.mark.django_db
def test_another_name_at_a_known_address_is_another_person():
    make_participant(first_name="Pēteris", last_name="Ozols", email="anna@example.org")

    import_rows(make_event(), ANNA)

    assert sorted(Participant.objects.values_list("first_name", flat=True)) == ["Anna", "Pēteris"]


@pytest.mark.django_db
def test_two_rows_that_are_one_known_participant_are_taken_as_one():
    make_participant(
        first_name="Anna", last_name="Ozola", email="anna@example.org", phone="+37129111111"
    )
    event = make_event()

    plan = import_rows(
        event,
        ("Anna", "Ozola", "anna@example.org", None, "jā"),
        ("Anna", "Ozola", None, "29111111", "nē"),
    )

    assert event.registrations.count() == 1
    assert told(plan)[1] == (
        3,
        "merged",
        "The same person as in row 2 (Anna Ozola); they are taken as one.",
    )
    assert Consent.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "known",
    [
        [("Anna", "Ozola", "anna@example.org", "")],
        [("Anna", "", "", "+37129111111")],
        [("", "", "anna@example.org", "")],
        [("Pēteris", "Ozols", "anna@example.org", "+37129111111")],
        [("Anna", "Ozola", "x@example.org", ""), ("Anna", "Ozola", "anna@example.org", "")],
        [("Ozola", "Anna", "", "+37129111111"), ("Anna", "Ozola", "anna@example.org", "")],
        [("Anna", "Kalna", "anna@example.org", ""), ("Anna", "", "anna@example.org", "")],
    ],
)
def test_a_row_finds_the_participant_that_a_registration_finds(known):
    for first_name, last_name, email, phone in known:
        make_participant(first_name=first_name, last_name=last_name, email=email, phone=phone)
    person = Person("Anna", "Ozola", "anna@example.org", "+37129111111")
    expected = registration.find_participant(person)

    plan = import_rows(make_event(), ANNA)

    assert plan.entries[0].is_new_person == (expected is None)
    assert expected is None or plan.entries[0].participant == expected


@pytest.mark.django_db
def test_an_empty_consent_gives_nothing_and_withdraws_nothing():
    event = make_event()
    anna = make_participant(first_name="Anna", last_name="Ozola", email="anna@example.org")
    consent.record(anna, Medium.EMAIL, is_given=True, at=NOW, source=ConsentSource.STAFF)

    import_rows(event, (*ANNA[:4], None))

    anna.refresh_from_db()
    assert (anna.offers_by_email_at, anna.offers_by_sms_at) == (NOW, None)
    assert Consent.objects.count() == 1


@pytest.mark.django_db
def test_a_no_in_a_list_withdraws_and_is_on_record():
    anna = make_participant(first_name="Anna", last_name="Ozola", email="anna@example.org")
    consent.record(anna, Medium.EMAIL, is_given=True, at=NOW, source=ConsentSource.STAFF)

    import_rows(make_event(), (*ANNA[:4], "nē"))

    anna.refresh_from_db()
    assert anna.offers_by_email_at is None
    assert list(Consent.objects.values_list("medium", "is_given", "source")) == [
        ("email", False, "list"),
        ("email", True, "staff"),
    ]


@pytest.mark.django_db
def test_a_list_does_not_undo_an_unsubscription():
    event = make_event()
    import_rows(event, ANNA)
    anna = Participant.objects.get()
    consent.record(anna, Medium.EMAIL, is_given=False, at=NOW, source=ConsentSource.UNSUBSCRIBE)

    plan = import_rows(make_event(), ANNA)

    anna.refresh_from_db()
    assert anna.offers_by_email_at is None
    assert (
        2,
        "warning",
        "Has refused offers by e-mail before; a list does not change that.",
    ) in told(plan)


@pytest.mark.django_db
def test_a_list_takes_up_a_cancelled_registration_only_if_asked_to():
    event = make_event()
    import_rows(event, ANNA)
    registration.cancel(event.registrations.get(), riga(2026, 3, 8, 12))

    left = import_rows(event, ANNA)
    assert told(left) == [
        (
            2,
            "skipped",
            "Cancelled the registration on 08 Mar 2026; the list does not register again.",
        )
    ]
    assert event.registrations.active().count() == 0

    taken = import_rows(event, ANNA, take_up_cancelled=True)
    assert told(taken) == [(2, "added", "Had cancelled; is registered again.")]
    assert event.registrations.active().get().repetition == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"cancelled_at": NOW, "cancel_reason": "Ill."}, "This event is cancelled."),
        ({"starts_at": NOW - timedelta(hours=3)}, "This event is over."),
    ],
)
def test_an_event_that_does_not_take_place_any_more_refuses_lists(fields, sentence):
    with pytest.raises(RegistrationRefusedError, match=sentence):
        import_rows(make_event(**fields), ANNA)

    assert Participant.objects.count() == 0


@pytest.mark.django_db
def test_a_failure_in_the_middle_leaves_nothing_behind(monkeypatch):
    def fail(*_arguments, **_options):
        raise RuntimeError("The power went.")

    monkeypatch.setattr(importing.reminders, "wake", fail)
    with pytest.raises(RuntimeError):
        import_rows(make_event(), ANNA, JANIS)

    assert (Participant.objects.count(), Registration.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries):
    event = make_event()
    rows = [("Anna", f"Ozola{i}", f"anna{i}@example.org", f"2{i:07}", "jā") for i in range(400)]
    with django_assert_max_num_queries(45):
        import_rows(event, *rows)

    with django_assert_max_num_queries(12):
        import_rows(event, *rows)


@pytest.mark.django_db
def test_an_address_of_a_whole_school_is_matched_quickly():
    rows = [(f"Anna{i}", f"Ozola{i}", "skola@example.org", None, None) for i in range(3000)]
    event = make_event()
    import_rows(event, *rows)

    started = time.process_time()
    again = import_rows(event, *rows)

    assert again.counts()["already"] == 3000
    assert time.process_time() - started < 6


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_the_same_moment_add_nobody_twice():
    event = make_event()
    rows = [("Anna", f"Ozola{i}", f"anna{i}@example.org", f"2{i:07}", "jā") for i in range(300)]
    lists = [participant_list.read(xlsx(HEADER, *rows), filename="a.xlsx") for _ in range(3)]
    barrier, added, problems = threading.Barrier(3), [], []

    def work(found):
        try:
            barrier.wait()
            plan = importing.import_list(
                event, found, importing.list_origin("a.xlsx"), Wishes(), NOW
            )
            added.append(plan.counts()["added"])
        except Exception as error:
            problems.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(found,)) for found in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert sorted(added) == [0, 0, 300]
    assert (Participant.objects.count(), Registration.objects.count()) == (300, 300)
    assert Consent.objects.count() == 600


@pytest.mark.django_db(transaction=True)
def test_an_import_and_the_registration_page_at_the_same_moment_add_nobody_twice():
    event = make_event()
    found = participant_list.read(xlsx(HEADER, ANNA, JANIS), filename="a.xlsx")
    person = Person("Anna", "Ozola", "anna@example.org", "+37129111111")
    barrier, problems = threading.Barrier(3), []

    def at_once(act):
        try:
            barrier.wait()
            act()
        except Exception as error:
            problems.append(error)
        finally:
            connections.close_all()

    def from_page():
        registration.register(event, person, Origin(Registration.Source.PUBLIC_PAGE), NOW)

    def from_list():
        importing.import_list(event, found, importing.list_origin("a.xlsx"), Wishes(), NOW)

    threads = [
        threading.Thread(target=at_once, args=(act,)) for act in (from_page, from_page, from_list)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert Participant.objects.filter(email="anna@example.org").count() == 1
    assert event.registrations.count() == 2


# Size: how long it takes is measured by `make bench`


@pytest.mark.django_db
def test_ten_thousand_rows_take_few_queries(django_assert_max_num_queries):
    rows = [
        ("Anna", f"Ozola{i}", f"anna{i}@example.org", f"2{i:07}", ("jā", "nē", None)[i % 3])
        for i in range(10_000)
    ]
    event = make_event()
    found = participant_list.read(xlsx(HEADER, *rows), filename="list.xlsx")

    with django_assert_max_num_queries(500):
        importing.import_list(event, found, importing.list_origin("list.xlsx"), Wishes(), NOW)

    assert event.registrations.count() == 10_000
