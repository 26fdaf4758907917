"""A restored backup is noticed before anything is sent; nothing else is taken for one."""

import json
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import override

from outbox import decisions, delivery, detours, health, look_up, memory, pause, restored
from outbox.memory import Memory
from outbox.models import Claim, Detour, Generation, Message, Reason, Status
from tests import fakes
from tests.factories import START, make_message, make_user

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)
NIGHT = DUE - timedelta(hours=15)
LATER = DUE + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def own_memory(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    restored.forget()
    yield
    restored.forget()


def at(moment):
    return lambda: moment


def generation():
    return Generation.objects.get()


def live_until(moment):
    """Let the database live from the night to this moment, and return its number that night."""
    restored.look(NIGHT)
    number = generation().number
    for _tick in range(3):
        restored.look(moment)
    return number


def set_back(number):
    """Do to the number what a restored backup of that night does to everything."""
    Generation.objects.update(number=number, at=NIGHT)


def state(message):
    message.refresh_from_db()
    return message.status, message.reason


def test_a_database_that_goes_on_is_left_alone(sent):
    for tick in range(3):
        restored.look(DUE + timedelta(seconds=10 * tick))

    assert (generation().number, pause.is_paused()) == (3, False)


def test_a_database_older_than_what_was_sent_stops_all_sending_and_says_why(sent):
    set_back(live_until(DUE))

    restored.look(LATER)

    stop = pause.current()
    assert stop.restored_to == NIGHT
    with override("en"):
        assert str(stop).startswith(
            "The database is older than what has been sent: it ends on 11.03.2026 at 02:45."
        )
        assert str(stop) in health.lamp(LATER).problems


def test_the_first_message_after_the_restore_is_not_sent(sent):
    set_back(live_until(DUE))
    message = make_message()

    assert delivery.send_due("recording", at(LATER)) == 0

    assert sent == []
    assert state(message) == (Status.UNKNOWN, Reason.RESTORED)


class SetBackChannel(fakes.RecordingChannel):
    """Waits for its turn, and meanwhile the database is set back."""

    def wait_for_turn(self, seconds):
        set_back(generation().number - 2)
        return True


def test_a_restore_while_a_message_waits_for_its_turn_is_noticed_before_it_is_sent(sent, settings):
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.SetBackChannel"}
    live_until(DUE)
    message = make_message()
    moments = count()

    assert delivery.send_due("recording", lambda: LATER + next(moments) * restored.EVERY) == 0

    assert sent == []
    assert state(message) == (Status.UNKNOWN, Reason.RESTORED)


def test_a_restore_is_noticed_once_and_a_person_resumes(sent):
    set_back(live_until(DUE))

    for tick in range(3):
        restored.look(LATER + timedelta(seconds=tick))
    pause.resume(by_id=None, at=LATER)
    restored.look(LATER + timedelta(seconds=10))

    assert not pause.is_paused()


def test_another_look_at_the_same_time_does_not_get_past_the_gap(sent):
    """The backup was a single number old, and two workers start."""
    live_until(DUE)
    set_back(generation().number - 1)

    restored.look(LATER)
    restored.look(LATER)

    assert pause.is_paused()


def test_what_had_gone_before_the_restore_is_found_and_not_sent_again(sent):
    number = live_until(DUE)
    gone, waiting = make_message(body="gone"), make_message(body="waiting")
    sent.append((gone.address, "gone"))
    set_back(number)

    delivery.send_due("recording", at(LATER))
    settled = look_up.resolve_unclear(at(LATER))
    pause.resume(by_id=None, at=LATER)
    delivery.send_due("recording", at(LATER + timedelta(seconds=5)))

    assert settled == 2
    assert state(gone) == (Status.HANDED_OVER, "")
    assert state(waiting) == (Status.HANDED_OVER, "")
    assert sent == [(gone.address, "gone"), (waiting.address, "waiting")]


@pytest.mark.parametrize("attempts", [1, 2])
def test_what_was_in_a_workers_hand_in_the_backup_is_looked_up_too(sent, attempts):
    """Also where it had been tried before: it went after the backup was made."""
    claim = Claim.objects.create(made_at=DUE).pk
    lease_until = DUE + timedelta(seconds=150)
    message = make_message(
        status=Status.CALLING, claim=claim, lease_until=lease_until, attempts=attempts
    )
    fakes.sent.append((message.address, message.body))
    set_back(live_until(DUE))

    restored.look(LATER)
    look_up.resolve_unclear(at(LATER))
    pause.resume(by_id=None, at=LATER)
    look_up.abandon_expired_leases(lease_until)
    delivery.send_due("recording", at(lease_until))

    assert state(message) == (Status.HANDED_OVER, "")
    assert len(fakes.sent) == 1


def test_a_held_message_of_the_gap_is_looked_up_too(sent):
    number = live_until(DUE)
    held = make_message(status=Status.HELD, reason=Reason.FEED_NOT_TRUSTED)
    set_back(number)

    restored.look(LATER)

    assert state(held) == (Status.UNKNOWN, Reason.RESTORED)


def test_a_row_of_the_gap_written_after_the_resume_is_looked_up_before_it_goes(sent):
    set_back(live_until(DUE))
    restored.look_now_and_then(LATER)
    pause.resume(by_id=None, at=LATER)
    late = make_message()

    delivery.send_due("recording", at(LATER + timedelta(milliseconds=500)))
    between = state(late)
    delivery.send_due("recording", at(LATER + timedelta(seconds=2)))

    assert between == (Status.PLANNED, "")
    assert state(late) == (Status.UNKNOWN, Reason.RESTORED)
    assert sent == []


def test_what_is_due_after_the_gap_goes_as_ever(sent):
    set_back(live_until(DUE))
    restored.look(LATER)
    pause.resume(by_id=None, at=LATER)
    make_message(due_at=LATER)

    assert delivery.send_due("recording", at(LATER + timedelta(seconds=1))) == 1


def test_a_channel_that_cannot_be_asked_leaves_it_to_a_person(sent, settings):
    settings.MESSAGE_CHANNELS = {"smtp": "outbox.channels.smtp.SmtpChannel"}
    number = live_until(DUE)
    message = make_message(channel="smtp")
    set_back(number)

    restored.look(LATER)

    assert list(Message.objects.for_a_person()) == [message]


def test_what_a_person_has_sent_again_after_the_restore_goes_though_nobody_can_be_asked(
    sent, settings
):
    settings.MESSAGE_CHANNELS = {"recording": "tests.fakes.MuteChannel"}
    number = live_until(DUE)
    message = make_message()
    set_back(number)
    restored.look(LATER)
    pause.resume(by_id=None, at=LATER)

    message.refresh_from_db()
    decisions.settle_by_sending_again(message, by_id=make_user().pk, at=LATER)
    delivery.send_due("recording", at(LATER + timedelta(seconds=2)))

    assert state(message) == (Status.HANDED_OVER, "")
    assert sent == [(message.address, "We begin soon.")]


def test_a_detour_in_force_does_not_take_along_what_may_have_gone(sent):
    number = live_until(DUE)
    message = make_message()
    Detour.objects.create(channel="recording", goes_by="smtp", began_at=NIGHT)
    set_back(number)

    moved = detours.follow(LATER)

    assert (moved, *state(message)) == (0, Status.UNKNOWN, Reason.RESTORED)
    assert message.channel == "recording"


def test_a_flushed_redis_is_not_a_restore_and_the_file_still_knows(sent):
    number = live_until(DUE)
    cache.clear()

    restored.look(DUE)
    was_paused = pause.is_paused()
    cache.clear()
    set_back(number)
    restored.look(LATER)

    assert (was_paused, pause.is_paused()) == (False, True)


def test_without_redis_and_file_nothing_is_known_and_nothing_stops(sent):
    number = live_until(DUE)
    cache.clear()
    (Path(memory.settings.MEDIA_ROOT) / memory.FILE).unlink()
    set_back(number)

    restored.look(LATER)

    assert not pause.is_paused()


def test_an_older_memory_is_not_a_restore(sent):
    live_until(DUE)
    memory.remember(generation().database, Memory(1, NIGHT))

    restored.look(LATER)

    assert not pause.is_paused()


def test_a_clock_set_back_or_forth_is_not_a_restore(sent):
    for moment in (DUE, NIGHT, DUE + timedelta(days=400), DUE):
        restored.look(moment)

    assert not pause.is_paused()


def test_another_database_beside_the_same_redis_is_not_a_restore(sent):
    live_until(DUE)
    Generation.objects.all().delete()

    restored.look(LATER)

    assert not pause.is_paused()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"database": "x"}', "null"])
