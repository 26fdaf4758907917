"""The mail server of `make chaos`, and how what is left to a person is judged."""

import smtplib
from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.channels.smtp import AHEAD
from outbox.channels.smtp_sending import message_id
from outbox.letter import Letter
from outbox.models import Attempt, Message, Reason, Status
from tests.factories import make_message
from tools.chaos import undecided
from tools.chaos.mail_server import Envelope, MailedLetter, mail_server
from tools.chaos.mishaps import MAIL_FAULTS, Mishap, Moment
from tools.chaos.scenario import BITRIX24, SMTP, Scenario
from tools.chaos.undecided import BEGUN, ON_THE_WIRE
from tools.chaos.verdict import judge

SUBJECT = "Atcelts: Atvērto durvju diena, 26. novembrī plkst. 13:56"


def send(server, address="anna@example.org"):
    letter = Letter(
        subject=SUBJECT,
        body="We begin.\n.\n.." + "\nand more" * 10,
        from_email="info@college.example",
        to=[address],
        headers={"Message-ID": "<1@college.example>"},
    )
    with smtplib.SMTP(*server.server_address, timeout=5) as connection:
        connection.sendmail(letter.from_email, letter.to, letter.as_bytes())


def running(*mishaps, takes_several=True):
    return mail_server(mishaps, seed=1, takes_several=takes_several)


def always(moment, **what):
    return Mishap((moment,), 1, **what)


@pytest.mark.parametrize("takes_several", [True, False])
def test_a_letter_is_taken_word_for_word(takes_several):
    with running(takes_several=takes_several) as server:
        send(server)

    [letter] = server.taken
    assert (letter.address, letter.subject) == ("anna@example.org", SUBJECT)
    assert letter.text.startswith("We begin.\n.\n..\n")
    assert letter.message_id == "<1@college.example>"
    assert server.happened == 0


@pytest.mark.parametrize(
    ("moment", "taken", "heard_of", "asked_for"),
    [
        (Moment.GREETING, 0, 0, 0),
        (Moment.SENDER, 0, 0, 0),
        (Moment.RECIPIENT, 0, 1, 0),
        (Moment.DATA, 0, 1, 0),
        (Moment.TEXT, 0, 1, 1),
        (Moment.END, 0, 1, 1),
        (Moment.TAKEN, 1, 1, 1),
    ],
)
def test_it_hangs_up_at_any_moment_and_knows_how_far_the_letter_had_come(
    moment, taken, heard_of, asked_for
):
    with (
        running(always(moment, hangs_up=True)) as server,
        # Where it hangs up on a text that is still coming, the connection may be reset.
        pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)),
    ):
        send(server)

    assert len(server.taken) == taken
    assert len(server.envelopes) == heard_of
    assert sum(each.text_is_asked_for for each in server.envelopes) == asked_for


@pytest.mark.parametrize("moment", [Moment.SENDER, Moment.RECIPIENT, Moment.DATA, Moment.END])
def test_what_it_puts_off_it_does_not_take(moment):
    with (
        running(always(moment, answer="451 4.3.0 later")) as server,
        pytest.raises((smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)) as told,
    ):
        send(server)

    assert "451" in str(told.value)
    assert server.taken == []


def test_a_slow_answer_comes_when_it_has_been_given_up_and_the_letter_is_taken(monkeypatch):
    waited = []
    monkeypatch.setattr("tools.chaos.mail_server.time.sleep", waited.append)

    with running(always(Moment.END, seconds=4)) as server:
        send(server)

    assert waited[0] == 4
    assert len(server.taken) == 1


def test_every_fourth_run_is_by_smtp_on_each_database_with_every_kind_of_faults():
    for first, database in ((0, "sqlite"), (1, "postgresql")):
        runs = [Scenario.drawn(seed, database, people=200) for seed in range(first, 50, 2)]
        by_smtp = [run for run in runs if run.route == SMTP]

        assert len(by_smtp) == 6
        assert {run.faults for run in by_smtp} == set(MAIL_FAULTS)
        assert not any(run.fault_specs() for run in by_smtp)
        assert not any(run.mishaps() for run in runs if run.route == BITRIX24)


def test_the_kind_of_faults_has_its_turns_also_where_all_runs_are_by_smtp():
    runs = [Scenario.drawn(seed, "sqlite", 200, SMTP) for seed in range(0, 10, 2)]

    assert {run.route for run in runs} == {SMTP}
    assert {run.faults for run in runs} == set(MAIL_FAULTS)
    assert {run.takes_several() for run in runs} == {True, False}


LETTER = {"kind": "email", "address": "a@example.org", "subject": "", "text": "We begin."}


def test_nobody_is_missed_whose_message_waits_for_a_person():
    wanted = {("email", "a@example.org"): 1}

    assert judge(wanted, []).missing == 1
    assert judge(wanted, [], [LETTER]).is_good
    # Decided on by nobody, it has gone all the same: that is no double.
    assert judge(wanted, [LETTER], [LETTER]).is_good


def left_to_a_person(reason=Reason.WORKER_DIED, **fields):
    message = make_message(channel="smtp", **fields)
    Message.objects.filter(pk=message.pk).update(status=Status.UNKNOWN, reason=reason)
    return message


def heard(message, **fields):
    return Envelope(message.address, timezone.now(), **fields)


@pytest.mark.django_db
def test_what_is_left_to_a_person_is_held_against_what_the_mail_server_knows():
    taken, named, unheard = (left_to_a_person() for _ in range(3))
    make_message(channel="smtp")
    letter = MailedLetter(message_id(taken), taken.address, "", "")

    found = undecided.look([letter], [heard(taken), heard(named)], connections=2)

    assert found.counts == {undecided.TAKEN: 1, ON_THE_WIRE: 1, BEGUN: 1}
    assert {each["address"] for each in found.not_taken} == {named.address, unheard.address}
    assert found.not_begun == 0


@pytest.mark.django_db
def test_a_killed_worker_may_leave_only_the_few_that_it_had_begun():
    for _ in range(AHEAD * 3 // 2 + 2):
        left_to_a_person()

    assert undecided.look([], [], connections=1).not_begun == 2


@pytest.mark.django_db
def test_an_answer_is_unclear_only_once_the_text_was_asked_for():
    message = left_to_a_person(Reason.UNCLEAR)

    named = undecided.look([], [heard(message)], connections=2)
    asked = undecided.look([], [heard(message, text_is_asked_for=True)], connections=2)

    assert (named.counts, named.not_begun) == ({BEGUN: 1}, 1)
    assert (asked.counts, asked.not_begun) == ({ON_THE_WIRE: 1}, 0)


@pytest.mark.django_db
def test_what_the_server_heard_at_an_earlier_try_that_failed_shows_nothing_of_the_last():
    message = left_to_a_person()
    envelope = heard(message)
    Attempt.objects.create(
        message=message,
        number=1,
        channel="smtp",
        ended_at=envelope.at + timedelta(seconds=1),
        outcome=Attempt.Outcome.NOT_EXECUTED,
    )

    assert undecided.look([], [envelope], connections=2).counts == {BEGUN: 1}
