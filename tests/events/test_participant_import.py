import io
import re
import threading
import time
import zipfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connections
from django.urls import reverse
from django.utils import timezone, translation
from kombu.exceptions import OperationalError

from accounts.models import Role
from events import leftover_lists, participant_list, registration, tasks
from events import participant_import as importing
from events.import_plan import Wishes
from events.models import Event, ParticipantImport, Registration
from events.registration import Origin, Person, RegistrationRefusedError
from files.list_files import ListError
from outbox.models import Message
from people import consent
from people.models import Consent, ConsentSource, Medium, Participant
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_participant,
    make_registration,
    make_user,
    riga,
)

NOW = START - timedelta(days=3)
HEADER = ("Vārds", "Uzvārds", "E-pasts", "Tālrunis", "Piekrītu saņemt piedāvājumus")
ANNA = ("Anna", "Ozola", "anna@example.org", "29111111", "jā")
JANIS = ("Jānis", "Bērziņš", "janis@example.org", "29222222", "nē")
State = ParticipantImport.State


@pytest.fixture(autouse=True)
def _in_english_and_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with translation.override("en"):
        yield


def xlsx(*rows):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    output = io.BytesIO()
    workbook.save(output)
    output.seek(0)
    return output


def import_rows(event, *rows, now=NOW, header=HEADER, filename="list.xlsx", **wishes):
    found = participant_list.read(xlsx(header, *rows), filename=filename)
    return importing.import_list(
        event, found, importing.list_origin(filename), Wishes(**wishes), now
    )


def told(plan):
    return [(line.row, str(line.fate), line.reason) for line in plan.lines]


