"""What nothing refers to is removed a month later, and nothing else ever is."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from documents.editing import open_for_change
from files import clearing, tasks
from files.models import StoredFile
from files.uploads import store
from goals.content import content
from goals.models import Year
from tests.documents.test_concurrency import beside
from tests.factories import make_task, make_user, make_year, riga
from tests.webinars.making import make_banner, make_presenter, make_webinar
from work.models import TaskFile

pytestmark = pytest.mark.django_db

NOW = riga(2026, 3, 2, 10)
KEPT = timedelta(days=30)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(at=NOW):
    return store(SimpleUploadedFile("a.txt", b"Hello"), by=make_user(), at=at)


def contents(media):
    return {f"files/{path.name}" for path in (media / "files").iterdir()}


def names(*files):
    return {each.file.name for each in files}


def test_a_file_that_was_replaced_is_kept_for_a_month_and_then_removed(media):
    old, new = upload(NOW - timedelta(days=400)), upload(NOW)
    year = make_year(strategy_file=old)
    year.strategy_file = new
    year.save()

    removed = [clearing.clear(NOW + timedelta(days=days)) for days in (1, 30, 31)]

    assert removed == [0, 0, 1]
    assert list(StoredFile.objects.all()) == [new]


def test_the_content_goes_with_the_row(media, django_capture_on_commit_callbacks):
    old, used = upload(), upload()
    make_year(strategy_file=used)
    assert contents(media) == names(old, used)

    clearing.clear(NOW)
    with django_capture_on_commit_callbacks(execute=True):
        clearing.clear(NOW + KEPT)

    assert contents(media) == names(used)


def test_what_is_used_again_begins_its_month_anew():
    file = upload()
    clearing.clear(NOW)
    year = make_year(strategy_file=file)
    clearing.clear(NOW + timedelta(days=20))
    Year.objects.update(strategy_file=None)

    removed = [clearing.clear(NOW + timedelta(days=days)) for days in (40, 69, 70)]

    assert year.strategy_file == file
    assert removed == [0, 0, 1]


def test_whatever_refers_to_a_file_keeps_it():
    photo = make_presenter(photo=upload())
    webinar = make_webinar(presenter=photo, contract_file=upload())
    make_banner(webinar.event)
    make_year(strategy_file=upload())
    TaskFile.objects.create(task=make_task(), stored=upload())
    used = set(StoredFile.objects.all())
    unused = upload()

    clearing.clear(NOW)
    removed = clearing.clear(NOW + KEPT)

    assert (removed, len(used)) == (1, 5)
    assert set(StoredFile.objects.all()) == used
    assert unused not in used


def test_the_file_of_an_earlier_version_stays_with_it():
    file = upload()
    year = make_year(strategy_file=file)
    year.document.submit(by=make_user(), at=NOW, content=lambda: content(year))
    Year.objects.update(strategy_file=None)

    clearing.clear(NOW)
    clearing.clear(NOW + KEPT)

    assert list(StoredFile.objects.all()) == [file]
    assert list(year.document.versions.get().files.all()) == [file]


def test_contents_without_a_row_are_removed_once_they_are_old(media):
    used = upload()
    make_year(strategy_file=used)
    (media / "files" / "left").write_bytes(b"The row was not saved in the end.")
    today = StoredFile.file.field.storage.get_modified_time("files/left")

    removed = [clearing.clear(today + timedelta(days=days)) for days in (29, 31)]

    assert removed == [0, 1]
    assert contents(media) == names(used)


def test_beat_clears_and_a_place_without_files_is_fine():
    with time_machine.travel(NOW, tick=False):
        assert tasks.clear_unused() == 0


@pytest.mark.django_db(transaction=True)
def test_no_reference_is_left_without_its_file_whoever_is_quicker(media):
    file, year = upload(), make_year()
    clearing.clear(NOW)

    try:
        with open_for_change(year.document):
            year.strategy_file = file
            year.save(update_fields=["strategy_file"])
            clear = beside(lambda: clearing.clear(NOW + KEPT))
            clear(timeout=0.5)
    except IntegrityError:
        removed = True
    else:
        removed = False

    year.refresh_from_db()
    assert clear() == removed
    assert year.strategy_file == (None if removed else file)
    assert contents(media) == (set() if removed else names(file))
