from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from tools.check_translations import problems

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
