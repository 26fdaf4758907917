from dataclasses import dataclass

import pytest

from people.identity import identity_keys, same_person


@dataclass
class Somebody:
    first_name: str = "Anna"
    last_name: str = "Bērziņa"
    email: str = ""
    phone: str = ""


MAIL = "anna@example.org"
PHONE = "+37120033441"


def test_the_keys_are_the_addresses_somebody_has():
    assert identity_keys(Somebody(email=MAIL, phone=PHONE)) == (f"email:{MAIL}", f"phone:{PHONE}")
    assert identity_keys(Somebody(phone=PHONE)) == (f"phone:{PHONE}",)
    assert identity_keys(Somebody()) == ()


@pytest.mark.parametrize(
    ("first_name", "last_name"),
    [
        ("Anna", "Bērziņa"),
        ("ANNA", "BERZINA"),
        ("Bērziņa", "Anna"),
        ("Anna", ""),
        ("Anna Marija", "Bērziņa"),
        ("Anna", "Bērziņa-Liepa"),
        ("", ""),
    ],
)
def test_an_address_in_common_and_names_that_agree_make_one_person(first_name, last_name):
    other = Somebody(first_name, last_name, email=MAIL, phone="+37120033499")

    assert same_person(Somebody(email=MAIL, phone=PHONE), other)
    assert same_person(other, Somebody(email=MAIL, phone=PHONE))


@pytest.mark.parametrize(
    ("first_name", "last_name"), [("Jānis", "Bērziņš"), ("Annija", "Bērziņa"), ("Anna", "Liepa")]
)
def test_another_name_is_another_person_even_with_both_addresses(first_name, last_name):
    other = Somebody(first_name, last_name, email=MAIL, phone=PHONE)

    assert not same_person(Somebody(email=MAIL, phone=PHONE), other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Somebody(email=MAIL), Somebody(email="anna.b@example.org")),
        (Somebody(email=MAIL), Somebody(phone=PHONE)),
        (Somebody(), Somebody()),
    ],
)
def test_the_same_name_without_an_address_in_common_is_another_person(one, other):
    assert not same_person(one, other)


def test_an_apostrophe_does_not_part_a_name():
    assert same_person(Somebody("Ilze", "O'Konora", MAIL), Somebody("Ilze", "O’Konora", MAIL))
