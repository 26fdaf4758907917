from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from tools.check_translations import not_found, problems

HEADER = """
msgid ""
msgstr ""
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def found(entry):
    return list(problems(read_po(BytesIO((HEADER + entry).encode()), locale="lv")))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ('msgid "Save"\nmsgstr "Saglabāt"', []),
        ('msgid "Save"\nmsgstr ""', ["not translated: 'Save'"]),
        ('#, fuzzy\nmsgid "Save"\nmsgstr "Dzēst"', ["fuzzy: 'Save'"]),
        ('msgctxt "button"\nmsgid "Save"\nmsgstr ""', ["not translated: [button] 'Save'"]),
        (
            'msgid "Hi %(name)s."\nmsgstr "Sveiki, %(vards)s."',
            ["placeholders differ: 'Hi %(name)s.'"],
        ),
        ('msgid "{event} is on."\nmsgstr "Būs."', ["placeholders differ: '{event} is on.'"]),
        ('msgid "Say <b>it</b>."\nmsgstr "Sakiet."', ["placeholders differ: 'Say <b>it</b>.'"]),
        ('msgid "“%(a)s” is on."\nmsgstr "„%(a)s” ir."', []),
        (
            'msgid "“%(a)s” is on."\nmsgstr "“%(a)s” ir."',
            ["quoted as in English, not „so”: '“%(a)s” is on.'"],
        ),
        ('#~ msgid "Gone"\n#~ msgstr "Prom"', ["no longer used: 'Gone'"]),
    ],
)
def test_each_message_needs_a_certain_and_whole_translation(entry, expected):
    assert found(entry) == expected


def test_a_message_with_a_number_needs_all_three_latvian_forms():
    message = 'msgid "One message."\nmsgid_plural "%(count)s messages."\n'
    whole = (
        'msgstr[0] "%(count)s ziņa."\nmsgstr[1] "%(count)s ziņas."\nmsgstr[2] "%(count)s ziņu."\n'
    )
    two = 'msgstr[0] "%(count)s ziņa."\nmsgstr[1] "%(count)s ziņas."\nmsgstr[2] ""\n'

    assert found(message + whole) == []
    assert found(message + two) == ["3 forms needed: 'One message.'"]


def test_a_message_that_the_extraction_does_not_see_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("tools.check_translations.ROOT", tmp_path)
    code = tmp_path / "morning.py"
    code.write_text("gettext('Save')\nf\"{gettext('Lists')} {day}\"\n_(name)\npgettext('a', 'Hi')")
    catalogue = read_po(BytesIO((HEADER + 'msgid "Save"\nmsgstr "Glabāt"').encode()), locale="lv")

    assert list(not_found([code], catalogue)) == [
        "not found by `make messages`: 'Hi' in morning.py",
        "not found by `make messages`: 'Lists' in morning.py",
    ]
