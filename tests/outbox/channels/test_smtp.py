"""What an e-mail by SMTP looks like, and what the mail server's answers mean for it."""

from contextlib import closing
from datetime import timedelta

import pytest

from outbox.channels import HandedOver, NotExecuted, Refused, RefusedBecause
from outbox.channels.smtp import SmtpChannel
from tests.factories import START, make_message, make_participant
from tests.outbox.channels.mail_server import IN_ONE_PACKET, addressed, outcomes, server

pytestmark = pytest.mark.django_db


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


def test_nobody_gets_an_empty_letter_where_the_server_did_not_understand_who_sends_it(settings):
    message = make_message(channel="smtp")

    with server(settings, **IN_ONE_PACKET, MAIL="what?") as running:
        [outcome] = outcomes([message]).values()

    assert isinstance(outcome, NotExecuted)
    assert running.texts_ended == 0


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
SENDER = "550 5.1.8 <info@our.example>: Sender address rejected: Domain not found"


@pytest.mark.parametrize(
    "words", [RELAY, SENDER, "550 5.7.1 client host blocked", "550 not from you"]
)
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


def test_lines_that_begin_with_a_dot_arrive_with_it(settings, kind):
    message = make_message(channel="smtp", body="First\n.\n..two\nlast")

    with server(settings, **kind) as running:
        outcomes([message])

    [letter] = running.taken
    assert letter.get_body(("plain",)).get_content().splitlines() == ["First", ".", "..two", "last"]


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


def test_an_address_no_mail_server_takes_does_not_keep_the_next_from_going(settings):
    settings.SMTP_CONNECTIONS = 1
    odd = make_message(channel="smtp", address="anna@ex ample\n.org")
    good = make_message(channel="smtp")

    with server(settings):
        found = outcomes([odd, good])

    assert isinstance(found[odd.pk], Refused)
    assert isinstance(found[good.pk], HandedOver)
