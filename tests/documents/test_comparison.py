"""Versions are compared in the words people read, in their language."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import gettext, override

from documents.comparison import Change, changes, draft_changes, history, readable
from documents.content import Line, snapshot, words
from documents.models import Document
from tests.factories import make_user, riga

NOW = riga(2026, 1, 12, 10)


def said(**values):
    return snapshot(lambda: [Line(key, f"{key}!", value) for key, value in values.items()])


def test_a_snapshot_is_in_every_language_of_the_site():
    content = snapshot(lambda: [Line("state", gettext("Director"), date(2026, 3, 1))])

    with override("lv"):
        assert readable(content) == [("Direktors", "01.03.2026.")]
    with override("en"):
        assert readable(content) == [("Director", "01 Mar 2026")]


def test_only_what_reads_otherwise_is_a_change():
    old = said(title="Leads", target=Decimal("120.00"), owner="Anna")
    new = said(title="Leads", target=Decimal("150.50"), unit="EUR")

    with override("en"):
        found = changes(old, new)

    assert found == [
        Change("target!", "120", "150.50"),
        Change("unit!", None, "EUR"),
        Change("owner!", "Anna", None),
    ]
    assert changes(new, new) == []


def test_a_number_written_with_more_zeros_is_no_change():
    assert changes(said(target=Decimal("120.00")), said(target=Decimal(120))) == []


@pytest.mark.parametrize(
    ("value", "english"),
    [
        (None, ""),
        ("", ""),
        (True, "yes"),
        (0, "0"),
        (Decimal("1234567.5"), "1\xa0234\xa0567.50"),
        (riga(2026, 3, 29, 4, 30), "29 Mar 2026, 04:30"),
        (["Facebook", "Instagram"], "Facebook, Instagram"),
    ],
)
def test_values_are_said_as_people_read_them(value, english):
    with override("en"):
        assert words(value) == english


@pytest.mark.django_db
def test_the_history_says_what_each_version_changed():
    document = Document.objects.create()
    head, director = make_user(), make_user()
    for target in (100, 120):
        document.submit(by=head, at=NOW, content=lambda target=target: said(target=target))
        document.send_back(by=director, at=NOW, comment="More.")

    chapters = history(document)

    assert [chapter.version.number for chapter in chapters] == [2, 1]
    assert [chapter.changes for chapter in chapters] == [[Change("target!", "100", "120")], None]


@pytest.mark.django_db
def test_a_draft_is_compared_with_what_was_submitted_last():
    document = Document.objects.create()
    before = draft_changes(document, said(target=90))
    document.submit(by=make_user(), at=NOW, content=lambda: said(target=100))

    assert before == []
    assert draft_changes(document, said(target=90)) == [Change("target!", "100", "90")]
