"""The pages of importing a list of participants, and the worker behind them."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from events import leftover_lists, tasks
from events import participant_import as importing
from events.models import Event, ParticipantImport, Registration
from files.list_files import ListError
from people.models import Consent, Participant
from tests.events.participant_import.lists import (
    ABUSES,
    ANNA,
    HEADER,
    JANIS,
    confirm,
    page_of,
    stored_files,
    upload,
    xlsx,
)
from tests.factories import arm_rules, make_event, make_registration, make_user

State = ParticipantImport.State


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
@pytest.mark.parametrize(
    ("state", "progress", "words"),
    [
        ("reading", 90, "The list is being read: 90 %."),
        ("reading", 95, "The list has been read and is being compared with the people known"),
        ("importing", 90, "The list is being read once more: 90 %. Nothing is saved yet."),
        ("importing", 95, "People are being registered, all of them or none."),
    ],
)
def test_the_progress_says_what_is_being_done(manager, coming, state, progress, words):
    record = ParticipantImport.objects.create(
        event=coming,
        original_name="list.xlsx",
        state=state,
        progress=progress,
        uploaded_at=timezone.now(),
        moved_at=timezone.now(),
    )

    page = manager.get(page_of(record)).content.decode()

    assert words in page


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
