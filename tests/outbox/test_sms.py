"""Parts of an SMS, after the tables of 3GPP TS 23.038."""

import pytest

from outbox.sms import measure, without_diacritics


@pytest.mark.parametrize(
    ("text", "encoding", "parts"),
    [
        ("", "GSM-7", 0),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("a" * 159 + "€", "GSM-7", 2),
        ("ā" * 70, "UCS-2", 1),
        ("ā" * 71, "UCS-2", 2),
        ("ā" * 134, "UCS-2", 2),
        ("ā" * 135, "UCS-2", 3),
        ("Rīt – 19:00", "UCS-2", 1),
        ("ā" * 66 + "😀" + "ā" * 66, "UCS-2", 3),
    ],
)
def test_parts_are_counted_as_operators_do(text, encoding, parts):
    measured = measure(text)

    assert (measured.encoding, measured.parts) == (encoding, parts)


def test_leaving_out_diacritics_saves_a_part():
    text = "Atvērto durvju diena sākas 18:00 – pievienojieties: https://bvk.lv/j/AbCdEfGhIj"

    plain = without_diacritics(text)

    assert plain == (
        "Atverto durvju diena sakas 18:00 - pievienojieties: https://bvk.lv/j/AbCdEfGhIj"
    )
    assert (measure(text).parts, measure(plain).parts) == (2, 1)


def test_other_alphabets_and_letters_of_the_gsm_alphabet_stay():
    assert without_diacritics("Привет, Müller, Étienne é") == "Привет, Müller, Étienne é"


def test_every_latvian_letter_has_a_plain_form():
    assert without_diacritics("āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽōŗ") == "acegiklnsuzACEGIKLNSUZor"
