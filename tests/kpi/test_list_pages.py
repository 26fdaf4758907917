"""The pages of importing a list of figures."""

from datetime import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from files.models import StoredFile
from goals.models import Series
from kpi.lists import importing
from kpi.models import ListImport, Measurement
from tests.factories import make_unit, make_user, riga
from tests.kpi.listed import book

pytestmark = pytest.mark.django_db

NOW = riga(2026, 3, 10, 12)
ROWS = [
    ("Datums", "Kanāls", "Sekotāju skaits", "Dalīšanās"),
    (datetime(2026, 1, 1), "Facebook", 8404, 47),
    ("31.02.2026.", "Instagram", "3 112", "n/a"),
]


@pytest.fixture(autouse=True)
def _in_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client(client_for):
    return client_for(make_user(role=Role.SPECIALIST))


def upload(client, *rows, name="kpi.xlsx", content=None):
    file = SimpleUploadedFile(name, content or book(*rows).getvalue())
    return client.post(reverse("kpi:list_import_list"), {"file": file}, follow=True)


def page_of(record):
    return reverse("kpi:list_import_detail", args=[record.pk])


def shown(response):
    return " ".join(response.content.decode().split())


def test_a_list_goes_from_its_upload_over_the_mapping_and_the_preview_to_the_result(client):
    mapping = upload(client, *ROWS)
    assert "Dalīšanās" in shown(mapping)
    record = ListImport.objects.get()
    followers = Series.objects.get(key="followers")
    form = mapping.context["form"]
    assert form["series_0"].value() == str(followers.pk)

    incomplete = client.post(
        page_of(record),
        {"series_0": followers.pk, "channel_0": "list", "series_1": "", "channel_1": "list"},
    )
    assert {"series_1", "place_0"} <= set(incomplete.context["form"].errors)

    preview = client.post(
        page_of(record),
        {
            "series_0": followers.pk,
            "channel_0": "list",
            "series_1": "new:flow",
            "channel_1": "list",
            "place_0": form["place_0"].value(),
        },
        follow=True,
    )
    assert "“31.02.2026.” is no day there is." in shown(preview)
    assert "new: Dalīšanās" in shown(client.get(page_of(record), {"show": "new"}))
    assert not Measurement.objects.exists()

    done = client.post(reverse("kpi:list_import_confirm", args=[record.pk]), follow=True)
    assert "What the import has done" in shown(done)
    assert Measurement.objects.count() == 2


def test_a_new_channel_is_chosen_for_a_title(client):
    mapping = upload(client, ("Datums", "Sekotāji (TikTok)"), (datetime(2026, 1, 1), 5))
    record = ListImport.objects.get()
    followers = Series.objects.get(key="followers")
    assert "a new channel: TikTok" in shown(mapping)

    asked = client.post(page_of(record), {"series_0": followers.pk, "channel_0": ""})
    assert asked.context["form"].errors["channel_0"] == ["Choose the channel."]
    preview = client.post(
        page_of(record), {"series_0": followers.pk, "channel_0": "new:TikTok"}, follow=True
    )

    assert "new: TikTok" in shown(preview)


def test_a_year_taken_from_the_name_of_the_file_can_be_put_right(client):
    rows = [("Rādītājs", "janv.", "febr."), ("Reakcijas (FB)", 5, 6)]

    mapping = upload(client, *rows, name="raditaji-2026.xlsx")
    assert "Taken from titles and names: 2026." in shown(mapping)
    record = ListImport.objects.get()
    answers = {"series_0": Series.objects.get(key="reactions").pk}
    answers["channel_0"] = mapping.context["form"]["channel_0"].value()
    asked = client.post(page_of(record), answers | {"year": 2025}, follow=True)
    assert asked.context["form"]["year"].value() == 2025
    client.post(page_of(record), answers | {"year": 2025}, follow=True)

    client.post(reverse("kpi:list_import_confirm", args=[record.pk]))
    days = Measurement.objects.order_by("day").values_list("day", flat=True)
    assert [day.isoformat() for day in days] == ["2025-01-01", "2025-02-01"]