def test_a_memory_that_cannot_be_read_is_none(sent, text):
    restored.look(DUE)
    database = generation().database
    cache.clear()
    (Path(memory.settings.MEDIA_ROOT) / memory.FILE).write_text(text)

    assert memory.recall(database) is None


def test_a_folder_that_cannot_be_written_does_not_keep_redis_from_remembering(
    sent, settings, tmp_path
):
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "file"

    restored.look(DUE)

    assert memory.recall(generation().database) == Memory(1, DUE)


def test_redis_away_does_not_keep_the_file_from_remembering(sent, settings, tmp_path):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    restored.look(DUE)

    noted = json.loads((tmp_path / memory.FILE).read_text())
    assert (noted["number"], memory.recall(generation().database).number) == (1, 1)


def test_the_command_does_the_same_where_nothing_was_remembered(sent, capsys):
    now = timezone.now()
    gone = make_message(due_at=now - timedelta(hours=1), expires_at=now + timedelta(hours=1))
    coming = make_message(due_at=now + timedelta(hours=1), expires_at=now + timedelta(hours=2))

    call_command("after_restore")

    assert pause.is_paused()
    assert state(gone) == (Status.UNKNOWN, Reason.RESTORED)
    assert state(coming) == (Status.PLANNED, "")
    assert "1 messages may have gone already" in capsys.readouterr().out


