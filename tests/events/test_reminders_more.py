"""Reminders where things happen at once, twice, in between or in an odd order."""

from datetime import timedelta

import pytest

from events import attendance, calendar_file, changes, ledger, registration, reminders
from events.models import Event, Registration, ReminderDispatch, ReminderRule
from events.models.looks import AT_ONCE
from events.move_impact import impact_of_move
from outbox import decisions, delivery, health
from outbox.decisions import DecisionRefusedError
from outbox.models import Message, Reason, Status
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_offer,
    make_registration,
    make_user,
    riga,
)

pytestmark = pytest.mark.django_db

BEFORE = START - timedelta(minutes=15)


@pytest.fixture(autouse=True)
def rules():
    arm_rules()


def run(now):
    reminders.queue_due(now)
    delivery.send_due("recording", lambda: now)


def use(settings, channel):
    settings.MESSAGE_CHANNELS = {"recording": f"tests.fakes.{channel}"}


def move(event, start, now):
    changes.move(event, start, start + timedelta(hours=1), by_id=make_user().pk, now=now)


def cancel(event, now):
    changes.cancel(event, "The presenter is ill.", by_id=make_user().pk, now=now)


def row(key, medium="email"):
    return Message.objects.get(dispatch__reminder__rule__key=key, medium=medium)


def sent_by(key):
    return [
        message.medium
        for message in Message.objects.filter(
            dispatch__reminder__rule__key=key, status=Status.HANDED_OVER
        ).order_by("medium")
    ]


def register_again(registered, now):
    person = registration.Person(email=registered.participant.email)
    origin = registration.Origin(Registration.Source.PUBLIC_PAGE)
    return registration.register(registered.event, person, origin, now).registration


# Changes while a look is going on ---------------------------------------------------------------


def in_the_middle(monkeypatch, change):
    """Let something happen while the plan of an event is being carried out."""
    original, happened = reminders._queue_rule, []

    def queue_rule(*args, **kwargs):
        if not happened:
            happened.append(True)
            change()
        return original(*args, **kwargs)

    monkeypatch.setattr(reminders, "_queue_rule", queue_rule)


def test_a_move_during_a_look_is_seen_by_the_next_tick(sent, monkeypatch):
    event = make_event()
    make_registration(event)
    later = START + timedelta(days=1)
    moment = START - timedelta(hours=3)
    in_the_middle(monkeypatch, lambda: move(Event.objects.get(), later, moment))

    reminders.queue_due(moment)

    assert Event.objects.get().look_at == AT_ONCE


def test_a_look_that_read_the_event_before_a_change_makes_no_occasion_of_the_old_time(sent):
    make_registration()
    read_before = Event.objects.get()
    move(Event.objects.get(), START + timedelta(minutes=2), BEFORE)

    reminders.look(read_before, BEFORE)
    moments = list(ReminderDispatch.objects.values_list("moment", flat=True))
    for minutes in (0, 2):
        run(BEFORE + timedelta(minutes=minutes))

    assert moments == []
    assert sent_by("before_15") == ["email", "sms"]


def test_a_look_that_read_the_event_before_its_cancellation_writes_nothing(sent):
    make_registration()
    read_before = Event.objects.get()
    cancel(Event.objects.get(), BEFORE)

    reminders.look(read_before, BEFORE)
    written = Message.objects.count()
    run(BEFORE)

    assert written == 0
    assert sent_by("cancelled") == ["email", "sms"]


def test_who_registers_during_a_look_is_seen_by_the_next_tick(sent, monkeypatch):
    event = make_event()
    make_registration(event)
    run(START - timedelta(minutes=14))
    moment = START - timedelta(minutes=5)
    Event.objects.update(look_at=moment)
    person = registration.Person(email="new@example.org", phone="+37120000077")
    origin = registration.Origin(Registration.Source.PUBLIC_PAGE)
    with monkeypatch.context() as patched:
        original = reminders.next_look

        def next_look(*args):
            registration.register(event, person, origin, moment)
            return original(*args)

        patched.setattr(reminders, "next_look", next_look)
        reminders.queue_due(moment)

    run(moment + timedelta(seconds=1))

    assert sent_by("join_now") == ["email", "sms"]


