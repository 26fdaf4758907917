"""Taking an import back: what was there before is there again, and what came later stays."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from goals.models import Series
from kpi import tasks, traffic
from kpi.lists import importing
from kpi.lists.mapping import Choices, HeadingChoice
from kpi.lists.taking_back import begin
from kpi.models import Channel, EarlierValue, ListImport, Measurement, MonthTotal, Reading
from kpi.periods import Period, Span
from kpi.store import Scope, Value, write
from tests.factories import make_reading, make_user, measure, riga
from tests.kpi.listed import book

pytestmark = pytest.mark.django_db

NOW = riga(2026, 3, 10, 12)
LATER = NOW + timedelta(hours=1)
JAN1 = datetime(2026, 1, 1)
FIRST, SECOND, THIRD = (date(2026, 1, day) for day in (1, 2, 3))


@pytest.fixture
def head():
    return make_user(role=Role.MARKETING_HEAD, language="en", full_name="Anna Ozoliņa")


@pytest.fixture
def reactions():
    return Series.objects.get(key="reactions")


@pytest.fixture
def facebook():
    return Channel.objects.get(key="facebook")


def received(head, titles, *rows):
    """Upload a list and read it for the first time."""
    upload = SimpleUploadedFile("kpi.xlsx", book(titles, *rows).getvalue())
    record = importing.receive(upload, by=head, language="en", now=NOW)
    importing.go_on(record, lambda: NOW)
    return record


def suggested(head, titles, *rows):
    return Choices.from_json(received(head, titles, *rows).choices)


def imported(head, *rows, titles=("Datums", "Kanāls", "Reakcijas"), choices=None):
    record = received(head, titles, *rows)
    hints = {"year": None, "order": None, "left_out": []}
    importing.answer(record, choices or Choices.from_json(record.choices), now=NOW, **hints)
    importing.go_on(record, lambda: NOW)
    assert importing.confirm(record, NOW)
    importing.go_on(record, lambda: NOW)
    record.refresh_from_db()
    return record


def taken_back(record, head, at=LATER):
    """Take an import back, as a worker does it."""
    assert begin(record, by=head, now=at)
    importing.go_on(record, lambda: at)


def of_three_days(head):
    """Import one value that replaces another, a new one, and one that was there already."""
    days = (datetime(2026, 1, number) for number in (1, 2, 3))
    return imported(
        head, *((day, "Facebook", amount) for day, amount in zip(days, (50, 60, 7), strict=True))
    )


def standing():
    return dict(Measurement.objects.values_list("day", "value"))


def test_each_figure_of_an_import_taken_back_is_what_it_was_before(head, reactions, facebook):
    measure(reactions, {FIRST: 100, THIRD: 7}, facebook, at=NOW - timedelta(days=1))
    record = of_three_days(head)
    assert standing() == {FIRST: 50, SECOND: 60, THIRD: 7}

    taken_back(record, head)

    assert standing() == {FIRST: 100, SECOND: None, THIRD: 7}
    record.refresh_from_db()
    assert (record.taken_back_at, record.taken_back_by) == (LATER, head)
    assert record.summary["taken_back"] == {"figures": 2, "others": 0}
    reading = Measurement.objects.get(day=SECOND).reading
    assert (reading.source, reading.by, reading.gone) == (Reading.TAKEN_BACK, head, 1)
    # Nothing is lost: what was imported stands among the earlier values.
    assert EarlierValue.objects.filter(measurement__day=SECOND).get().value == 60
    assert MonthTotal.objects.get().total == 107


def test_a_figure_given_back_has_its_source_row_and_moment_again(head, reactions, facebook):
    before = imported(head, (datetime(2026, 1, 5), "Facebook", 9), (JAN1, "Facebook", 100))
    reading = measure(reactions, {SECOND: 7}, facebook, at=NOW - timedelta(days=1))
    record = of_three_days(head)

    taken_back(record, head)

    figures = {each.day: each for each in Measurement.objects.select_related("reading")}
    first, second = figures[FIRST], figures[SECOND]
    assert (first.reading.file, first.row, first.read_at) == (before.file, 3, NOW)
    assert (second.reading, second.row, second.read_at) == (reading, None, NOW - timedelta(days=1))
    assert list(first.earlier.values_list("value", "replaced_at")) == [(50, LATER), (100, NOW)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["the first first", "the second first"])
def test_two_imports_over_the_same_figures_are_taken_back_in_any_order(
    order, head, reactions, facebook
):
    measure(reactions, {FIRST: 100}, facebook, at=NOW - timedelta(days=1))
    both = [
        imported(head, (JAN1, "Facebook", amount), (datetime(2026, 1, 2), "Facebook", amount))
        for amount in (50, 70)
    ]

    taken_back(both[order[0]], head)
    left = {0: 70, 1: 50}[order[0]]
    assert standing() == {FIRST: left, SECOND: left}
    taken_back(both[order[1]], head, at=LATER + timedelta(hours=1))

    assert standing() == {FIRST: 100, SECOND: None}
    assert Measurement.objects.get(day=FIRST).reading.source == "ga4"
    assert MonthTotal.objects.get().total == 100


def test_a_day_of_google_analytics_given_back_is_its_own_again(head):
    visits = Series.objects.get(key="home_page_traffic")
    measure(visits, {FIRST: 100}, at=NOW - timedelta(days=1))
    record = imported(head, (JAN1, 50), titles=("Datums", "Mājaslapas apmeklējumi"))
    assert standing() == {FIRST: 50}
    page = partial(traffic.read, Period(FIRST, FIRST), head, date(2026, 3, 10))
    assert page().days_missing == 1

    taken_back(record, head)

    assert page().days_missing == 0
    # What Google does not give any more is withdrawn, as if there had been no list.
    write(make_reading(), [], at=LATER, replace=Scope(frozenset({visits.pk}), FIRST, FIRST))
    assert standing() == {FIRST: None}


def test_what_was_changed_since_stays(head, reactions, facebook):
    record = of_three_days(head)
    measure(reactions, {FIRST: 55}, facebook, at=NOW + timedelta(minutes=1))

    taken_back(record, head)

    assert standing() == {FIRST: 55, SECOND: None, THIRD: None}
    record.refresh_from_db()
    assert record.summary["taken_back"] == {"figures": 2, "others": 1}


def test_an_import_is_taken_back_once_and_the_same_list_can_be_imported_again(head):
    record = of_three_days(head)

    assert [begin(record, by=head, now=LATER) for _number in range(2)] == [True, False]
    importing.go_on(record, lambda: LATER)
    assert not begin(record, by=head, now=LATER)

    of_three_days(head)
    assert standing() == {FIRST: 50, SECOND: 60, THIRD: 7}


def test_what_somebody_corrected_stands_again_while_its_source_repeats_itself(
    head, reactions, facebook
):
    def says(source, amount, at, **fields):
        value = Value(reactions.pk, facebook.pk, Span.DAY, FIRST, Decimal(amount))
        write(make_reading(source=source, **fields), [value], at=at)

    says("ga4", 100, NOW - timedelta(days=2))
    says(Reading.HAND, 120, NOW - timedelta(days=1), by=head)
    record = of_three_days(head)
    taken_back(record, head)

    says("ga4", 100, LATER + timedelta(days=1))
    assert standing()[FIRST] == 120
    says("ga4", 101, LATER + timedelta(days=2))
    assert standing()[FIRST] == 101


def test_wrong_answers_are_forgotten_with_the_import_and_those_before_them_count_again(
    head, reactions, facebook
):
    comments = Series.objects.get(key="comments")
    titles = ("Datums", "Kanāls", "Dalīšanās", "Komentāri")
    rows = [(JAN1, "FB lapa", 50, 60)]

    def choices(series, channel="all"):
        headings = {"Dalīšanās": HeadingChoice(str(series.pk))}
        headings["Komentāri"] = HeadingChoice("out" if series == comments else str(comments.pk))
        return Choices(headings, {"FB lapa": channel})

    right = imported(head, *rows, titles=titles, choices=choices(reactions, str(facebook.pk)))
    wrong = imported(head, *rows, titles=titles, choices=choices(comments))
    taken_back(wrong, head)

    again = suggested(head, titles, *rows)
    assert again.headings["Dalīšanās"].series == str(reactions.pk)
    assert again.headings["Komentāri"].series == str(comments.pk)
    assert again.channels == {"FB lapa": str(facebook.pk)}

    taken_back(right, head)
    again = suggested(head, titles, *rows)
    assert again.headings["Dalīšanās"].series == ""
    assert again.channels == {"FB lapa": ""}


def test_where_a_number_comes_from_says_that_an_import_was_taken_back(
    client_for, head, reactions, facebook
):
    measure(reactions, {FIRST: 100}, facebook, at=NOW - timedelta(days=1))
    taken_back(of_three_days(head), head)

    address = reverse("kpi:value_origin", args=["reactions"])
    said = client_for(head).get(f"{address}?first={FIRST}&last={FIRST}").content.decode()

    assert "kpi.xlsx, row 2, Anna Ozoliņa, 10 Mar 2026, 12:00" in said
    assert "; import taken back on 10 Mar 2026, 13:00" in said


def test_the_page_of_an_import_takes_it_back_and_says_so(client_for, head):
    record = of_three_days(head)
    client, address = client_for(head), reverse("kpi:list_import_detail", args=[record.pk])
    assert "Take this import back" in client.get(address).content.decode()

    with time_machine.travel(LATER, tick=False):
        answer = client.post(reverse("kpi:list_import_take_back", args=[record.pk]), follow=True)

    said = answer.content.decode()
    assert "Anna Ozoliņa took this import back on 10 Mar 2026, 13:00" in said
    assert "3 figures are what they were before." in said
    assert "Take this import back" not in said
    assert ListImport.objects.get().taken_back_by == head


@pytest.fixture
def _in_background(monkeypatch):
    """Let every list be too large to be worked at while its sender waits."""
    monkeypatch.setattr(importing, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr("kpi.tasks.go_on_with_list.delay", lambda _number: None)


@pytest.mark.usefixtures("_in_background")
def test_a_large_import_is_taken_back_in_the_background(client_for, head):
    record = of_three_days(head)
    client, address = client_for(head), reverse("kpi:list_import_detail", args=[record.pk])

    with time_machine.travel(LATER, tick=False):
        answer = client.post(reverse("kpi:list_import_take_back", args=[record.pk]), follow=True)

    assert "The import is being taken back" in answer.content.decode()
    assert standing() == {FIRST: 50, SECOND: 60, THIRD: 7}
    with time_machine.travel(LATER + timedelta(minutes=1), tick=False):
        tasks.go_on_with_list(record.pk)
    assert standing() == {FIRST: None, SECOND: None, THIRD: None}
    assert "took this import back on 10 Mar 2026, 13:01" in client.get(address).content.decode()


def test_what_a_stopped_worker_left_is_taken_back_by_another(monkeypatch, head):
    record = of_three_days(head)
    begin(record, by=head, now=LATER)
    monkeypatch.setattr("kpi.tasks.go_on_with_list.delay", tasks.go_on_with_list)

    with time_machine.travel(LATER + timedelta(minutes=3), tick=False):
        tasks.take_up_stuck_lists()

    assert standing() == {FIRST: None, SECOND: None, THIRD: None}
    assert EarlierValue.objects.count() == 3


def test_an_import_that_is_being_taken_back_is_neither_discarded_nor_forgotten(head):
    record = of_three_days(head)
    begin(record, by=head, now=NOW + timedelta(days=30))

    assert not importing.discard(record)
    assert importing.discard_forgotten(NOW + timedelta(days=30)) == 0


def test_lists_that_were_taken_back_are_told_from_those_that_count(client_for, head):
    taken_back(of_three_days(head), head)

    said = client_for(head).get(reverse("kpi:list_import_list")).content.decode()

    assert "taken back" in said
    assert "imported</span>" not in said
