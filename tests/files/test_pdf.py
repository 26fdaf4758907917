"""A document on paper: A4, Latvian letters, numbered pages, and room for whatever people wrote."""

import pytest
from django.utils.translation import override

from files.pdf import Column, Paper
from tests.factories import riga
from tests.paper import A4, pages_of, size_of, text_of

NOW = riga(2026, 7, 6, 0, 30)
LATVIAN = "āčēģīķļņšūž ĀČĒĢĪĶĻŅŠŪŽ €"


@pytest.fixture
def paper():
    with override("en"):
        yield Paper("Pārskats", subtitle="Pavasaris", at=NOW)


def test_it_is_a4_with_latvian_letters(paper):
    paper.paragraph(LATVIAN)

    content = paper.as_bytes()

    assert [size_of(page) for page in pages_of(content)] == [A4]
    assert LATVIAN in text_of(content)


def test_each_page_has_its_number_the_name_and_when_it_was_made(paper):
    paper.paragraph("Word\n" * 150)

    pages = pages_of(paper.as_bytes())

    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert f"Page {number} of 3" in text
        assert "Pārskats · 06 Jul 2026, 00:30" in text


def test_a_cell_longer_than_a_page_goes_on_on_the_next(paper):
    words = [f"word{number}" for number in range(700)]
    columns = [Column("Result"), Column("Achieved"), Column("Score")]

    paper.write_table(columns, [["One", " ".join(words), "5"], ["Two", "Done", "4"]])

    content = paper.as_bytes()
    assert len(pages_of(content)) > 1
    text = text_of(content).split()
    assert [each for each in text if each.startswith("word")] == words
    assert text.count("One") == text.count("Two") == 1


@pytest.mark.parametrize("text", ["x" * 5_000, "word " * 1_000, "\n" * 500 + "x"])
@pytest.mark.parametrize("is_wide", [False, True])
def test_no_text_is_too_long_to_be_written(paper, text, is_wide):
    paper.lay(is_wide=is_wide)
    paper.facts([("A note", text)])
    paper.write_table([Column(each) for each in "abcdefg"], [["", text, *"cdefg"]])

    assert text_of(paper.as_bytes()).count("x") >= text.count("x")


def test_a_wide_part_lies_across_the_page_and_the_next_one_upright_again(paper):
    for is_wide in (True, True, False):
        paper.lay(is_wide=is_wide)
        paper.heading("Part")

    sizes = [size_of(page) for page in pages_of(paper.as_bytes())]

    assert sizes == [A4, A4[::-1], A4]


def test_the_page_after_a_page_on_its_side_lies_on_its_side_too(paper):
    paper.lay(is_wide=True)
    for _number in range(12):
        paper.heading("Part")
        paper.paragraph("Words")

    sizes = [size_of(page) for page in pages_of(paper.as_bytes())]

    assert sizes == [A4, *[A4[::-1]] * (len(sizes) - 1)]
    assert len(sizes) > 2