def test_who_registered_before_a_rule_was_due_and_is_stored_after_its_look_gets_it_at_once(sent):
    """A list of hundreds is one transaction, and each registration has the moment it began."""
    event = make_event()
    make_registration(event)
    run(BEFORE)
    person = registration.Person(email="new@example.org", phone="+37120000077")

    registration.register(event, person, registration.Origin("list"), BEFORE - timedelta(seconds=1))
    run(BEFORE + timedelta(minutes=5))

    assert sent_by("before_15") == ["email", "email", "sms", "sms"]


def test_an_event_whose_plan_breaks_does_not_keep_the_others_from_theirs(sent, monkeypatch):
    broken, sound = make_event(title="Broken"), make_event(title="Sound")
    make_registration(broken)
    make_registration(sound)
    original = reminders._queue_rule

    def queue_rule(event, rule, *args, **kwargs):
        if event == broken and rule.key == "confirmation":
            raise ArithmeticError
        return original(event, rule, *args, **kwargs)

    monkeypatch.setattr(reminders, "_queue_rule", queue_rule)

    run(BEFORE)

    assert len(sent) == 4
    assert set(Message.objects.values_list("dispatch__reminder__event__title", flat=True)) == {
        "Broken",
        "Sound",
    }
    assert Event.objects.get(pk=broken.pk).look_at == AT_ONCE


def fail_for(monkeypatch, module, name, is_broken):
    """Let a function fail for what `is_broken` says of its arguments."""
    original = getattr(module, name)

    def failing(*args):
        if is_broken(*args):
            raise ArithmeticError
        return original(*args)

    monkeypatch.setattr(module, name, failing)


def test_a_fault_with_one_person_does_not_keep_those_behind_from_their_reminder(sent, monkeypatch):
    event = make_event()
    broken, sound = make_registration(event), make_registration(event)
    with monkeypatch.context() as patched:
        fail_for(patched, ledger, "decide", lambda rule, event, each, *_rest: each == broken)
        run(BEFORE)
    failed = Message.objects.filter(status=Status.FAILED)
    told = set(failed.values_list("participant", "reason"))

    reminders.reconcile(BEFORE + timedelta(minutes=5))
    delivery.send_due("recording", lambda: BEFORE + timedelta(minutes=5))

    assert told == {(broken.participant_id, Reason.PROGRAM_FAULT)}
    assert sorted(address for address, _text in sent) == sorted(
        address
        for person in (broken.participant, sound.participant)
        for address in (person.email, person.phone)
    )


def test_what_a_fault_left_half_written_is_not_sent_by_hand_and_is_written_whole_later(
    sent, monkeypatch
):
    event = make_event()
    make_registration(event, registered_at=BEFORE, is_confirmed=True)
    with monkeypatch.context() as patched:
        fail_for(patched, calendar_file, "for_registration", lambda *_all: True)
        run(BEFORE)
    half = Message.objects.get(medium="email", dispatch__reminder__rule__key="confirmation")

    with pytest.raises(DecisionRefusedError):
        decisions.retry(half, by_id=make_user().pk, at=BEFORE)
    reminders.reconcile(BEFORE + timedelta(minutes=5))

    assert (half.status, half.reason) == (Status.FAILED, Reason.PROGRAM_FAULT)
    assert (half.subject, half.body, half.attachment, half.unsubscribe_url) == ("", "", "", "")
    half.refresh_from_db()
    assert half.status == Status.PLANNED
    assert half.body
    assert "BEGIN:VCALENDAR" in half.attachment


def test_an_event_that_cannot_be_asked_again_does_not_hold_up_the_batch(sent, monkeypatch):
    broken, sound = make_event(title="Broken"), make_event(title="Sound")
    make_registration(broken)
    its_own = make_registration(sound).participant
    reminders.queue_due(BEFORE)
    with monkeypatch.context() as patched:
        fail_for(patched, reminders, "decide", lambda rule, event, *_rest: event == broken)
        delivery.send_due("recording", lambda: BEFORE)
    at_first = {address for address, _text in sent}

    delivery.send_due("recording", lambda: BEFORE + reminders.ASK_AGAIN)

    assert at_first == {its_own.email, its_own.phone}
    assert len(sent) == 4


def test_reconciling_looks_at_the_events_around_and_gives_the_missing_rows(sent):
    event = make_event()
    make_registration(event)
    reminders.queue_due(BEFORE)
    Message.objects.filter(medium="sms").delete()

    looked_at = reminders.reconcile(BEFORE + timedelta(minutes=1))
    delivery.send_due("recording", lambda: BEFORE + timedelta(minutes=1))

    assert looked_at == 1
    assert sent_by("before_15") == ["email", "sms"]