def test_the_command_takes_the_moment_until_which_was_sent(sent):
    now = timezone.now()
    before, after = (
        make_message(due_at=now - timedelta(hours=hours), expires_at=now + timedelta(hours=1))
        for hours in (3, 1)
    )
    until = timezone.localtime(now - timedelta(hours=2))

    call_command("after_restore", f"--sent-until={until:%Y-%m-%d %H:%M}")

    assert [state(before)[0], state(after)[0]] == [Status.UNKNOWN, Status.PLANNED]


def test_the_command_refuses_a_moment_to_come():
    with pytest.raises(CommandError, match="still to come"):
        call_command("after_restore", "--sent-until=2099-01-01 10:00")


@pytest.fixture
def two_ways(sent, settings):
    """Have a second channel of the same medium, which cannot be asked."""
    settings.MESSAGE_CHANNELS |= {"other": f"{__name__}.SilentChannel"}


class SilentChannel(fakes.RecordingChannel):
    key = "other"
    can_look_up = False


def test_what_may_have_gone_by_a_detour_that_the_backup_does_not_know_is_left_to_a_person(two_ways):
    message, by_id = make_message(), make_user().pk
    night = live_until(DUE)
    detour = Detour.objects.create(
        channel="recording", goes_by="other", began_at=NIGHT + timedelta(hours=1), began_by_id=by_id
    )
    restored.look(DUE)
    detour.delete()
    set_back(night)

    restored.look(LATER)
    settled = look_up.resolve_unclear(at(LATER + timedelta(minutes=2)))

    assert (settled, state(message)) == (0, (Status.UNKNOWN, Reason.RESTORED))
    assert list(Message.objects.for_a_person()) == [message]
    assert message.detail
    # The detour is written down as over: whether it is still needed a person decides.
    assert list(Detour.objects.values_list("channel", "goes_by", "ended_at")) == [
        ("recording", "other", DUE)
    ]


def test_what_was_due_after_the_detour_had_ended_is_looked_up(two_ways):
    message = make_message()
    Detour.objects.create(
        channel="recording", goes_by="other", began_at=NIGHT, ended_at=DUE - timedelta(seconds=1)
    )
    set_back(live_until(DUE))

    restored.look(LATER)
    look_up.resolve_unclear(at(LATER + timedelta(minutes=2)))

    assert state(message) == (Status.PLANNED, "")


def test_a_detour_that_ended_after_the_backup_is_not_in_force_again(two_ways):
    night = live_until(DUE)
    detour = Detour.objects.create(channel="recording", goes_by="other", began_at=NIGHT)
    ended_at = DUE - timedelta(minutes=1)
    Detour.objects.update(ended_at=ended_at)
    restored.look(DUE)
    Detour.objects.update(ended_at=None)
    set_back(night)

    restored.look(LATER)

    detour.refresh_from_db()
    assert detour.ended_at == ended_at