def test_a_title_that_is_left_out_needs_no_channel(client):
    upload(client, ("Datums", "Sekotāji (TikTok)"), (datetime(2026, 1, 1), 5))
    record = ListImport.objects.get()

    client.post(page_of(record), {"series_0": "out", "channel_0": ""})

    record.refresh_from_db()
    assert record.state == ListImport.State.READY


def test_a_file_that_is_no_list_says_so_beside_the_field(client):
    answer = upload(client, name="kpi.xlsx", content=b"%PDF-1.7")

    assert answer.context["form"].errors["file"] == [
        "This is not a spreadsheet. Send the list as an Excel (.xlsx) or CSV file."
    ]
    assert not StoredFile.objects.exists()


def test_a_list_without_figures_is_refused_on_its_page(client):
    answer = upload(client, ("Vārds", "Uzvārds"), ("Anna", "Ozola"))

    assert "No table of figures was found." in shown(answer)
    assert "No figure was imported." in shown(answer)


def test_one_can_go_back_to_the_mapping_and_discard_the_list(client):
    upload(client, *ROWS[:1], (datetime(2026, 1, 1), "Facebook", 1, None))
    record = ListImport.objects.get()
    importing.answer(
        record,
        importing.mapping.without_questions(
            importing.Choices.from_json(record.choices), make=False
        ),
        year=None,
        order=None,
        left_out=[],
        now=NOW,
    )
    importing.go_on(record, lambda: NOW)

    back = client.post(reverse("kpi:list_import_change", args=[record.pk]), follow=True)
    assert "What the titles mean" in shown(back)
    client.post(reverse("kpi:list_import_discard", args=[record.pk]))
    assert not ListImport.objects.exists()


def test_a_large_list_is_left_to_the_background(client, monkeypatch, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    asked = []
    monkeypatch.setattr("kpi.tasks.go_on_with_list.delay", asked.append)
    monkeypatch.setattr(importing, "AT_ONCE_BYTES", 10)

    client.post(
        reverse("kpi:list_import_list"),
        {"file": SimpleUploadedFile("kpi.xlsx", book(*ROWS).getvalue())},
    )
    record = ListImport.objects.get()
    page = client.get(page_of(record))

    assert record.state == ListImport.State.READING
    assert "The list is being read: 0 %." in shown(page)
    assert "Try again" not in shown(page)


def test_a_list_whose_worker_was_stopped_can_be_tried_again(client):
    upload(client, *ROWS)
    record = ListImport.objects.get()
    assert record.step(ListImport.State.READING, riga(2026, 3, 10, 11, 50))

    assert "Try again" in shown(client.get(page_of(record)))
    client.post(reverse("kpi:list_import_retry", args=[record.pk]))

    record.refresh_from_db()
    assert record.state == ListImport.State.MAPPING


def test_a_list_comes_back_as_it_was_sent_to_those_who_may_see_it(client, client_for):
    content = book(*ROWS).getvalue()
    upload(client, name="kpi-2026.xlsx", content=content)
    url = reverse("kpi:list_file", args=[ListImport.objects.get().file_id])

    answer = client.get(url)
    assert b"".join(answer.streaming_content) == content
    assert 'filename="kpi-2026.xlsx"' in answer["Content-Disposition"]
    head = client_for(make_user(role=Role.UNIT_HEAD, unit=make_unit()))
    assert head.get(url).status_code == 403


def test_a_file_that_is_no_list_of_figures_has_no_address_here(client):
    other = importing.uploads.store(SimpleUploadedFile("a.txt", b"text"), by=make_user(), at=NOW)

    assert client.get(reverse("kpi:list_file", args=[other.pk])).status_code == 404


def test_the_page_of_lists_costs_as_much_with_many(client, django_assert_max_num_queries):
    def cost():
        with django_assert_max_num_queries(20) as queries:
            client.get(reverse("kpi:list_import_list"))
        return len(queries)

    upload(client, *ROWS)
    one = cost()
    upload(client, *ROWS)
    upload(client, *ROWS)

    assert cost() == one


def test_what_a_list_says_is_shown_as_text(client):
    answer = upload(client, ("Datums", "<script>alert(1)</script>"), (datetime(2026, 1, 1), 5))

    assert "<script>alert(1)" not in shown(answer)
    assert "&lt;script&gt;alert(1)" in shown(answer)
