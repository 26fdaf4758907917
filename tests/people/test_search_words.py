"""People are found by how their words begin, however many there are."""

import pytest
from django.db import connection

from people.models import Participant
from people.saving import create_all, update_all
from people.search import FEW, SearchWord
from people.search_words import words_in, words_of
from tests.factories import make_participant


def test_each_name_e_mail_and_phone_is_a_word_from_each_of_its_parts_on():
    person = Participant(
        first_name="Anna Marija",
        last_name="Bērziņa-Kalna",
        email="anna.b@college.lv",
        phone="+37129123456",
    )

    assert words_of(person) == {
        *("anna", "marija", "berzina-kalna", "kalna"),
        *("anna.b@college.lv", "b@college.lv", "college.lv", "lv"),
        *("37129123456", "29123456"),
    }


def test_nobody_without_anything_has_words():
    assert words_of(Participant()) == set()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  Bērziņa   ANNA ", ["berzina", "anna"]),
        ("Ozola, “Anna”", ["ozola", "anna"]),
        ("Anna <anna@college.lv>", ["anna", "anna@college.lv"]),
        ("@college.lv", ["college.lv"]),
        ("+371 29 123-456", ["37129123456"]),
        ("00371 (29) 123 456 Anna", ["37129123456", "anna"]),
        ("29123456 29123456", ["2912345629123456"]),
        ("anna anna", ["anna"]),
        ("%", ["%"]),
        ("anna_", ["anna_"]),
        ("", []),
    ],
)
def test_what_is_typed_is_taken_word_by_word(typed, words):
    assert words_in(typed) == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        *("berz", "Bērziņa", "bērziņa-k", "kalna", "anna KALNA", "Kalna, Anna"),
        *("anna.b@", "anna.b@college.lv", "@college", "29 123 456", "+371 291", "0037129123456"),
    ],
)
def test_somebody_is_found_by_the_beginning_of_every_word(typed):
    person = make_participant(
        first_name="Anna",
        last_name="Bērziņa-Kalna",
        email="anna.b@college.lv",
        phone="+37129123456",
    )
    make_participant(first_name="Jānis", last_name="Liepa")

    assert list(Participant.objects.search(typed)) == [person]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["%", "_", "'", "100%", "\\", "ozola liepa", "ő" * 5000])
def test_what_nobody_is_called_finds_nobody(typed):
    make_participant()

    assert not Participant.objects.search(typed).exists()


@pytest.mark.django_db
def test_many_who_are_found_are_all_found():
    people = [
        Participant(first_name="Anna", last_name=f"Ozola{number}") for number in range(FEW + 1)
    ]
    create_all(people, 500)
    make_participant(first_name="Anda", last_name="Liepa", email="")

    found = [Participant.objects.search(words).count() for words in ("ann", "ozola anna", "an")]

    assert found == [FEW + 1, FEW + 1, FEW + 2]


@pytest.mark.django_db
def test_many_people_saved_at_once_are_found_by_their_new_words_only():
    person = make_participant(last_name="Ozola", phone="+37129123456")
    person.last_name = "Kalna"

    update_all([person], ["last_name"], 500)

    found = [Participant.objects.search(word).exists() for word in ("ozola", "kalna", "29123456")]
    assert found == [False, True, True]


@pytest.mark.django_db
def test_a_beginning_is_looked_up_in_the_index():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows are read otherwise

    plan = SearchWord.objects.beginning("ozol").values_list("participant").explain()

    # Which of the two indexes that begin with the word is the planner's choice.
    index = "people_searchword_pkey" if "people_searchword_pkey" in plan else "search_word"
    assert index in plan
    assert ">" in plan.partition(index)[2]