def stored_files(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


# What an import does


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
    with (Path(__file__).parent / "lists" / "open-day.xlsx").open("rb") as file:
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


# The page


@pytest.fixture
def coming(settings):
    """Give an event tomorrow: pages ask the real clock."""
    return make_event(starts_at=timezone.now() + timedelta(days=1))


@pytest.fixture
def manager(client_for):
    return client_for(make_user(role=Role.SPECIALIST))


def upload(client, event, content, name="list.xlsx", language="lv"):
    if not isinstance(content, bytes):
        content = content.read()
    return client.post(
        reverse("events:participant_import", args=[event.pk]),
        {"file": SimpleUploadedFile(name, content), "people_language": language},
    )


def page_of(record):
    return reverse("events:participant_import_detail", args=[record.event_id, record.pk])


def confirm(client, record, **ticks):
    address = reverse("events:participant_import_confirm", args=[record.event_id, record.pk])
    return client.post(address, ticks)


@pytest.mark.django_db
def test_a_small_list_is_previewed_at_once_and_nothing_is_saved_yet(manager, coming, settings):
    response = upload(manager, coming, xlsx(HEADER, ANNA, JANIS, ("Zane", None, None, None, None)))

    record = ParticipantImport.objects.get()
    assert response.url == page_of(record)
    assert (record.state, record.original_name) == (State.READY, "list.xlsx")
    (stored,) = stored_files(settings)
    assert (stored.parent.name, stored.suffix, stored.stat().st_mode & 0o777) == (
        "imports",
        "",
        0o600,
    )
    counts = record.summary["counts"]
    assert (counts["added"], counts["skipped"]) == (2, 1)
    page = manager.get(page_of(record)).content.decode()
    assert "Register 2 people" in page
    assert "There is neither an e-mail address nor a phone number." in page
    assert Participant.objects.count() == Registration.objects.count() == 0


def shown_fates(page):
    return re.findall(r'<span class="state ([a-z-]+)"><svg.+?</svg>([^<]+)</span>', page)


@pytest.mark.django_db
def test_each_row_says_what_becomes_of_it_and_afterwards_what_became(manager, coming):
    upload(manager, coming, xlsx(HEADER, ANNA, ("Zane", None, None, None, None)))
    record = ParticipantImport.objects.get()

    preview = manager.get(page_of(record)).content.decode()
    confirm(manager, record)
    result = manager.get(page_of(record)).content.decode()

    skipped = ("is-bad", "Skipped")
    assert shown_fates(preview) == [("is-ok", "To register"), skipped]
    assert shown_fates(result) == [("is-ok", "Registered"), skipped]


@pytest.mark.django_db
def test_the_preview_says_what_will_go_out_and_what_the_tick_means(manager):
    arm_rules()
    event = make_event(starts_at=timezone.now() + timedelta(days=1))

    upload(manager, event, xlsx(HEADER, ANNA, (*JANIS[:3], None, "nē")))

    page = manager.get(page_of(ParticipantImport.objects.get())).content.decode()
    due = timezone.localtime(event.starts_at - timedelta(minutes=15))
    when = due.strftime("%d %b %Y")
    assert f"2 people will get “We begin in 15 minutes” by e-mail on {when}" in page
    assert f"1 person will get “We begin in 15 minutes” by SMS on {when}" in page
    assert "Not to: no phone number (1)." in page
    assert "If ticked: 2 people will get “Confirmation” by e-mail at once." in page


@pytest.mark.django_db
def test_the_preview_says_when_the_reminders_of_the_event_are_off(manager, coming):
    Event.objects.update(reminders_stopped_at=timezone.now())
    upload(manager, coming, xlsx(HEADER, ANNA))

    page = manager.get(page_of(ParticipantImport.objects.get())).content.decode()

    assert "The reminders of this event are off" in page


@pytest.mark.django_db
def test_a_list_that_is_being_imported_cannot_be_discarded(manager, coming):
    upload(manager, coming, xlsx(HEADER, ANNA))
    seen = ParticipantImport.objects.get()
    confirmed = ParticipantImport.objects.get()
    importing.confirm(
        confirmed, send_confirmations=False, take_up_cancelled=False, now=timezone.now()
    )

    assert importing.discard(seen) is False
    assert ParticipantImport.objects.get().state == State.IMPORTING


@pytest.mark.django_db
def test_confirming_registers_everybody_and_deletes_the_file(manager, coming, settings):
    upload(manager, coming, xlsx(HEADER, ANNA, JANIS), language="en")
    record = ParticipantImport.objects.get()

    response = confirm(manager, record, send_confirmations="on")

    record.refresh_from_db()
    assert response.url == page_of(record)
    assert (record.state, record.finished_at is not None) == (State.DONE, True)
    assert list(coming.registrations.values_list("is_confirmed", flat=True)) == [True, True]
    assert list(Participant.objects.values_list("language", flat=True)) == ["en", "en"]
    assert list(Consent.objects.values_list("place", flat=True)) == ["list.xlsx"] * 2
    assert stored_files(settings) == []
    assert "What the import has done" in manager.get(page_of(record)).content.decode()


@pytest.mark.django_db
def test_confirming_twice_imports_once(manager, coming):
    upload(manager, coming, xlsx(HEADER, ANNA))
    record = ParticipantImport.objects.get()

    confirm(manager, record)
    confirm(manager, record, send_confirmations="on")
    tasks.carry_out_participant_import(record.pk)

    record.refresh_from_db()
    assert (record.summary["counts"]["added"], record.confirm_registrations) == (1, False)
    assert coming.registrations.count() == 1


@pytest.mark.django_db
def test_what_has_changed_since_the_preview_counts(manager, coming):
    upload(manager, coming, xlsx(HEADER, ANNA, JANIS))
    record = ParticipantImport.objects.get()
    make_registration(
        coming,
        person={"first_name": "Anna", "last_name": "Ozola", "email": "anna@example.org"},
    )

    confirm(manager, record)

    record.refresh_from_db()
    counts = record.summary["counts"]
    assert (counts["added"], counts["already"]) == (1, 1)


@pytest.mark.django_db
def test_nobody_is_registered_again_whom_the_preview_did_not_offer_to(manager, coming):
    upload(manager, coming, xlsx(HEADER, ANNA))
    record = ParticipantImport.objects.get()
    anna = {"first_name": "Anna", "last_name": "Ozola", "email": "anna@example.org"}
    make_registration(coming, person=anna, cancelled_at=timezone.now())

    confirm(manager, record, take_up_cancelled="on")

    record.refresh_from_db()
    assert (record.state, record.take_up_cancelled) == (State.DONE, False)
    assert record.summary["counts"]["left_cancelled"] == 1
    assert coming.registrations.filter(cancelled_at=None).count() == 0


@pytest.mark.django_db
def test_who_has_cancelled_is_registered_again_if_ticked(manager, coming):
    anna = {"first_name": "Anna", "last_name": "Ozola", "email": "anna@example.org"}
    make_registration(coming, person=anna, cancelled_at=timezone.now())
    upload(manager, coming, xlsx(HEADER, ANNA))
    record = ParticipantImport.objects.get()
    page = manager.get(page_of(record)).content.decode()

    confirm(manager, record, take_up_cancelled="on")

    assert "Register again 1 person who has cancelled" in page
    assert coming.registrations.filter(cancelled_at=None).count() == 1


@pytest.mark.django_db
def test_an_event_cancelled_since_the_preview_refuses(manager, coming, settings):
    upload(manager, coming, xlsx(HEADER, ANNA))
    record = ParticipantImport.objects.get()
    Event.objects.update(cancelled_at=timezone.now(), cancel_reason="Ill.")

    confirm(manager, record)

    page = manager.get(page_of(record)).content.decode()
    assert "This event is cancelled." in page
    assert (Participant.objects.count(), stored_files(settings)) == (0, [])


@pytest.mark.django_db
def test_a_large_list_is_read_and_imported_by_the_worker(
    manager, coming, settings, monkeypatch, django_capture_on_commit_callbacks
):
    started = []
    for name in ("read_participant_import", "carry_out_participant_import"):
        task = getattr(tasks, name)
        monkeypatch.setattr(task, "delay", lambda pk, task=task: started.append((task.name, pk)))
    rows = [("Anna", f"Ozola{i}", f"anna{i}@example.org", f"2{i:07}", "jā") for i in range(2500)]

    with django_capture_on_commit_callbacks(execute=True):
        upload(manager, coming, xlsx(HEADER, *rows))
    record = ParticipantImport.objects.get()
    waiting = manager.get(page_of(record)).content.decode()
    tasks.read_participant_import(record.pk)
    polled = manager.get(page_of(record), headers={"HX-Request": "true"})
    with django_capture_on_commit_callbacks(execute=True):
        confirm(manager, record)
    tasks.carry_out_participant_import(record.pk)

    assert "The list is being read: 0 %." in waiting
    assert polled.headers["HX-Refresh"] == "true"
    assert [name.rpartition(".")[2] for name, _pk in started] == [
        "read_participant_import",
        "carry_out_participant_import",
    ]
    assert coming.registrations.count() == 2500
    page = manager.get(f"{page_of(record)}?show=added&page=50").content.decode()
    assert "2451–2500 of 2500" in page
    assert stored_files(settings) == []


@pytest.mark.django_db
def test_progress_is_noted_while_a_list_is_read(coming):
    rows = [("Anna", f"Ozola{i}", f"anna{i}@example.org", None, None) for i in range(2000)]
    record = importing.receive(
        coming,
        SimpleUploadedFile("list.xlsx", xlsx(HEADER, *rows).read()),
        by_id=make_user().pk,
        people_language="lv",
        reader_language="en",
        now=timezone.now(),
    )
    seen = []

    def clock():
        seen.append(record.progress)
        return timezone.now()

    importing.prepare(record, clock)

    assert seen == sorted(seen)
    assert len(set(seen)) > 5
    assert (record.state, record.progress) == (State.READY, 100)


@pytest.mark.django_db
def test_an_import_whose_worker_died_may_be_tried_again(manager, coming):
    upload(manager, coming, xlsx(HEADER, ANNA))
    record = ParticipantImport.objects.get()
    long_ago = timezone.now() - timedelta(minutes=3)
    importing.confirm(record, send_confirmations=False, take_up_cancelled=False, now=long_ago)
    assert "nothing has moved" in manager.get(page_of(record)).content.decode()

    manager.post(reverse("events:participant_import_retry", args=[coming.pk, record.pk]))

    record.refresh_from_db()
    assert (record.state, coming.registrations.count()) == (State.DONE, 1)


def make_lost(event, *, rows=(ANNA,), minutes=2):
    """Receive a list whose task was lost with the broker so many minutes ago."""
    lost_at = timezone.now() - timedelta(minutes=minutes)
    return importing.receive(
        event,
        SimpleUploadedFile("list.xlsx", xlsx(HEADER, *rows).read()),
        by_id=make_user().pk,
        people_language="lv",
        reader_language="en",
        now=lost_at,
    )


@pytest.fixture
def carried_out(monkeypatch):
    """Carry out at once what is asked of a worker; return how often each task was."""
    asked = Counter()
    for name in ("read_participant_import", "carry_out_participant_import"):
        task = getattr(tasks, name)

        def delay(pk, task=task, name=name):
            asked[name] += 1
            task(pk)

        monkeypatch.setattr(task, "delay", delay)
    return asked


@pytest.mark.django_db
def test_a_list_whose_task_was_lost_with_the_broker_is_taken_up_by_itself(coming, carried_out):
    record = make_lost(coming)

    tasks.take_up_stuck_imports()
    record.refresh_from_db()
    is_read = record.state
    long_ago = timezone.now() - timedelta(minutes=3)
    importing.confirm(record, send_confirmations=False, take_up_cancelled=False, now=long_ago)
    tasks.take_up_stuck_imports()

    record.refresh_from_db()
    assert is_read == State.READY
    assert (record.state, coming.registrations.count()) == (State.DONE, 1)
    assert carried_out == {"read_participant_import": 1, "carry_out_participant_import": 1}


@pytest.mark.django_db
def test_a_list_that_shows_signs_is_left_to_its_worker(coming, carried_out):
    record = make_lost(coming, minutes=1)

    tasks.take_up_stuck_imports()

    record.refresh_from_db()
    assert (record.state, carried_out) == (State.READING, {})


@pytest.mark.django_db
def test_a_list_that_gets_stuck_again_is_left_to_a_person(manager, coming, monkeypatch):
    record, lost = make_lost(coming), []
    monkeypatch.setattr(tasks.read_participant_import, "delay", lost.append)
    tasks.take_up_stuck_imports()
    ParticipantImport.objects.update(moved_at=timezone.now() - timedelta(minutes=3))

    tasks.take_up_stuck_imports()

    assert lost == [record.pk]
    assert "nothing has moved" in manager.get(page_of(record)).content.decode()


@pytest.mark.django_db
def test_a_list_is_kept_for_later_when_the_broker_is_away(
    manager, coming, monkeypatch, carried_out, django_capture_on_commit_callbacks
):
    def away(_pk):
        raise OperationalError("Redis is away.")

    rows = [("Anna", f"Ozola{i}", f"anna{i}@example.org", f"2{i:07}", "jā") for i in range(2500)]
    with monkeypatch.context() as broken, django_capture_on_commit_callbacks(execute=True):
        broken.setattr(tasks.read_participant_import, "delay", away)
        answer = upload(manager, coming, xlsx(HEADER, *rows))
    record = ParticipantImport.objects.get()
    waiting = record.state
    ParticipantImport.objects.update(moved_at=timezone.now() - timedelta(minutes=3))

    tasks.take_up_stuck_imports()

    record.refresh_from_db()
    assert answer.status_code == 302
    assert (waiting, record.state) == (State.READING, State.READY)


@pytest.mark.django_db
def test_a_worker_that_comes_back_late_does_not_undo_what_another_has_done(coming):
    """The first one stood still for minutes; its list has been read and imported since."""
    rows = [("Anna", f"Ozola{i}", f"anna{i}@example.org", None, None) for i in range(600)]
    make_lost(coming, rows=rows)
    first, second = (ParticipantImport.objects.get() for _worker in range(2))
    overtaken = []

    def clock():
        """The second does everything while the first reads its first rows."""
        if not overtaken:
            overtaken.append(True)
            importing.prepare(second, timezone.now)
            importing.confirm(
                second, send_confirmations=False, take_up_cancelled=False, now=timezone.now()
            )
            importing.carry_out(second, timezone.now)
        return timezone.now()

    importing.prepare(first, clock)

    record = ParticipantImport.objects.get()
    assert record.state == State.DONE
    assert (record.summary["counts"]["added"], coming.registrations.count()) == (600, 600)


@pytest.mark.django_db
def test_a_list_may_be_discarded_before_it_is_imported(manager, coming, settings):
    upload(manager, coming, xlsx(HEADER, ANNA))
    record = ParticipantImport.objects.get()

    manager.post(reverse("events:participant_import_discard", args=[coming.pk, record.pk]))

    assert (ParticipantImport.objects.count(), stored_files(settings)) == (0, [])


@pytest.mark.django_db
def test_a_forgotten_list_is_deleted_after_a_day_and_an_imported_one_stays(
    manager, coming, settings
):
    upload(manager, coming, xlsx(HEADER, ANNA))
    confirm(manager, ParticipantImport.objects.get())
    upload(manager, coming, xlsx(HEADER, ANNA))
    ParticipantImport.objects.update(uploaded_at=timezone.now() - timedelta(hours=25))

    assert tasks.discard_forgotten_imports() == 1
    assert ParticipantImport.objects.get().state == State.DONE
    assert stored_files(settings) == []


@pytest.mark.django_db
def test_what_a_process_that_ended_between_row_and_file_left_behind_goes_after_a_day(
    manager, coming, settings, monkeypatch
):
    upload(manager, coming, xlsx(HEADER, ANNA))
    waiting = ParticipantImport.objects.get()
    with monkeypatch.context() as killed:
        killed.setattr(ParticipantImport, "delete_file", lambda record: None)
        upload(manager, coming, xlsx(HEADER, JANIS))
        confirm(manager, ParticipantImport.objects.latest("pk"))
    (Path(settings.MEDIA_ROOT) / "imports" / "without-a-row").write_bytes(b"Anna;Ozola")
    now = timezone.now()

    early = leftover_lists.clear(now + timedelta(hours=23))
    late = leftover_lists.clear(now + timedelta(hours=25))

    assert (early, late) == (0, 2)
    assert [path.name for path in stored_files(settings)] == [Path(waiting.file.name).name]
    assert not ParticipantImport.objects.get(state=State.DONE).file


@pytest.mark.django_db
def test_the_preview_costs_a_fixed_number_of_queries(
    manager, coming, django_assert_max_num_queries
):
    upload(manager, coming, xlsx(HEADER, ANNA))
    upload(manager, coming, xlsx(HEADER, *[(f"A{i}", "B", f"a{i}@b.lv") for i in range(60)]))
    few, many = ParticipantImport.objects.order_by("pk")

    for record in (few, many):
        with django_assert_max_num_queries(14):
            manager.get(page_of(record))


@pytest.mark.django_db
def test_what_a_list_holds_is_never_markup_on_a_page(manager, coming):
    evil = "<script>alert(1)</script>"
    rows = [("Anna", evil, "anna@example.org", None, evil), (evil, "x", evil, evil, None)]
    upload(manager, coming, xlsx((*HEADER, evil), *rows), name="<img src=x>.xlsx")
    record = ParticipantImport.objects.get()

    preview = manager.get(page_of(record)).content.decode()
    confirm(manager, record)
    result = manager.get(page_of(record)).content.decode()

    for page in (preview, result):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;img src=x&gt;.xlsx" in page


# Files that are no list


def zip_bomb():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return output.getvalue()


ENCRYPTED = bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le")
ABUSES = [
    pytest.param(lambda: b"%PDF-1.7 hello", "This is not a spreadsheet.", id="pdf"),
    pytest.param(lambda: b"\x00\x01\x02\x03" * 20, "NUL bytes", id="binary"),
    pytest.param(lambda: ENCRYPTED, "protected by a password", id="encrypted"),
    pytest.param(lambda: b"a;b\n" * 3_000_000, "larger than 10", id="too large"),
    pytest.param(zip_bomb, "unpacks to", id="zip bomb"),
    pytest.param(lambda: b"PK\x03\x04broken", "damaged", id="broken"),
    pytest.param(lambda: b"Datums;Vieta\n1;2\n", "No header was found", id="no header"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "sentence"), ABUSES)
def test_a_file_that_is_no_list_is_refused_beside_its_field(
    manager, coming, settings, content, sentence
):
    response = upload(manager, coming, content())

    (error,) = response.context["form"].errors["file"]
    assert sentence in error
    assert 'id="id_file_error"' in response.content.decode()
    assert (ParticipantImport.objects.count(), stored_files(settings)) == (0, [])


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "sentence"), ABUSES)
def test_a_file_that_is_no_list_ends_the_command(coming, tmp_path, content, sentence):
    path = tmp_path / "list.xlsx"
    path.write_bytes(content())

    with pytest.raises(CommandError, match=sentence):
        call_command("import_participants", str(coming.pk), str(path), stderr=io.StringIO())

    assert Participant.objects.count() == 0