# Rows that were tried without success, and then something changed --------------------------------


def test_what_was_tried_in_vain_comes_back_when_the_event_moves_away_and_back(sent, settings):
    use(settings, "BusyChannel")
    event = make_event()
    make_registration(event)
    run(BEFORE)
    move(event, START + timedelta(hours=1), BEFORE + timedelta(minutes=1))
    withdrawn = row("before_15").status, row("before_15").reason
    use(settings, "RecordingChannel")

    move(Event.objects.get(), START, BEFORE + timedelta(minutes=2))
    run(BEFORE + timedelta(minutes=2))

    assert withdrawn == (Status.SKIPPED, Reason.MOVED)
    assert sent_by("before_15") == ["email", "sms"]


def test_a_waiting_confirmation_that_was_tried_takes_the_new_time(sent, settings):
    use(settings, "BusyChannel")
    event = make_event()
    make_registration(event, is_confirmed=True)
    moment = START - timedelta(days=7)
    run(moment)
    later = START + timedelta(hours=1)
    move(event, later, moment + timedelta(seconds=2))
    reminders.queue_due(moment + timedelta(seconds=3))
    waiting = row("confirmation")

    assert "19:00" in waiting.body
    assert waiting.about_at == later
    assert waiting.not_before == moment + timedelta(seconds=5)


def test_what_a_person_called_not_needed_stays_so(sent):
    event = make_event()
    make_registration(event)
    reminders.queue_due(BEFORE)
    head = make_user()
    for message in Message.objects.all():
        decisions.settle_as_not_needed(message, by_id=head.pk, at=BEFORE)

    reminders.reconcile(BEFORE + timedelta(minutes=1))
    delivery.send_due("recording", lambda: BEFORE + timedelta(minutes=1))

    assert sent == []
    assert set(Message.objects.values_list("reason", flat=True)) == {Reason.NOT_NEEDED}


def test_who_cancels_before_the_confirmation_went_and_registers_again_is_confirmed_once(sent):
    event = make_event()
    registered = make_registration(event, is_confirmed=True)
    moment = START - timedelta(days=7)
    reminders.queue_due(moment)
    registration.cancel(registered, moment)

    register_again(registered, moment + timedelta(minutes=1))
    reminders.reconcile(moment + timedelta(minutes=1))
    run(moment + timedelta(minutes=1))

    assert sent_by("confirmation") == ["email"]


def test_a_confirmation_of_an_earlier_registration_is_not_sent_by_a_late_retry(sent):
    event = make_event()
    registered = make_registration(event, is_confirmed=True)
    moment = START - timedelta(days=7)
    reminders.queue_due(moment)
    registration.cancel(registered, moment)
    register_again(registered, moment + timedelta(minutes=1))
    # It was in the worker's hands while the registration was cancelled, and was not executed.
    Message.objects.update(status=Status.PLANNED, reason=Reason.NONE, attempts=1)

    run(moment + timedelta(minutes=1))

    assert list(Message.objects.order_by("pk").values_list("repetition", "status")) == [
        (1, Status.SKIPPED),
        (2, Status.HANDED_OVER),
    ]


def test_a_row_whose_registration_is_gone_does_not_stop_the_others(sent):
    event = make_event()
    gone, stays = make_registration(event), make_registration(event)
    reminders.queue_due(BEFORE)
    gone.delete()

    delivery.send_due("recording", lambda: BEFORE)
    reminders.reconcile(BEFORE)

    assert {address for address, _ in sent} == {stays.participant.email, stays.participant.phone}


def test_rows_follow_to_the_channel_that_carries_email_now(sent, settings):
    settings.MESSAGE_CHANNELS = {
        "recording": "tests.fakes.RecordingChannel",
        "smtp": "tests.fakes.RecordingChannel",
    }
    settings.EMAIL_CHANNEL = "smtp"
    make_registration()
    reminders.queue_due(BEFORE)
    settings.EMAIL_CHANNEL = "recording"

    reminders.reconcile(BEFORE)

    assert row("before_15").channel == "recording"


# Moves ------------------------------------------------------------------------------------------


