"""The mail server that measurements send to counts, and knows when the first letter came."""

import smtplib
import time

import pytest

from tools.bench.sink import taken
from tools.bench.system import mail_sink
from tools.ports import HOST

pytestmark = pytest.mark.processes


def first_arrived_at(connection):
    return float(connection.docmd("LATE")[1])


def test_letters_are_counted_and_the_first_since_the_last_question_is_dated():
    with mail_sink() as port, smtplib.SMTP(HOST, port) as connection:
        before, begun = first_arrived_at(connection), time.time()
        for address in ("anna@example.org", "juris@example.org", "anna@example.org"):
            connection.sendmail("info@example.org", address, "Subject: Sākam\n".encode())
        arrived, ended = first_arrived_at(connection), time.time()

        assert taken(port) == (3, 2)
        assert before == 0
        assert begun <= arrived <= ended
        assert first_arrived_at(connection) == 0