@pytest.mark.django_db
def test_an_empty_file_and_no_file_are_refused(manager, coming):
    address = reverse("events:participant_import", args=[coming.pk])

    for content in ({}, {"file": SimpleUploadedFile("list.xlsx", b"")}):
        response = manager.post(address, {**content, "people_language": "lv"})
        assert "file" in response.context["form"].errors


@pytest.mark.django_db
def test_a_list_that_breaks_off_in_the_worker_is_refused_with_its_reason(
    manager, coming, settings, monkeypatch
):
    def break_off(*_arguments, **_options):
        raise ListError("A quotation mark is never closed.")

    monkeypatch.setattr(importing.participant_list, "read", break_off)
    upload(manager, coming, xlsx(HEADER, ANNA))

    record = ParticipantImport.objects.get()
    page = manager.get(page_of(record)).content.decode()
    assert "A quotation mark is never closed." in page
    assert stored_files(settings) == []


# The command


def run(event, path, *options):
    out, progress = io.StringIO(), io.StringIO()
    call_command("import_participants", event, str(path), *options, stdout=out, stderr=progress)
    return out.getvalue(), progress.getvalue()


@pytest.mark.django_db
def test_the_command_says_what_became_of_each_row(coming, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(xlsx(HEADER, ANNA, JANIS, ("Zane", None, None, None, None)).read())

    dry, progress = run(str(coming.pk), path, "--dry-run")
    assert Registration.objects.count() == 0
    done, _progress = run(coming.slug, path, "--confirm", "--language", "en")

    reason = "There is neither an e-mail address nor a phone number. Add one of them."
    assert dry.splitlines() == [
        f"row 4: skipped: {reason}",
        "Would be: 2 added, 0 already, 0 merged, 1 skipped, 0 warnings.",
    ]
    assert done.splitlines()[-1] == "Done: 2 added, 0 already, 0 merged, 1 skipped, 0 warnings."
    assert "Row 4 of about 4" in progress
    assert list(coming.registrations.values_list("is_confirmed", "participant__language")) == [
        (True, "en"),
        (True, "en"),
    ]


@pytest.mark.django_db
def test_the_command_names_an_event_or_a_file_that_is_not_there(coming, tmp_path):
    with pytest.raises(CommandError, match="There is no event “12345”"):
        run("12345", tmp_path / "list.xlsx")
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run(str(coming.pk), tmp_path / "list.xlsx")


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
