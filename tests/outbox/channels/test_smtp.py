"""E-mail by SMTP, against a small server that answers as it is told."""

import email
import email.policy
import socket
import socketserver
import threading
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError

from outbox import delivery, look_up
from outbox.channels import HandedOver, NotExecuted, Refused, RefusedBecause, Unclear, smtp
from outbox.channels.smtp import SmtpChannel
from outbox.models import Message
from tests.factories import START, make_message, make_participant

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)
IN_ONE_PACKET = {"EHLO": "250-fine\r\n250-SIZE 1000000\r\n250 PIPELINING"}
ONE_BY_ONE = {"EHLO": "250 fine"}


@pytest.fixture(params=[IN_ONE_PACKET, ONE_BY_ONE], ids=["pipelining", "one by one"])
def kind(request):
    """Return how a server greets that takes several commands in a row, or only one at a time."""
    return request.param


class Server(socketserver.ThreadingTCPServer):
    """Takes mail; `answers` replaces its answer to a command or to an address."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers = answers
        self.asks_for_text_for_nobody = True
        self.hangs_up_after_refusing = False
        self.taken = []
        self.most_at_once = self.at_once = self.connections = 0
        self.most_allowed = 1000
        self.open = []
        self.envelopes_in_one_packet = []
        self.lock = threading.Lock()

    def close_all(self):
        """Hang up on everybody, as a server does that is started anew."""
        for connection in self.open:
            connection.shutdown(socket.SHUT_RDWR)


class Conversation(socketserver.BaseRequestHandler):
    waiting = b""
    """What has arrived and is not read yet."""

    has_refused = False

    def handle(self):
        with self.server.lock:
            self.server.at_once += 1
            self.server.connections += 1
            self.server.open.append(self.request)
            self.server.most_at_once = max(self.server.at_once, self.server.most_at_once)
        try:
            self.talk()
        finally:
            with self.server.lock:
                self.server.at_once -= 1

    def talk(self):
        if self.server.at_once > self.server.most_allowed:
            self.say("421 too many connections")
            return
        self.say(self.server.answers.get("hello", "220 ready"))
        for_nobody = False
        while line := self.read_line().decode().strip().upper():
            answer = next(
                (words for part, words in self.server.answers.items() if part.upper() in line), None
            )
            if line.startswith("MAIL"):
                self.server.envelopes_in_one_packet.append(b"RCPT" in self.waiting)
            if answer == "hang up":
                return
            if answer is not None:
                self.say(answer)
                for_nobody = "RCPT" in line
            elif line == "DATA" and for_nobody and not self.server.asks_for_text_for_nobody:
                self.say("503 nobody to send it to")
            elif line == "DATA":
                self.say("354 go on")
                self.take()
            else:
                for_nobody = for_nobody and line != "RSET"
                self.say("221 bye" if line == "QUIT" else "250 fine")
            if line == "QUIT" or (self.server.hangs_up_after_refusing and self.has_refused):
                return

    def take(self):
        lines = []
        while (line := self.read_line()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        if not lines:
            self.say("554 nobody to send it to")
            return
        answer = self.server.answers.get("after data", "250 taken")
        if answer == "hang up":
            self.request.shutdown(socket.SHUT_RDWR)
            return
        if not answer.startswith("250"):
            self.say(answer)
            return
        self.server.taken.append(
            email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        )
        self.say(answer)

    def say(self, words):
        self.has_refused = words.startswith("5")
        self.request.sendall(f"{words}\r\n".encode())

    def read_line(self):
        while b"\n" not in self.waiting and (arrived := self.request.recv(65536)):
            self.waiting += arrived
        line, end, self.waiting = self.waiting.partition(b"\n")
        return line + end


@contextmanager
def server(settings, **answers):
    with Server(answers) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = running.server_address
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "College <info@college.example>"
        yield running
        running.shutdown()


def outcomes(messages):
    with closing(SmtpChannel()) as channel:
        return {message.pk: outcome for message, outcome in channel.send(messages)}


def test_an_email_has_text_html_calendar_file_and_our_key(settings):
    message = make_message(
        channel="smtp",
        subject="Sākam plkst. 18:00",
        body="Labdien, <Anna>!\n\nhttps://smm.example.org/j/AbC",
        attachment="BEGIN:VCALENDAR",
    )

    with server(settings) as running:
        found = outcomes([message])

    [letter] = running.taken
    parts = {
        part.get_content_type(): part.get_content()
        for part in letter.walk()
        if not part.is_multipart()
    }
    assert found == {message.pk: HandedOver(f"<{message.uid}@college.example>")}
    assert (letter["To"], letter["Subject"]) == (message.address, "Sākam plkst. 18:00")
    assert letter["Message-ID"] == f"<{message.uid}@college.example>"
    assert "Labdien, &lt;Anna&gt;!" in parts["text/html"]
    assert '<a href="https://smm.example.org/j/AbC">' in parts["text/html"]
    assert "BEGIN:VCALENDAR" in str(parts["text/calendar"])
    assert letter["List-Unsubscribe"] is None


def test_an_offer_can_be_refused_with_one_click(settings):
    message = make_message(channel="smtp", unsubscribe_url="https://smm.example.org/u/AbC")

    with server(settings) as running:
        outcomes([message])

    [letter] = running.taken
    assert letter["List-Unsubscribe"] == "<https://smm.example.org/u/AbC>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("asks_for_text", [True, False])
def test_a_wrong_address_is_the_addresss_own_fault(settings, kind, asks_for_text):
    settings.SMTP_CONNECTIONS = 1
    bad = make_message(channel="smtp", participant=make_participant(email="bad@example.org"))
    good = make_message(channel="smtp")

    with server(settings, **kind, **{"TO:<bad@": "550 no such mailbox"}) as running:
        running.asks_for_text_for_nobody = asks_for_text
        found = outcomes([bad, good])

    assert found[bad.pk] == Refused("550 no such mailbox", RefusedBecause.ADDRESS)
    assert isinstance(found[good.pk], HandedOver)


def test_the_envelope_goes_in_one_packet_where_the_server_says_so(settings, kind):
    messages = [make_message(channel="smtp") for _ in range(3)]

    with server(settings, **kind) as running:
        found = outcomes(messages)

    assert {type(outcome) for outcome in found.values()} == {HandedOver}
    assert running.envelopes_in_one_packet == [kind is IN_ONE_PACKET] * 3


def test_a_server_that_does_not_greet_us_has_executed_nothing(settings):
    message = make_message(channel="smtp")

    with server(settings, EHLO="502 no", HELO="550 go away") as running:
        [outcome] = outcomes([message]).values()

    assert isinstance(outcome, NotExecuted)
    assert running.taken == []


def test_a_full_mailbox_is_tried_again_later(settings, kind):
    message = make_message(channel="smtp")

    with server(settings, **kind, RCPT="452 mailbox full"):
        found = outcomes([message])

    assert found == {message.pk: NotExecuted("452 mailbox full", retry_after=30)}


def test_a_refused_sender_is_our_accounts_fault(settings, kind):
    message = make_message(channel="smtp")

    with server(settings, **kind, MAIL="553 not yours"):
        found = outcomes([message])

    assert found == {message.pk: Refused("553 not yours", RefusedBecause.ACCOUNT)}


def addressed(*names):
    return [
        make_message(channel="smtp", participant=make_participant(email=f"{name}@example.org"))
        for name in names
    ]


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ("550 5.1.1 no such user", RefusedBecause.ADDRESS),
        ("550 5.1.10 the domain takes no mail", RefusedBecause.ADDRESS),
        ("551 user not local", RefusedBecause.ADDRESS),
        ("553 mailbox name not allowed", RefusedBecause.ADDRESS),
        ("552 5.2.2 mailbox full", RefusedBecause.MESSAGE),
        ("552 too much in it", RefusedBecause.MESSAGE),
        ("550 5.2.1 mailbox disabled", RefusedBecause.MESSAGE),
        ("530 5.7.0 authentication required", RefusedBecause.ACCOUNT),
        ("535 5.7.8 who are you", RefusedBecause.ACCOUNT),
    ],
)
def test_a_clear_code_says_whose_fault_a_refused_recipient_is(settings, words, because):
    [message] = addressed("anna")

    with server(settings, RCPT=words):
        found = outcomes([message])

    assert found == {message.pk: Refused(words, because)}


RELAY = "554 5.7.1 Relay access denied"


@pytest.mark.parametrize("words", [RELAY, "550 5.7.1 client host blocked", "550 not from you"])
def test_five_addresses_refused_alike_and_none_accepted_is_our_accounts_fault(settings, words):
    messages = addressed("anna", "berta", "carl", "dora", "emil")

    with server(settings, RCPT=words):
        found = outcomes(messages)

    assert found == {m.pk: Refused(words, RefusedBecause.ACCOUNT) for m in messages}


def test_addresses_that_are_surely_bad_stop_no_channel_however_many(settings):
    messages = addressed("anna", "berta", "carl", "dora", "emil", "fred")

    with server(settings, RCPT="550 5.1.1 unknown here"):
        found = outcomes(messages)

    told = Refused("550 5.1.1 unknown here", RefusedBecause.ADDRESS)
    assert found == {m.pk: told for m in messages}


def test_words_that_name_the_address_are_alike_and_the_address_is_not_repeated(settings):
    messages = addressed("anna", "berta", "carl", "dora", "emil")
    answers = {f"<{m.address}": f"554 5.7.1 <{m.address}>: Relay access denied" for m in messages}

    with server(settings, **answers):
        found = outcomes(messages)

    told = Refused("554 5.7.1 <…>: Relay access denied", RefusedBecause.ACCOUNT)
    assert set(found.values()) == {told}


def test_bad_addresses_do_not_stop_a_channel_that_takes_others(settings):
    bad = addressed("bad1", "bad2", "bad3", "bad4", "bad5")
    [good] = addressed("anna")

    with server(settings, **{"TO:<bad": "550 no such mailbox"}):
        found = outcomes([*bad, good])

    assert isinstance(found.pop(good.pk), HandedOver)
    assert set(found.values()) == {Refused("550 no such mailbox", RefusedBecause.ADDRESS)}


def test_one_strict_mailbox_does_not_stop_the_channel_for_others(settings):
    strict, good = addressed("strict", "anna")

    with server(settings, **{"TO:<strict@": "550 5.7.1 not from you"}):
        found = outcomes([strict, good])

    assert found[strict.pk] == Refused("550 5.7.1 not from you", RefusedBecause.MESSAGE)
    assert isinstance(found[good.pk], HandedOver)


def test_a_strict_mailbox_that_comes_alone_waits_ever_longer_and_fails_at_last(settings):
    [strict] = addressed("strict")
    told = []

    with server(settings, RCPT=RELAY):
        for attempt in (1, 2, 4, 5):
            strict.attempts = attempt
            told += outcomes([strict]).values()

    assert told == [
        NotExecuted(RELAY, retry_after=30),
        NotExecuted(RELAY, retry_after=60),
        NotExecuted(RELAY, retry_after=120),
        Refused(RELAY, RefusedBecause.MESSAGE),
    ]


def test_what_the_server_took_earlier_in_the_turn_counts_too(settings):
    good, strict = addressed("anna", "strict")

    with (
        server(settings, **{"TO:<strict@": RELAY}),
        closing(SmtpChannel()) as channel,
    ):
        list(channel.send([good]))
        [(_message, outcome)] = channel.send([strict])

    assert outcome == Refused(RELAY, RefusedBecause.MESSAGE)


@pytest.mark.parametrize(
    ("answer", "is_temporary"),
    [("454 4.7.0 temporary failure", True), ("535 5.7.8 wrong password", False)],
)
def test_only_a_final_answer_to_our_name_and_password_stops_the_channel(
    settings, answer, is_temporary
):
    message = make_message(channel="smtp")

    with server(settings, EHLO="250-fine\r\n250 AUTH PLAIN", AUTH=answer):
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = "college"
        [outcome] = outcomes([message]).values()
        trouble = SmtpChannel().trouble()

    assert outcome.sentence == str(trouble)
    if is_temporary:
        assert outcome == NotExecuted(str(trouble), retry_after=30)
    else:
        assert outcome == Refused(str(trouble), RefusedBecause.ACCOUNT)


def test_nothing_is_sent_on_a_connection_that_could_not_sign_in(settings):
    first, second = make_message(channel="smtp"), make_message(channel="smtp")

    with (
        server(settings, EHLO="250-fine\r\n250 AUTH PLAIN", AUTH="454 busy") as running,
        closing(SmtpChannel()) as channel,
    ):
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = "college"
        list(channel.send([first]))
        running.answers["AUTH"] = "235 welcome"
        [(_message, outcome)] = channel.send([second])

    assert isinstance(outcome, HandedOver)
    assert running.connections == 2


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


def test_lines_that_begin_with_a_dot_arrive_with_it(settings, kind):
    message = make_message(channel="smtp", body="First\n.\n..two\nlast")

    with server(settings, **kind) as running:
        outcomes([message])

    [letter] = running.taken
    assert letter.get_body(("plain",)).get_content().splitlines() == ["First", ".", "..two", "last"]


def test_a_server_that_is_away_has_executed_nothing(settings):
    message = make_message(channel="smtp")
    with server(settings) as running:
        running.server_close()

        [outcome] = outcomes([message]).values()

    assert isinstance(outcome, NotExecuted)


def test_what_is_past_its_use_when_its_turn_comes_does_not_go(settings):
    settings.SMTP_CONNECTIONS = 1
    late, fresh = (
        make_message(channel="smtp", expires_at=START + timedelta(seconds=seconds))
        for seconds in (0, 1)
    )

    with server(settings) as running, closing(SmtpChannel()) as channel:
        channel.clock = lambda: START
        found = {message.pk: type(outcome) for message, outcome in channel.send([late, fresh])}

    assert found == {late.pk: NotExecuted, fresh.pk: HandedOver}
    assert [letter["To"] for letter in running.taken] == [fresh.address]


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
        in_hand = Message.objects.filter(is_in_hand=True).count()
        left = list(answers)

    assert (in_hand, len(left)) == (6, 9)
    assert not Message.objects.filter(is_in_hand=True).exists()


def test_what_was_taken_from_us_meanwhile_is_not_sent(settings):
    make_message(channel="smtp")
    late = DUE + timedelta(seconds=150)

    with server(settings) as running, closing(SmtpChannel()) as channel:
        claimed = delivery.claim(channel, DUE, 10).messages
        look_up.abandon_expired_leases(late)
        [(_message, outcome)] = channel.send(claimed)

    assert isinstance(outcome, NotExecuted)
    assert running.taken == []


def test_an_address_no_mail_server_takes_does_not_keep_the_next_from_going(settings):
    settings.SMTP_CONNECTIONS = 1
    odd = make_message(channel="smtp", address="anna@ex ample\n.org")
    good = make_message(channel="smtp")

    with server(settings):
        found = outcomes([odd, good])

    assert isinstance(found[odd.pk], Refused)
    assert isinstance(found[good.pk], HandedOver)


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


def test_while_the_database_is_away_what_was_begun_is_answered_for_and_no_more_begins(
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

    assert answered.keys() == {message.pk for message in shares[0]}
    assert {type(outcome) for outcome in answered.values()} == {HandedOver}
    assert len(running.taken) == len(shares[0])
