"""Connections to the mail server: shared out, kept, lost, and slow."""

import time
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import OperationalError

from outbox import delivery, look_up
from outbox.beginning import in_hand
from outbox.channels import HandedOver, NotExecuted, Refused, RefusedBecause, Unclear, smtp
from outbox.channels.smtp import SmtpChannel
from outbox.channels.smtp_line import Line
from outbox.models import Message, Pause
from tests.factories import START, make_message, make_participant
from tests.outbox.channels.mail_server import addressed, outcomes, self_signed, server

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)


@pytest.mark.parametrize("hangs_up", [False, True], ids=["stays", "hangs up"])
@pytest.mark.parametrize(
    ("command", "words", "because"),
    [
        ("TO:<first@", "550 no such mailbox", RefusedBecause.ADDRESS),
        ("MAIL", "553 not yours", RefusedBecause.ACCOUNT),
        ("after data", "554 looks like spam", RefusedBecause.MESSAGE),
    ],
)
def test_a_refusal_counts_though_the_server_hangs_up_after_it(
    settings, kind, command, words, because, hangs_up
):
    settings.SMTP_CONNECTIONS = 1
    first = make_message(channel="smtp", participant=make_participant(email="first@example.org"))

    with server(settings, **kind, **{command: words}) as running:
        running.hangs_up_after_refusing = hangs_up
        found = outcomes([first])

    assert found == {first.pk: Refused(words, because)}
    assert running.taken == []


def test_after_a_refusal_and_a_hang_up_the_next_message_gets_a_new_connection(settings, kind):
    settings.SMTP_CONNECTIONS = 1
    bad = make_message(channel="smtp", participant=make_participant(email="bad@example.org"))
    good = make_message(channel="smtp")

    with server(settings, **kind, **{"TO:<bad@": "550 no such mailbox"}) as running:
        running.hangs_up_after_refusing = True
        found = outcomes([bad, good])

    assert found[bad.pk] == Refused("550 no such mailbox", RefusedBecause.ADDRESS)
    assert isinstance(found[good.pk], HandedOver)
    assert running.connections == 2


def test_a_connection_lost_after_the_text_is_unclear(settings, kind):
    message = make_message(channel="smtp")

    with server(settings, **kind, **{"after data": "hang up"}):
        found = outcomes([message])

    assert found == {message.pk: Unclear("SMTPServerDisconnected")}


@pytest.mark.parametrize("words", ["354 go on", "hello"])
def test_an_answer_to_the_text_that_is_neither_yes_nor_no_is_unclear(settings, kind, words):
    settings.SMTP_CONNECTIONS = 1
    messages = addressed("anna", "berta")

    with server(settings, **kind, **{"after data": words}) as running:
        found = outcomes(messages)

    assert {type(outcome) for outcome in found.values()} == {Unclear}
    assert running.connections == 2


def test_every_answer_to_the_text_that_says_yes_says_that_it_is_taken(settings, kind):
    message = make_message(channel="smtp")

    with server(settings, **kind, **{"after data": "251 it goes on from here"}):
        [outcome] = outcomes([message]).values()

    assert isinstance(outcome, HandedOver)


def test_the_text_goes_only_to_a_server_that_asks_for_it(settings, kind):
    message = make_message(channel="smtp")

    with server(settings, **kind, DATA="250 fine") as running:
        [outcome] = outcomes([message]).values()

    assert isinstance(outcome, NotExecuted)
    assert running.taken == []


def test_a_connection_lost_before_the_text_was_sent_has_sent_nothing(settings, kind):
    settings.SMTP_CONNECTIONS = 1
    lost, next_one = make_message(channel="smtp"), make_message(channel="smtp")

    with server(settings, **kind, **{f"TO:<{lost.address}": "hang up"}) as running:
        found = outcomes([lost, next_one])

    assert isinstance(found[lost.pk], NotExecuted)
    assert isinstance(found[next_one.pk], HandedOver)
    assert [letter["To"] for letter in running.taken] == [next_one.address]


def test_after_a_lost_connection_the_next_message_gets_a_new_one(settings, kind):
    settings.SMTP_CONNECTIONS = 1
    lost, next_one = make_message(channel="smtp"), make_message(channel="smtp")

    with server(settings, **kind, **{"after data": "hang up"}) as running:
        found = outcomes([lost, next_one])

    assert list(found.values()) == [Unclear("SMTPServerDisconnected")] * 2
    assert running.connections == 2


def test_a_server_that_takes_its_leave_is_called_anew(settings, kind):
    settings.SMTP_CONNECTIONS = 1
    late, next_one = make_message(channel="smtp"), make_message(channel="smtp")

    with server(settings, **kind, **{f"TO:<{late.address}": "421 closing"}) as running:
        found = outcomes([late, next_one])

    assert found[late.pk] == NotExecuted("421 closing", retry_after=30)
    assert isinstance(found[next_one.pk], HandedOver)
    assert running.connections == 2


