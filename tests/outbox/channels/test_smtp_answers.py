"""What a mail server says arrives in pieces of any size."""

import smtplib

import pytest

from outbox.channels.smtp_answers import LONGEST, Answers

SAID = b"250-fine\r\n250 SIZE 1000\r\n354 go on\r\n550-5.1.1 no such user\r\n550 5.1.1 here\r\n"
MEANT = [
    (250, b"fine\nSIZE 1000"),
    (354, b"go on"),
    (550, b"5.1.1 no such user\n5.1.1 here"),
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, len(SAID)])
def test_answers_are_put_together_from_pieces_of_any_size(size):
    answers = Answers()

    for start in range(0, len(SAID), size):
        answers.hear(SAID[start : start + size])

    assert list(answers.complete) == MEANT


@pytest.mark.parametrize(
    ("said", "all_is_read"), [(b"", True), (b"25", False), (b"250-one\r\n", False)]
)
def test_half_an_answer_is_noticed(said, all_is_read):
    answers = Answers()

    answers.hear(said)

    assert answers.is_between == all_is_read


def test_an_answer_without_a_code_is_neither_good_nor_final():
    answers = Answers()

    answers.hear(b"hello\r\n\r\n250\r\n")

    assert list(answers.complete) == [(-1, b"o"), (-1, b""), (250, b"")]


def test_a_server_that_never_comes_to_an_end_is_hung_up_on():
    answers = Answers()

    with pytest.raises(smtplib.SMTPServerDisconnected):
        answers.hear(b"2" * (LONGEST + 1))