def test_a_reminder_that_is_past_by_the_new_time_is_left_to_the_notice(sent):
    event = make_event(kind="webinar")
    make_registration(event, is_confirmed=True)
    run(START - timedelta(days=7))
    day_before = riga(2026, 3, 10, 10)
    run(day_before)

    for minutes, shift in ((60, 30), (66, 60)):
        start = START + timedelta(minutes=shift)
        move(Event.objects.get(), start, day_before + timedelta(minutes=minutes))
        run(day_before + timedelta(minutes=minutes))
    for minutes in (75, 76, 77, 90):
        run(day_before + timedelta(minutes=minutes))

    assert sent_by("tomorrow") == ["email"]
    assert sent_by("moved") == ["email", "sms"]
    assert Message.objects.filter(reason=Reason.NOTICE_INSTEAD).count() == 2


def test_who_got_join_now_before_a_move_gets_the_notice_and_no_late_confirmation(sent):
    event = make_event()
    registered_at = START - timedelta(minutes=10)
    make_registration(event, is_confirmed=True, registered_at=registered_at)
    run(registered_at)
    told_before = sent_by("join_now")

    moved_at = START - timedelta(minutes=5)
    move(Event.objects.get(), START + timedelta(hours=1), moved_at)
    run(moved_at)
    run(moved_at + timedelta(minutes=10))

    assert told_before == ["email", "sms"]
    assert sent_by("confirmation") == []
    assert sent_by("moved") == ["email", "sms"]


@pytest.mark.parametrize("is_looked_at_first", [True, False])
def test_join_now_that_waits_when_the_event_moves_hours_later_leaves_it_to_the_confirmation(
    sent, settings, is_looked_at_first
):
    use(settings, "BusyChannel")
    registered_at = START - timedelta(minutes=10)
    make_registration(make_event(), is_confirmed=True, registered_at=registered_at)
    run(registered_at)
    use(settings, "RecordingChannel")
    moment = registered_at + timedelta(minutes=1)

    move(Event.objects.get(), START + timedelta(hours=2), moment)
    if not is_looked_at_first:
        delivery.send_due("recording", lambda: moment)
    for minutes in (0, 1, 5, 12):
        run(moment + timedelta(minutes=minutes))

    assert (sent_by("join_now"), sent_by("moved")) == ([], [])
    assert sent_by("confirmation") == ["email"]
    assert row("join_now").reason == Reason.MOVED


def test_join_now_goes_after_all_when_the_event_moves_back(sent, settings):
    use(settings, "BusyChannel")
    registered_at = START - timedelta(minutes=10)
    make_registration(make_event(), is_confirmed=False, registered_at=registered_at)
    run(registered_at)
    use(settings, "RecordingChannel")
    moment = registered_at + timedelta(minutes=1)

    move(Event.objects.get(), START + timedelta(hours=2), moment)
    run(moment)
    move(Event.objects.get(), START, moment + timedelta(minutes=2))
    for minutes in (2, 3, 14):
        run(moment + timedelta(minutes=minutes))

    assert sent_by("join_now") == ["email", "sms"]
    assert sent_by("moved") == []


def test_without_a_notice_a_reminder_that_is_past_by_the_new_time_tells_it(sent):
    event = make_event()
    make_registration(event, is_confirmed=True)
    event.rules_off.set(ReminderRule.objects.filter(key="moved"))
    run(START - timedelta(days=7))

    move(event, START + timedelta(minutes=10), START - timedelta(minutes=4))
    run(START - timedelta(minutes=4))

    assert sent_by("before_15") == ["email", "sms"]


def test_moved_so_near_that_the_day_before_is_past_only_the_later_reminder_goes(sent):
    event = make_event(kind="webinar", starts_at=START + timedelta(days=7))
    make_registration(event, registered_at=START - timedelta(days=7))

    move(event, START, START - timedelta(hours=5))
    run(START - timedelta(hours=5))
    run(BEFORE)

    assert (row("tomorrow").status, row("tomorrow").reason) == (
        Status.SKIPPED,
        Reason.PAST_BY_MOVE,
    )
    assert sent_by("before_15") == ["email", "sms"]


def test_a_shift_of_three_minutes_repeats_no_reminder(sent):
    event = make_event()
    make_registration(event)
    run(BEFORE)

    move(event, START + timedelta(minutes=3), BEFORE + timedelta(minutes=1))
    for minutes in (1, 3, 4, 13):
        run(BEFORE + timedelta(minutes=minutes))

    assert sent_by("before_15") == ["email", "sms"]
    assert sent_by("moved") == []