def test_a_server_that_is_away_has_executed_nothing(settings):
    message = make_message(channel="smtp")
    with server(settings) as running:
        running.server_close()

        [outcome] = outcomes([message]).values()

    assert isinstance(outcome, NotExecuted)


def test_connections_are_kept_from_batch_to_batch(settings):
    settings.SMTP_CONNECTIONS = 2

    with server(settings) as running, closing(SmtpChannel()) as channel:
        for _batch in range(3):
            messages = [make_message(channel="smtp") for _ in range(4)]
            found = [outcome for _message, outcome in channel.send(messages)]
            assert {type(outcome) for outcome in found} == {HandedOver}

    assert len(running.taken) == 12
    assert running.connections <= 2


def test_a_kept_connection_that_broke_meanwhile_makes_nothing_unclear(settings):
    settings.SMTP_CONNECTIONS = 1
    first, second = make_message(channel="smtp"), make_message(channel="smtp")

    with server(settings) as running, closing(SmtpChannel()) as channel:
        list(channel.send([first]))
        running.close_all()
        [(_message, outcome)] = channel.send([second])

    assert isinstance(outcome, HandedOver)
    assert [letter["To"] for letter in running.taken] == [first.address, second.address]


def test_no_more_connections_are_open_than_allowed(settings):
    settings.SMTP_CONNECTIONS = 3
    messages = [make_message(channel="smtp") for _ in range(12)]

    with server(settings) as running:
        found = outcomes(messages)

    assert {type(outcome) for outcome in found.values()} == {HandedOver}
    assert len(running.taken) == 12
    assert running.most_at_once <= 3


def test_only_a_few_messages_are_begun_at_a_time(settings):
    settings.SMTP_CONNECTIONS = 1
    for _ in range(10):
        make_message(channel="smtp")

    with server(settings), closing(SmtpChannel()) as channel:
        claimed = delivery.claim(channel, DUE, 10).messages
        answers = channel.send(claimed)
        next(answers)
        waiting = in_hand(Message.objects.all()).count()
        left = list(answers)

    assert (waiting, len(left)) == (6, 9)
    assert not in_hand(Message.objects.all()).exists()


def test_what_was_taken_from_us_meanwhile_is_not_sent(settings):
    make_message(channel="smtp")
    late = DUE + timedelta(seconds=150)

    with server(settings) as running, closing(SmtpChannel()) as channel:
        claimed = delivery.claim(channel, DUE, 10).messages
        look_up.abandon_expired_leases(late)
        [(_message, outcome)] = channel.send(claimed)

    assert isinstance(outcome, NotExecuted)
    assert running.taken == []


def test_a_slow_server_gets_no_more_than_fits_into_the_lease(settings):
    settings.MESSAGE_LEASE = timedelta(0)
    message = make_message(channel="smtp")

    with server(settings) as running:
        [outcome] = outcomes([message]).values()

    assert isinstance(outcome, NotExecuted)
    assert (outcome.is_failure, running.taken) == (False, [])


def test_a_server_that_allows_few_connections_gets_all_letters_by_those(settings):
    settings.SMTP_CONNECTIONS = 10
    messages = addressed(*(f"anna{number}" for number in range(90)))

    with server(settings) as running:
        running.most_allowed = 2
        found = outcomes(messages)

    assert {type(outcome) for outcome in found.values()} == {HandedOver}
    assert len(running.taken) == len(found) == 90


def test_while_the_database_is_away_every_letter_is_answered_for_and_no_more_begins(
    settings, monkeypatch
):
    settings.SMTP_CONNECTIONS = 2
    messages = addressed(*(f"anna{number}" for number in range(20)))
    shares = []

    def begin(share):
        if shares:
            raise OperationalError("server closed the connection")
        shares.append(share)
        return share

    monkeypatch.setattr(smtp, "begin", begin)
    answered = {}

    def send(channel):
        for message, outcome in channel.send(messages):
            answered[message.pk] = outcome

    with (
        server(settings) as running,
        closing(SmtpChannel()) as channel,
        pytest.raises(OperationalError),
    ):
        send(channel)

    went = {pk for pk, outcome in answered.items() if isinstance(outcome, HandedOver)}
    assert went == {message.pk for message in shares[0]}
    assert len(running.taken) == len(shares[0])
    # Perhaps it was noted that the next ones begin, and only the answer was lost.
    waits = [outcome for outcome in answered.values() if isinstance(outcome, NotExecuted)]
    assert [outcome.is_failure for outcome in waits] == [False] * len(shares[0])


def test_a_connection_that_broke_as_it_was_used_again_gives_its_letter_to_a_new_one(settings, kind):
    settings.SMTP_CONNECTIONS = 1
    first, second = make_message(channel="smtp"), make_message(channel="smtp")

    with server(settings, **kind) as running, closing(SmtpChannel()) as channel:
        list(channel.send([first]))
        # As if it closed in the very moment in which we begin: nobody could have known before.
        running.hangs_up_once_at = f"TO:<{second.address}".upper()
        [(_message, outcome)] = channel.send([second])

    assert isinstance(outcome, HandedOver)
    assert [letter["To"] for letter in running.taken] == [first.address, second.address]
    assert running.connections == 2


