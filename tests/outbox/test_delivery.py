"""Handing over: once, by one worker, and every outcome written down."""

from datetime import timedelta

import pytest

from outbox import breaker, delivery, look_up, pause, queue
from outbox.models import Attempt, Message, Reason, Status
from tests import fakes
from tests.factories import START, make_message

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)


def at(moment):
    return lambda: moment


def use(settings, channel):
    settings.MESSAGE_CHANNELS = {"recording": f"tests.fakes.{channel}"}


def state(message):
    message.refresh_from_db()
    return message.status, message.reason


def test_a_due_message_is_handed_over_with_its_moment_and_number(sent):
    message = make_message()

    assert delivery.send_due("recording", at(DUE + timedelta(seconds=2))) == 1

    message.refresh_from_db()
    assert (message.status, message.provider_id) == (Status.HANDED_OVER, f"r{message.pk}")
    assert message.lateness == timedelta(seconds=2)
    assert sent == [(message.address, "We begin soon.")]


def test_a_message_is_not_sent_before_it_is_due_nor_after_its_use(sent):
    make_message()

    delivery.send_due("recording", at(DUE - timedelta(seconds=1)))
    delivery.send_due("recording", at(DUE + timedelta(minutes=20)))

    assert sent == []


def test_what_is_past_its_use_expires_with_a_reason(sent):
    message, fresh = make_message(), make_message(due_at=DUE + timedelta(minutes=5))

    assert delivery.expire(DUE + timedelta(minutes=20)) == 1

    assert state(message) == (Status.EXPIRED, Reason.TOO_LATE)
    assert state(fresh) == (Status.PLANNED, "")


def test_the_message_whose_use_ends_first_goes_first(sent):
    later = make_message(body="later", expires_at=DUE + timedelta(hours=2))
    sooner = make_message(body="sooner")

    delivery.send_due("recording", at(DUE))

    assert sent == [(sooner.address, "sooner"), (later.address, "later")]


def test_of_the_channels_only_those_with_something_to_send_are_asked(sent, settings):
    settings.MESSAGE_CHANNELS["idle"] = "tests.fakes.RecordingChannel"
    make_message()

    assert delivery.channels_due(DUE - timedelta(seconds=1)) == []
    assert delivery.channels_due(DUE) == ["recording"]


def test_a_sender_with_more_than_it_can_take_asks_for_help_once(sent, monkeypatch):
    asked = []
    monkeypatch.setattr(queue, "send_soon", asked.append)
    monkeypatch.setattr(fakes.RecordingChannel, "batch_size", lambda self: 2)
    for _ in range(7):
        make_message()

    assert delivery.send_due("recording", at(DUE)) == 7

    assert asked == ["recording"]


def test_the_address_is_the_one_known_at_the_call_and_stays_as_evidence(sent):
    message = make_message()
    message.participant.email = "corrected@example.org"
    message.participant.save()

    delivery.send_due("recording", at(DUE))

    message.refresh_from_db()
    assert sent == [("corrected@example.org", "We begin soon.")]
    assert message.address == "corrected@example.org"


def test_what_was_not_executed_is_tried_again_within_its_use(sent, settings):
    use(settings, "BusyChannel")
    message = make_message()
    delivery.send_due("recording", at(DUE))
    waiting = state(message)
    use(settings, "RecordingChannel")

    too_early = delivery.send_due("recording", at(DUE + timedelta(seconds=4)))
    in_time = delivery.send_due("recording", at(DUE + timedelta(seconds=5)))

    assert waiting == (Status.PLANNED, "")
    assert (too_early, in_time) == (0, 1)
    assert list(message.history.values_list("number", "outcome", "detail")) == [
        (1, Attempt.Outcome.NOT_EXECUTED, "The provider is down."),
        (2, Attempt.Outcome.HANDED_OVER, f"r{message.pk}"),
    ]


