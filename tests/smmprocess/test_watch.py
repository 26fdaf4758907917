"""The watch rings by e-mail, past the outbox, when messages do not go out."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import OperationalError, connection

from accounts.models import Role
from outbox import breaker, health
from outbox.channels import Unclear
from outbox.models import Heartbeat
from smmprocess.watch import AGAIN, LASTS, Watch
from tests.factories import START, make_event, make_user

pytestmark = pytest.mark.django_db

NOW = START - timedelta(hours=1)
SECOND = timedelta(seconds=1)


def live(now):
    for part in Heartbeat.Part:
        health.show_life(part, now)


def looks(watch, *seconds):
    return [watch.look(NOW + each * SECOND) for each in seconds]


def subjects():
    return [(letter.to[0], letter.subject) for letter in mail.outbox]


def away(*_arguments):
    raise OperationalError("The server closed the connection.")


def test_nobody_is_written_to_while_all_is_well():
    make_user()
    live(NOW)

    assert looks(Watch(), 0, 30, 60) == [False] * 3
    assert mail.outbox == []


def test_a_silent_worker_is_told_to_heads_and_administrators_in_their_language_before_the_event():
    head = make_user(language="lv")
    administrator = make_user(role=Role.SPECIALIST, is_administrator=True, language="en")
    make_user(role=Role.SPECIALIST)
    make_user(is_active=False)
    make_event()
    live(NOW)

    rang = looks(Watch(), 0, 61, 61 + LASTS.seconds, 100)

    assert rang == [False, False, True, False]
    assert subjects() == [
        (head.email, "Ziņas netiek sūtītas: Sūtīšanas process neatsaucas: nekas netiek nosūtīts."),
        (
            administrator.email,
            "Messages are not going out: The worker is silent: nothing is sent.",
        ),
    ]
    assert "The next event is Atvērto durvju diena, on 11.03.2026 at 18:00." in mail.outbox[1].body


def test_a_restart_of_a_few_seconds_rings_for_nobody():
    make_user()
    watch = Watch()

    watch.look(NOW)
    live(NOW + 10 * SECOND)

    assert looks(watch, 10, 20, 45) == [False] * 3


def test_a_provider_that_does_not_answer_is_told_by_the_other_route():
    make_user()
    live(NOW + 60 * SECOND)
    for second in range(5):
        breaker.take_note("bitrix24_sms", [Unclear("Silence.")], NOW + second * SECOND)

    rang = looks(Watch(), 5, 40)

    assert rang == [False, True]
    assert "SMS" in subjects()[0][1]
    assert "Silence." in mail.outbox[0].body


def test_what_lasts_is_told_again_what_is_added_at_once_and_the_end_too():
    make_user()
    watch = Watch()
    silent = [watch.look(NOW), watch.look(NOW + LASTS)]
    soon = watch.look(NOW + AGAIN)
    breaker.take_note("bitrix24_sms", [Unclear("Silence.")] * 1, NOW)
    later = watch.look(NOW + LASTS + AGAIN)
    live(NOW + LASTS + AGAIN)
    over = [watch.look(NOW + LASTS + AGAIN + each * SECOND) for each in (1, 2)]

    assert (silent, soon, later, over) == ([False, True], False, True, [True, False])
    assert subjects()[-1][1] == "Messages are going out again."


def test_a_database_that_is_away_is_told_to_those_known_from_before():
    head = make_user()
    live(NOW)
    watch = Watch()
    watch.look(NOW)

    with connection.execute_wrapper(away):
        rang = looks(watch, 1, 1 + LASTS.seconds)

    assert rang == [False, True]
    assert subjects() == [
        (
            head.email,
            "Messages are not going out: The database does not answer: nothing is sent.",
        )
    ]


def test_a_mail_server_that_is_away_is_tried_again(settings):
    make_user()
    watch = Watch()
    watch.look(NOW)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    in_vain = watch.look(NOW + LASTS)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    went = watch.look(NOW + LASTS + SECOND)

    assert (in_vain, went) == (False, True)
