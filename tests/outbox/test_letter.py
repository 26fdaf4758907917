"""Our letters say what Django's own would say; only they are put together faster."""

import email
import email.policy

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import given
from hypothesis import strategies as st

from outbox.letter import Letter

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=300)
LINES = st.lists(WORDS, min_size=1, max_size=8).map("\n".join)
FROM = "Biznesa vadības koledža <info@college.example>"


def fields(subject="Sākam", body="Labdien!", to="anna@example.org", **headers):
    return {
        "subject": subject,
        "body": body,
        "from_email": FROM,
        "to": [to],
        "headers": {"Message-ID": "<1b2c@college.example>", **headers},
    }


def written(kind, attachment="", **wanted):
    letter = kind(**fields(**wanted))
    letter.attach_alternative(f"<p>{letter.body}</p>", "text/html")
    if attachment:
        letter.attach("event.ics", attachment, "text/calendar; method=PUBLISH")
    content = letter.message().as_bytes(linesep="\r\n")
    return content, email.message_from_bytes(content, policy=email.policy.default)


def said(parsed):
    """Return what a mail program makes of it: headers, and the parts with their kinds."""
    headers = {name: str(value) for name, value in parsed.items()}
    for name in ("Date", "Content-Type", "Content-Transfer-Encoding"):
        headers.pop(name, None)
    parts = [
        (part.get_content_type(), part.get_filename(), lines_of(part.get_content()))
        for part in parsed.walk()
        if not part.is_multipart()
    ]
    return headers, parts


def lines_of(content):
    text = content.decode() if isinstance(content, bytes) else content
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")


@given(subject=WORDS.map(str.strip), body=LINES.filter(str.strip))
def test_a_letter_reads_as_djangos_own(subject, body):
    _content, ours = written(Letter, subject=subject, body=body)
    _content, djangos = written(EmailMultiAlternatives, subject=subject, body=body)

    assert said(ours) == said(djangos)


def test_a_letter_with_a_calendar_file_reads_as_djangos_own():
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:Atvērto durvju diena\r\nEND:VCALENDAR\r\n"

    content, ours = written(Letter, calendar)
    _content, djangos = written(EmailMultiAlternatives, calendar)

    assert said(ours) == said(djangos)
    assert [part.get_content_type() for part in ours.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert content.isascii()


def test_lines_are_short_enough_for_every_mail_server():
    content, _parsed = written(Letter, body="ā" * 5000, subject="ž" * 240)

    assert max(len(line) for line in content.split(b"\r\n")) <= 78
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "wanted",
    [
        {"to": "anna@example.org\nBcc: all@example.org"},
        {"subject": "Hello\nBcc: all@example.org"},
        {"List-Unsubscribe": "<https://college.example/u/1>\r\nBcc: all@example.org"},
    ],
)
def test_nothing_can_add_a_header_of_its_own(wanted):
    with pytest.raises(ValueError, match=r"newlines|not valid|Invalid"):
        written(Letter, **wanted)