def test_a_shift_of_three_minutes_moves_what_has_not_gone_yet(sent, settings):
    use(settings, "BusyChannel")
    event = make_event()
    make_registration(event)
    run(BEFORE)
    use(settings, "RecordingChannel")

    move(event, START + timedelta(minutes=3), BEFORE + timedelta(minutes=1))
    run(BEFORE + timedelta(minutes=2))
    too_early = list(sent)
    run(BEFORE + timedelta(minutes=3))

    assert too_early == []
    assert sent_by("before_15") == ["email", "sms"]
    assert all("18:03" in text for _, text in sent)


def test_moved_there_and_back_in_small_steps_still_reminds_once(sent):
    event = make_event()
    make_registration(event)
    run(BEFORE)

    for minute, shift in ((1, 3), (2, 0), (3, 3)):
        start = START + timedelta(minutes=shift)
        move(Event.objects.get(), start, BEFORE + timedelta(minutes=minute))
        run(BEFORE + timedelta(minutes=minute))
    run(BEFORE + timedelta(minutes=13))

    assert sent_by("before_15") == ["email", "sms"]


def test_moved_a_little_then_far_and_back_reminds_who_was_not(sent, settings):
    use(settings, "BusyChannel")
    event = make_event()
    make_registration(event)
    run(BEFORE)
    use(settings, "RecordingChannel")

    for minute, shift in ((1, 3), (2, 60), (3, 0)):
        start = START + timedelta(minutes=shift)
        move(Event.objects.get(), start, BEFORE + timedelta(minutes=minute))
        reminders.queue_due(BEFORE + timedelta(minutes=minute))
    run(BEFORE + timedelta(minutes=4))

    assert sent_by("before_15") == ["email", "sms"]
    assert all("18:00" in text for _, text in sent)


@pytest.mark.parametrize(
    ("channel", "is_told"), [("DroppingChannel", True), ("BusyChannel", False)]
)
def test_who_may_have_been_told_hears_of_a_move_also_if_nobody_cared(
    sent, settings, channel, is_told
):
    """The reminder was unclear, or had not gone; a person called it not needed."""
    event = make_event()
    make_registration(event)
    use(settings, channel)
    run(BEFORE)
    Message.objects.update(look_up_at=None)
    by_id = make_user().pk
    for message in Message.objects.all():
        decisions.settle_as_not_needed(message, by_id=by_id, at=BEFORE)
    use(settings, "RecordingChannel")
    sent.clear()

    move(event, START + timedelta(hours=1), BEFORE + timedelta(minutes=1))
    run(BEFORE + timedelta(minutes=12))

    assert any("19:00" in text for _address, text in sent) is is_told


def test_moved_away_and_back_before_the_notice_went_tells_nobody(sent):
    event = make_event()
    make_registration(event, is_confirmed=True)
    moment = START - timedelta(days=2)
    run(START - timedelta(days=7))

    move(event, START + timedelta(hours=1), moment)
    move(Event.objects.get(), START, moment + timedelta(minutes=5))
    run(moment + timedelta(minutes=15))

    assert sent_by("moved") == []


def test_moved_away_and_back_after_the_notice_went_tells_the_first_time_again(sent):
    event = make_event()
    make_registration(event, is_confirmed=True)
    moment = START - timedelta(days=2)
    run(START - timedelta(days=7))

    move(event, START + timedelta(hours=1), moment)
    run(moment + timedelta(minutes=10))
    move(Event.objects.get(), START, moment + timedelta(minutes=30))
    run(moment + timedelta(minutes=40))

    notices = [text for _, text in sent if "Jauns laiks" in text or "citā laikā" in text]
    assert ["19:00" in text for text in notices] == [True, True, False, False]
    assert all("18:00" in text for text in notices[2:])


def test_a_move_away_just_before_the_old_start_is_announced_at_once(sent):
    event = make_event()
    make_registration(event)
    run(BEFORE)
    moment = START - timedelta(minutes=5)

    move(event, START + timedelta(days=1), moment)
    run(moment)

    assert sent_by("moved") == ["email", "sms"]


def test_an_offer_waiting_when_the_end_moves_waits_for_the_new_end(sent):
    make_offer()
    event = make_event()
    make_registration(event, person={"offers_by_email_at": START - timedelta(days=9)})
    reminders.queue_due(event.ends_at + timedelta(minutes=30))
    longer = event.ends_at + timedelta(minutes=40)
    late = event.ends_at + timedelta(minutes=31)

    changes.move(event, START, longer, by_id=make_user().pk, now=late)
    run(late)
    too_early = list(sent)
    run(longer + timedelta(minutes=30))

    assert too_early == []
    assert sent_by("offer") == ["email"]