def test_an_unclear_message_that_went_is_found_within_seconds(sent, settings):
    use(settings, "DroppingChannel")
    message = make_message()
    delivery.send_due("recording", at(DUE))

    too_early = look_up.resolve_unclear(at(DUE + timedelta(seconds=9)))
    settled = look_up.resolve_unclear(at(DUE + timedelta(seconds=10)))

    assert (too_early, settled) == (0, 1)
    assert state(message) == (Status.HANDED_OVER, Reason.NONE)
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("confirms", "asked_again"), [(True, DUE + timedelta(seconds=70)), (False, None)]
)
def test_what_a_look_up_finds_is_confirmed_like_what_was_handed_over_at_once(
    sent, settings, monkeypatch, confirms, asked_again
):
    use(settings, "DroppingChannel")
    monkeypatch.setattr(fakes.DroppingChannel, "confirms", confirms)
    message = make_message()
    delivery.send_due("recording", at(DUE))

    look_up.resolve_unclear(at(DUE + timedelta(seconds=10)))

    message.refresh_from_db()
    assert (message.status, message.look_up_at) == (Status.HANDED_OVER, asked_again)


def test_that_nobody_answered_about_an_earlier_call_says_nothing_of_the_next(sent, settings):
    settings.MESSAGE_CHANNELS = {"recording": "tests.fakes.DroppingChannel"}
    message = make_message(no_answer_at=DUE - timedelta(minutes=2))

    delivery.send_due("recording", lambda: DUE)

    message.refresh_from_db()
    assert (message.status, message.no_answer_at) == (Status.UNKNOWN, None)


@pytest.mark.parametrize(
    ("called_at", "outcome"),
    [(DUE, Status.PLANNED), (START + timedelta(minutes=5, seconds=-20), Status.EXPIRED)],
    ids=["still of use", "past its use meanwhile"],
)
def test_absence_counts_only_when_the_provider_cannot_carry_it_out_any_more(
    sent, settings, called_at, outcome
):
    use(settings, "LosingChannel")
    message = make_message()
    delivery.send_due("recording", at(called_at))

    early = look_up.resolve_unclear(at(called_at + timedelta(seconds=30)))
    still_early = look_up.resolve_unclear(at(called_at + timedelta(seconds=89)))
    waiting = state(message)
    at_last = look_up.resolve_unclear(at(called_at + timedelta(seconds=90)))

    assert (early, still_early, at_last) == (0, 0, 1)
    assert waiting == (Status.UNKNOWN, Reason.UNCLEAR)
    assert state(message)[0] == outcome


def test_what_is_unclear_of_a_channel_that_was_switched_off_comes_to_a_person(settings, sent):
    settings.BITRIX24_WEBHOOK_URL = ""
    settings.MESSAGE_CHANNELS |= {
        "bitrix24_email": "outbox.channels.bitrix24_email.Bitrix24EmailChannel"
    }
    unclear = {"status": Status.UNKNOWN, "reason": Reason.UNCLEAR, "look_up_at": DUE}
    stuck, other = make_message(channel="bitrix24_email", **unclear), make_message(**unclear)
    sent.append((other.address, other.body))

    look_up.resolve_unclear(at(DUE))
    stuck.refresh_from_db()
    told = stuck.detail
    look_up.resolve_unclear(at(DUE + timedelta(minutes=20)))

    assert "BITRIX24_WEBHOOK_URL" in told
    assert state(other)[0] == Status.HANDED_OVER
    assert list(Message.objects.for_a_person()) == [stuck]


class BrokenLookUp(fakes.RecordingChannel):
    """Has a mistake in its look-up, after one answer."""

    key = "broken"

    def look_up(self, messages):
        yield next(super().look_up(messages))
        raise ZeroDivisionError


def test_a_fault_in_one_look_up_does_not_keep_the_others_from_theirs(settings, sent, caplog):
    settings.MESSAGE_CHANNELS |= {"broken": "tests.outbox.test_delivery.BrokenLookUp"}
    unclear = {"status": Status.UNKNOWN, "reason": Reason.UNCLEAR, "look_up_at": DUE}
    first, second, _gone, other = (
        make_message(channel=channel, **unclear)
        for channel in ("broken", "broken", "gone", "recording")
    )
    sent += [(message.address, message.body) for message in (first, second, other)]

    assert look_up.resolve_unclear(at(DUE)) == 2

    assert [state(each)[0] for each in (first, second, other)] == [
        Status.HANDED_OVER,
        Status.UNKNOWN,
        Status.HANDED_OVER,
    ]
    assert "The look-up by channel broken failed" in caplog.text