def test_a_server_silent_on_one_letter_does_not_hold_up_the_others(settings, kind):
    settings.SMTP_CONNECTIONS, settings.EMAIL_TIMEOUT = 2, 1
    silent, *others = addressed("silent", *(f"anna{number}" for number in range(6)))

    with server(settings, **kind, **{"TO:<silent@": "say nothing"}), closing(SmtpChannel()) as way:
        answered = [message for message, _outcome in way.send([silent, *others])]

    assert answered[-1] == silent
    assert set(answered) == {silent, *others}


def test_a_server_that_never_answers_after_the_text_leaves_it_unclear(settings, kind):
    settings.EMAIL_TIMEOUT = 0.2
    message = make_message(channel="smtp")

    with server(settings, **kind, **{"after data": "say nothing"}):
        found = outcomes([message])

    assert found == {message.pk: Unclear("SMTPServerDisconnected")}


def test_a_server_that_never_answers_before_the_text_has_sent_nothing(settings, kind):
    settings.EMAIL_TIMEOUT = 0.2
    message = make_message(channel="smtp")

    with server(settings, **kind, RCPT="say nothing") as running:
        [outcome] = outcomes([message]).values()

    assert isinstance(outcome, NotExecuted)
    assert running.taken == []


def test_letters_go_over_an_encrypted_connection(settings, kind, tmp_path, monkeypatch):
    messages = addressed(*(f"anna{number}" for number in range(30)))
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with server(settings, certificate, **kind) as running:
        settings.EMAIL_USE_SSL = True
        found = outcomes(messages)

    assert {type(outcome) for outcome in found.values()} == {HandedOver}
    assert {letter["To"] for letter in running.taken} == {m.address for m in messages}


def test_what_a_server_says_unasked_is_not_taken_for_the_answer_to_the_next_letter(settings, kind):
    settings.SMTP_CONNECTIONS = 1
    messages = addressed("anna", "berta")

    with server(settings, **kind, **{"after data": "250 taken\r\n550 by the way"}) as running:
        found = outcomes(messages)

    assert {type(outcome) for outcome in found.values()} == {HandedOver}
    assert running.connections == 2


def test_a_letter_left_in_the_middle_does_not_speak_on_a_connection_used_again(settings):
    settings.SMTP_CONNECTIONS = 2
    messages = addressed(*(f"anna{number}" for number in range(8)))

    with server(settings) as running, closing(SmtpChannel()) as channel:
        left = channel.send(messages)
        next(left)
        left.close()
        [last] = addressed("berta")
        [(_message, outcome)] = channel.send([last])

    assert isinstance(outcome, HandedOver)
    assert running.taken[-1]["To"] == last.address


def test_what_has_been_answered_counts_however_long_the_answers_take_to_be_written_down(settings):
    """The database may be away for longer than the mail server may take to answer."""
    settings.SMTP_CONNECTIONS, settings.EMAIL_TIMEOUT = 4, 0.3
    messages = addressed(*(f"anna{number}" for number in range(4)))
    found = []

    with server(settings) as running, closing(SmtpChannel()) as channel:
        for _message, outcome in channel.send(messages):
            found.append(type(outcome))
            time.sleep(0.4)

    assert found == [HandedOver] * 4
    assert len(running.taken) == 4


def test_a_server_that_is_away_is_called_once_for_all_that_is_claimed(settings):
    settings.SMTP_CONNECTIONS = 4
    messages = addressed(*(f"anna{number}" for number in range(80)))

    with server(settings) as running:
        running.most_allowed = 0
        found = outcomes(messages)

    assert {type(outcome) for outcome in found.values()} == {NotExecuted}
    assert len(found) == 80
    assert running.connections <= 4


def test_a_connection_that_breaks_as_a_letter_begins_carries_no_other(settings, monkeypatch):
    settings.SMTP_CONNECTIONS = 1
    messages = addressed("anna", "berta", "carl")
    says = Line._has_said
    breaking = ["once"]

    def break_once(line, say):
        if breaking:
            breaking.clear()
            line.hang_up()
            return False
        return says(line, say)

    monkeypatch.setattr(Line, "_has_said", break_once)
    with server(settings) as running:
        found = [type(outcome) for outcome in outcomes(messages).values()]

    assert found == [NotExecuted, HandedOver, HandedOver]
    assert running.connections == 2


def test_a_stop_that_comes_while_messages_are_claimed_holds_them_as_well(settings):
    for _ in range(3):
        make_message(channel="smtp")

    with server(settings) as running, closing(SmtpChannel()) as channel:
        claimed = delivery.claim(channel, DUE, 10).messages
        # As if it had been pressed before the claim was there to be taken back.
        Pause.objects.create(reason="wrong room", paused_at=DUE)
        found = {type(outcome) for _message, outcome in channel.send(claimed)}

    assert (found, running.taken) == ({NotExecuted}, [])
    assert set(Message.objects.values_list("status", "claim")) == {("planned", None)}