def test_the_impact_of_a_second_move_counts_whom_the_first_notice_told(sent):
    event = make_event()
    make_registration(event, is_confirmed=True)
    moment = START - timedelta(days=2)
    run(START - timedelta(days=7))
    later = START + timedelta(hours=1)
    move(event, later, moment)
    run(moment + timedelta(minutes=10))

    back = impact_of_move(Event.objects.get(), START, moment + timedelta(minutes=20))
    same = impact_of_move(Event.objects.get(), later, moment + timedelta(minutes=20))

    assert (back.told, same.told) == (1, 0)


# Pressed twice ----------------------------------------------------------------------------------


def test_we_start_late_pressed_twice_is_said_once(sent):
    event = make_event()
    make_registration(event)
    stale = Event.objects.get()
    attendance.start_late(event, START + timedelta(minutes=8))
    run(START + timedelta(minutes=8))

    attendance.start_late(stale, START + timedelta(minutes=9))
    run(START + timedelta(minutes=9))

    assert sent_by("late_start") == ["sms"]


def test_an_event_cancelled_twice_at_once_gives_one_notice(sent):
    event = make_event()
    make_registration(event)
    stale = Event.objects.get()
    cancel(event, BEFORE)
    run(BEFORE)

    with pytest.raises(changes.ChangeRefusedError):
        cancel(stale, BEFORE + timedelta(seconds=1))
    run(BEFORE + timedelta(seconds=1))

    assert sent_by("cancelled") == ["email", "sms"]


# What people are told ---------------------------------------------------------------------------


def test_what_is_tried_again_and_again_is_still_called_overdue(sent, settings):
    use(settings, "BusyChannel")
    make_registration()
    moments = [BEFORE + timedelta(seconds=seconds) for seconds in range(0, 70, 6)]
    for moment in moments:
        run(moment)

    assert health.report(moments[-1])["overdue"] == 2


def test_a_cancellation_is_told_although_the_reminders_are_stopped(sent):
    event = make_event()
    make_registration(event)
    changes.stop_reminders(event, "The texts are being changed.", BEFORE - timedelta(days=1))

    cancel(event, BEFORE)
    run(BEFORE)

    assert sent_by("cancelled") == ["email", "sms"]
    assert sent_by("before_15") == []


# Late registrations, and the night ---------------------------------------------------------------


def test_where_the_rule_says_so_who_registers_later_gets_it_at_once_and_is_not_called_late(sent):
    ReminderRule.objects.filter(key="tomorrow").update(late="send", registered_before_minutes=0)
    event = make_event(kind="webinar")
    make_registration(event)
    run(riga(2026, 3, 10, 10))
    moment = riga(2026, 3, 11, 11)
    registration.register(
        event, registration.Person(email="late@example.org"), registration.Origin("list"), moment
    )

    run(moment + timedelta(seconds=1))

    late = Message.objects.get(dispatch__reminder__rule__key="tomorrow", address="late@example.org")
    assert late.status == Status.HANDED_OVER
    assert late.lateness == timedelta(seconds=1)


def test_who_registers_at_the_very_moment_gets_the_reminder_and_not_join_now_as_well(sent):
    make_registration(make_event(), registered_at=BEFORE)

    run(BEFORE)

    assert sent_by("before_15") == ["email", "sms"]
    assert sent_by("join_now") == []


def test_an_offer_that_comes_too_late_for_the_day_waits_for_the_morning(sent):
    event = make_event(offer=make_offer())
    make_registration(event, person={"offers_by_email_at": START})
    reminders.queue_due(event.ends_at + timedelta(minutes=30))
    night = riga(2026, 3, 11, 22)

    delivery.send_due("recording", lambda: night)
    waiting = (row("offer").status, row("offer").reason, row("offer").not_before)
    problems = health.report(night)["overdue"]
    delivery.send_due("recording", lambda: riga(2026, 3, 12, 8))

    assert waiting == (Status.PLANNED, Reason.QUIET_HOURS, riga(2026, 3, 12, 8))
    assert problems == 0
    assert (row("offer").status, row("offer").reason) == (Status.HANDED_OVER, "")
