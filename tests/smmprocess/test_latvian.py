from pathlib import Path

import django
import pytest
from babel.messages.pofile import read_po
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext, ngettext, override, trans_real

from smmprocess.django_sentences import COUNTED_SENTENCES, SENTENCES
from tools import compile_translations
from tools.catalogues import forms


@pytest.fixture(autouse=True)
def latvian(monkeypatch):
    compile_translations.main()
    # Another test may have read the catalogue before it was compiled.
    monkeypatch.setattr(trans_real, "_translations", {})
    with override("lv"):
        yield


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "0 ziņu gaida lēmumu."),
        (1, "1 ziņa gaida lēmumu."),
        (2, "2 ziņas gaida lēmumu."),
        (10, "10 ziņas gaida lēmumu."),
        (11, "11 ziņas gaida lēmumu."),
        (21, "21 ziņa gaida lēmumu."),
    ],
)
def test_a_number_takes_the_form_it_needs(count, expected):
    sentence = ngettext(
        "%(count)s message waits for a decision.",
        "%(count)s messages wait for a decision.",
        count,
    )

    assert sentence % {"count": count} == expected


def test_our_catalogue_mends_the_plurals_of_django():
    with pytest.raises(ValidationError) as too_long:
        MaxLengthValidator(8)("123456789")

    assert too_long.value.messages == ["Jābūt ne vairāk kā 8 rakstzīmēm (ir 9)."]
    assert MinimumLengthValidator(8).get_help_text() == "Parolē jābūt vismaz 8 rakstzīmēm."


def test_our_catalogue_mends_how_django_speaks_to_the_person():
    told = gettext("Enter the same password as before, for verification.")

    assert told == "Ievadiet to pašu paroli vēlreiz."


def test_every_mended_sentence_is_still_one_of_django():
    folder = Path(django.__file__).parent
    known = set()
    for app in ("conf", "contrib/auth"):
        with (folder / app / "locale/lv/LC_MESSAGES/django.po").open("rb") as file:
            known |= {forms(message.id)[0] for message in read_po(file, locale="lv")}
    mended = [*SENTENCES, *(one for one, _many in COUNTED_SENTENCES)]

    assert [sentence for sentence in mended if sentence not in known] == []