def test_what_is_surely_absent_but_no_longer_of_use_expires(sent, settings):
    use(settings, "LosingChannel")
    message = make_message()
    delivery.send_due("recording", at(DUE))

    look_up.resolve_unclear(at(DUE + timedelta(minutes=20)))

    assert state(message) == (Status.EXPIRED, Reason.TOO_LATE)


def test_a_worker_killed_in_the_middle_leaves_nothing_lost_and_nothing_doubled(sent, settings):
    use(settings, "CrashingChannel")
    first, second = make_message(body="one"), make_message(body="two")
    with pytest.raises(SystemExit):
        delivery.send_due("recording", at(DUE))
    in_hand = [state(first)[0], state(second)[0]]
    use(settings, "RecordingChannel")

    nothing = delivery.send_due("recording", at(DUE + timedelta(seconds=30)))
    lease_over = DUE + timedelta(seconds=150)
    surely_over = lease_over + settings.LOOK_UP_AFTER
    look_up.abandon_expired_leases(lease_over)
    found = look_up.resolve_unclear(at(lease_over))
    look_up.resolve_unclear(at(surely_over - timedelta(seconds=1)))
    doubted = state(second)
    look_up.resolve_unclear(at(surely_over))
    delivery.send_due("recording", at(surely_over))

    assert (found, doubted) == (1, (Status.UNKNOWN, Reason.WORKER_DIED))
    assert in_hand == [Status.CALLING, Status.CALLING]
    assert nothing == 0
    assert sent == [(first.address, "one"), (second.address, "two")]
    assert [state(first)[0], state(second)[0]] == [Status.HANDED_OVER, Status.HANDED_OVER]


def test_an_outcome_that_comes_after_the_look_up_has_settled_it_changes_nothing(sent):
    message = make_message()
    channel = fakes.RecordingChannel()
    [claimed] = delivery.claim(channel, DUE, 10).messages
    Message.objects.filter(pk=message.pk).update(
        status=Status.PLANNED, claim=None, lease_until=None
    )

    delivery.deliver(channel, [claimed], at(DUE + timedelta(minutes=10)))

    assert state(message) == (Status.PLANNED, "")


def test_a_refused_account_stops_the_channel_until_a_person_says_it_is_mended(sent, settings):
    use(settings, "LockedChannel")
    message = make_message()
    delivery.send_due("recording", at(DUE))
    use(settings, "RecordingChannel")

    stopped = delivery.send_due("recording", at(DUE + timedelta(minutes=5)))
    breaker.reopen("recording")
    mended = delivery.send_due("recording", at(DUE + timedelta(minutes=5)))

    assert (stopped, mended) == (0, 1)
    assert state(message) == (Status.HANDED_OVER, "")


def test_a_stop_of_all_sending_holds_everything_until_it_is_resumed(sent, admin_id):
    make_message()
    pause.pause("Restored from a backup.", by_id=admin_id, at=DUE)

    stopped = delivery.send_due("recording", at(DUE))
    pause.resume(by_id=admin_id, at=DUE)
    resumed = delivery.send_due("recording", at(DUE))

    assert (stopped, resumed) == (0, 1)


class StoppedChannel(fakes.RecordingChannel):
    """Waits for its turn, and meanwhile somebody stops all sending."""

    def wait_for_turn(self, seconds):
        pause.pause("Wrong text.", by_id=None, at=DUE)
        return True


def test_a_stop_of_all_sending_holds_also_what_was_waiting_for_its_turn(sent, settings):
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.StoppedChannel"}
    message = make_message()

    assert delivery.send_due("recording", at(DUE)) == 0

    assert state(message) == (Status.PLANNED, "")
    assert sent == []


@pytest.fixture
def admin_id(db):
    from tests.factories import make_user

    return make_user(is_administrator=True).pk


def test_a_tick_with_nothing_due_is_one_query(sent, django_assert_num_queries):
    make_message()

    with django_assert_num_queries(1):
        delivery.send_due("recording", at(DUE - timedelta(hours=1)))
