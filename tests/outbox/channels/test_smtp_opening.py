"""Connections to the mail server that cannot be opened, whosever fault it is."""

import smtplib
from contextlib import closing
from datetime import timedelta

import pytest
from django.core.mail.backends.smtp import EmailBackend
from django.utils import translation

from outbox import delivery, look_up
from outbox.channels import NotExecuted
from outbox.channels.smtp import SmtpChannel
from outbox.models import ChannelState, Message, Status
from tests.factories import START, make_message
from tests.outbox.channels.mail_server import addressed, outcomes, server

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)
IN_ONE_ANSWER = {"EHLO": "250-fine\r\n250 AUTH PLAIN", "AUTH": "235 welcome"}
IN_TWO_ANSWERS = {"EHLO": "250-fine\r\n250 AUTH LOGIN", "AUTH": "334 UGFzc3dvcmQ6"}
NO_SUCH_LETTERS = "holds a letter such as ā or š"
NO_SUCH_NAME = "name in EMAIL_URL is not valid"


class Session(smtplib.SMTP):
    """Remembers that it has been opened."""

    opened = []

    def __init__(self, *args, **kwargs):
        self.opened.append(self)
        super().__init__(*args, **kwargs)


class RememberingBackend(EmailBackend):
    connection_class = Session


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def mail_server(settings, request):
    with server(settings, **getattr(request, "param", IN_ONE_ANSWER)) as running:
        settings.SMTP_CONNECTIONS = 2
        settings.EMAIL_BACKEND = f"{__name__}.RememberingBackend"
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "college", "password"
        yield running
    Session.opened.clear()


FAULTS = [
    ("EMAIL_HOST_PASSWORD", "parolē", NO_SUCH_LETTERS),
    ("EMAIL_HOST_USER", "māra", NO_SUCH_LETTERS),
    ("EMAIL_HOST", "smtp..college.example", NO_SUCH_NAME),
    ("EMAIL_USE_SSL", "both", "cannot be reached (ValueError)"),
]


@pytest.mark.parametrize(("setting", "value", "sentence"), FAULTS)
def test_a_setting_no_mail_server_can_be_told_leaves_all_letters_waiting_and_says_so(
    settings, mail_server, setting, value, sentence
):
    settings.MESSAGE_CHANNELS = {"smtp": "outbox.channels.smtp.SmtpChannel"}
    addressed(*(f"anna{number}" for number in range(12)))
    right = getattr(settings, setting)
    settings.EMAIL_USE_TLS = value == "both"
    setattr(settings, setting, value)

    for seconds in range(0, 300, 30):
        now = DUE + timedelta(seconds=seconds)
        look_up.abandon_expired_leases(now)
        delivery.send_due("smtp", lambda now=now: now)
    state = ChannelState.objects.get()
    waiting = Message.objects.planned().count()
    settings.EMAIL_USE_TLS = False
    setattr(settings, setting, right)
    for seconds in range(330, 450, 30):
        delivery.send_due("smtp", lambda now=DUE + timedelta(seconds=seconds): now)

    assert (waiting, state.needs_a_person) == (12, False)
    assert state.closed_until is not None
    assert sentence in state.problem
    assert Message.objects.filter(status=Status.HANDED_OVER).count() == 12
    assert len(mail_server.taken) == 12


@pytest.mark.parametrize(("setting", "value", "sentence"), FAULTS)
def test_the_check_says_the_same_as_the_letters(settings, mail_server, setting, value, sentence):
    message = make_message(channel="smtp")
    settings.EMAIL_USE_TLS = value == "both"
    setattr(settings, setting, value)

    trouble = SmtpChannel().trouble()
    [outcome] = outcomes([message]).values()

    assert outcome == NotExecuted(str(trouble), retry_after=30)
    assert sentence in outcome.sentence
    with translation.override("lv"):
        assert str(trouble) != outcome.sentence


def test_nothing_is_wrong_with_a_server_that_signs_us_in(mail_server):
    assert SmtpChannel().trouble() == ""
    assert [session.sock for session in Session.opened] == [None]


@pytest.mark.parametrize("mail_server", [IN_ONE_ANSWER, IN_TWO_ANSWERS], indirect=True)
def test_no_connection_stays_open_after_a_fault_in_signing_in(settings, mail_server):
    settings.EMAIL_HOST_PASSWORD = "parolē"

    outcomes([make_message(channel="smtp") for _ in range(4)])
    SmtpChannel().trouble()

    assert len(Session.opened) > 1
    assert {session.sock for session in Session.opened} == {None}


@pytest.mark.parametrize("mail_server", [IN_ONE_ANSWER, IN_TWO_ANSWERS], indirect=True)
def test_the_log_says_where_it_went_wrong_and_nothing_of_the_password(
    settings, mail_server, caplog
):
    settings.EMAIL_HOST_PASSWORD = "parolē"

    outcomes([make_message(channel="smtp")])

    assert "UnicodeEncodeError" in caplog.text
    assert "smtplib.py" in caplog.text
    assert not [part for part in ("parol", "ē", r"\u0113") if part in caplog.text]


@pytest.mark.parametrize(
    "mail_server",
    [{"EHLO": "250-fine\r\n250 AUTH LOGIN", "AUTH": "334 a"}],
    ids=["a question that cannot be read"],
    indirect=True,
)
def test_a_server_that_makes_no_sense_when_signing_in_has_executed_nothing(mail_server):
    [outcome] = outcomes([make_message(channel="smtp")]).values()

    assert outcome == NotExecuted("The mail server cannot be reached (Error).", retry_after=30)
    assert {session.sock for session in Session.opened} == {None}


def test_all_connections_are_closed_whatever_the_server_says_to_that(mail_server):
    mail_server.answers["QUIT"] = "221 " + "bye " * 3000

    with closing(SmtpChannel()) as channel:
        found = dict(channel.send([make_message(channel="smtp") for _ in range(6)]))

    assert len(found) == 6
    assert len(Session.opened) == 2
    assert {session.sock for session in Session.opened} == {None}
