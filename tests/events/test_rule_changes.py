"""Changing a rule never mails the past by itself, and reaches what has not gone yet."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError

from events import reminders, rule_changes
from events.models import Event, ReminderRule, ReminderText
from events.models.looks import AT_ONCE
from outbox import delivery
from outbox.models import Message, Reason, Status
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_offer,
    make_participant,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
BEFORE = START - 15 * MINUTE


@pytest.fixture(autouse=True)
def rules():
    arm_rules()


def rule(key="before_15", kind="open_day"):
    return ReminderRule.objects.get(event_type=kind, key=key)


def change(rule, now, *, also_past=False, **values):
    for name, value in values.items():
        setattr(rule, name, value)
    rule.full_clean()
    return rule_changes.save_rule(rule, by=make_user(), now=now, also_past=also_past)


def run(now):
    reminders.queue_due(now)
    delivery.send_due("recording", lambda: now)


def statuses():
    return list(Message.objects.order_by("pk").values_list("medium", "status", "reason"))


def new_rule(**values):
    rule = ReminderRule(
        event_type="open_day",
        name="Pēdējais atgādinājums",
        name_en="Last call",
        purpose="service",
        is_on=False,
        **{"anchor": "start", "offset_minutes": -5, **values},
    )
    rule.full_clean(exclude=["key"])
    rule_changes.save_rule(rule, by=make_user(), now=START - timedelta(days=9))
    words = ReminderText(rule=rule, language="lv", email_subject="Drīz", email_body="{join_link}")
    rule_changes.save_text(words, by=make_user(), now=START - timedelta(days=9))
    return rule


def test_what_has_gone_does_not_go_again_however_often_the_rule_changes(sent):
    make_registration()
    run(BEFORE)
    assert len(sent) == 2

    for number, now in enumerate((BEFORE + MINUTE, BEFORE + 2 * MINUTE)):
        change(rule(), now, offset_minutes=-12 + number, also_past=True)
        run(now)
    run(START - 11 * MINUTE)

    assert len(sent) == 2


def test_a_moment_put_later_counts_also_where_the_earlier_one_was_skipped_as_too_new(sent):
    registered = make_registration()
    added = new_rule(offset_minutes=-15)
    change(added, START - 12 * MINUTE, is_on=True)
    run(START - 12 * MINUTE)
    sent.clear()

    change(added, START - 11 * MINUTE, offset_minutes=-5)
    run(START - 6 * MINUTE)
    assert sent == []
    run(START - 5 * MINUTE)

    assert [address for address, _text in sent] == [registered.participant.email]


def test_what_waits_follows_to_the_later_moment(sent):
    make_registration()
    reminders.queue_due(BEFORE)

    change(rule(), BEFORE, offset_minutes=-10)
    run(BEFORE + MINUTE)
    assert sent == []
    run(START - 10 * MINUTE)

    assert len(sent) == 2
    assert {message.due_at for message in Message.objects.all()} == {START - 10 * MINUTE}


def test_a_medium_taken_away_is_not_used_for_what_waits(sent):
    registered = make_registration()
    reminders.queue_due(BEFORE)

    change(rule(), BEFORE, by_email=False, also_past=True)
    run(BEFORE + MINUTE)

    assert [address for address, _text in sent] == [registered.participant.phone]
    assert statuses() == [
        ("sms", Status.HANDED_OVER, ""),
        ("email", Status.SKIPPED, Reason.RULE_OFF),
    ]


def test_switching_off_withdraws_what_waits_at_once(sent):
    make_registration()
    reminders.queue_due(BEFORE)

    change(rule(), BEFORE, is_on=False)

    assert {each[1:] for each in statuses()} == {(Status.SKIPPED, Reason.RULE_OFF)}
    run(BEFORE + MINUTE)
    assert sent == []


def test_a_corrected_text_reaches_what_waits_and_costs_nobody_the_reminder(sent):
    make_registration()
    reminders.queue_due(BEFORE)
    words = ReminderText.objects.get(rule=rule(), language="lv")

    words.sms_body = "Labots: {join_link}"
    words.full_clean()
    rule_changes.save_text(words, by=make_user(), now=BEFORE)
    run(BEFORE + MINUTE)

    assert len(sent) == 2
    assert sent[0][1].startswith("Labots: ")
    assert rule().armed_from < BEFORE


def test_words_corrected_in_time_save_a_message_that_could_not_be_filled_in(sent):
    make_registration(make_event(presenter=""))
    words = ReminderText.objects.get(rule=rule(), language="lv")
    ReminderText.objects.filter(pk=words.pk).update(email_body="{presenter} {join_link}")
    run(BEFORE)
    assert [each[1] for each in statuses()] == [Status.HANDED_OVER, Status.FAILED]

    words.email_body = "Ar mums: {join_link}"
    rule_changes.save_text(words, by=make_user(), now=BEFORE + MINUTE)
    run(BEFORE + MINUTE)

    assert [each[1] for each in statuses()] == [Status.HANDED_OVER, Status.HANDED_OVER]


def test_who_registered_before_a_confirmation_was_switched_on_gets_none(sent):
    confirmation = rule("confirmation")
    change(confirmation, START - timedelta(days=9), is_on=False)
    event = make_event()
    make_registration(event, is_confirmed=True)
    change(confirmation, START - timedelta(days=6), is_on=True)
    late = make_registration(event, is_confirmed=True, registered_at=START - timedelta(days=5))

    run(START - timedelta(days=5))

    assert [address for address, _text in sent] == [late.participant.email]


@pytest.mark.parametrize(
    ("values", "is_armed_anew"),
    [
        ({"name": "Cits nosaukums"}, False),
        ({"with_calendar": True}, False),
        ({"without_diacritics": False}, False),
        ({"is_on": False}, False),
        ({"offset_minutes": -20}, True),
        ({"until_minutes": 10}, True),
        ({"by_sms": False}, True),
        ({"not_to_present": False}, True),
        ({"offset_days": -1, "at_time": time(10)}, True),
    ],
)
def test_only_what_decides_when_to_whom_and_by_what_arms_a_rule_anew(values, is_armed_anew):
    changed = rule()
    for name, value in values.items():
        setattr(changed, name, value)

    assert rule_changes.needs_arming(changed) is is_armed_anew
    rule_changes.save_rule(changed, by=make_user(), now=BEFORE)
    assert (rule().armed_from == BEFORE) is is_armed_anew


def test_saving_has_the_events_to_come_looked_at_and_lets_old_ones_sleep():
    far_ahead = make_event(starts_at=START + timedelta(days=40))
    long_over = make_event(starts_at=START - timedelta(days=40))
    other_kind = make_event(kind="webinar")
    alarm = START + timedelta(days=39)
    Event.objects.update(look_at=alarm)

    change(rule(), START, offset_minutes=-20)

    looked_at = dict(Event.objects.values_list("pk", "look_at"))
    assert looked_at == {far_ahead.pk: AT_ONCE, long_over.pk: alarm, other_kind.pk: alarm}


def test_the_impact_counts_messages_by_what_would_become_of_them():
    soon, later = make_event(), make_event(starts_at=START + timedelta(days=2))
    make_registration(soon)
    make_registration(soon, person={"phone": ""})
    make_registration(soon, cancelled_at=START - timedelta(days=1))
    make_registration(later, registered_at=START - timedelta(days=1))
    make_event(starts_at=START + timedelta(days=3), kind="webinar")

    impact = rule_changes.impact_of(rule(), BEFORE)

    assert (impact.now, impact.later) == (3, 2)
    assert impact.skipped == [(str(Reason.NO_PHONE.label), 1)]
    assert [each.event for each in impact.events] == [soon, later]


def test_the_impact_leaves_out_who_has_the_message_already(sent):
    event = make_event()
    make_registration(event)
    run(BEFORE)
    make_registration(event)

    impact = rule_changes.impact_of(rule(), BEFORE + MINUTE)

    assert impact.now == 2


def test_the_impact_is_what_happens(sent):
    event = make_event(offer=make_offer())
    for number in range(3):
        make_registration(event, person={"phone": "" if number == 1 else f"+3712000000{number}"})
    make_registration(event, attendance="present")
    changed = rule("begun_10")
    changed.needs_feed = False
    now = START + 12 * MINUTE

    expected = rule_changes.impact_of(changed, now)
    change(changed, now, also_past=True)
    run(now)

    went = Message.objects.filter(dispatch__reminder__rule=changed, status=Status.HANDED_OVER)
    assert (expected.now, went.count()) == (2, 2)


def test_a_rule_switched_off_has_no_impact():
    make_registration()

    assert rule_changes.impact_of(ReminderRule(event_type="open_day", is_on=False), BEFORE).now == 0


def test_history_keeps_who_changed_what_and_when():
    head = make_user(full_name="Anna")
    changed = rule()
    changed.offset_minutes, changed.at_time, changed.offset_days = -20, time(10), -1

    rule_changes.save_rule(changed, by=head, now=BEFORE)

    (kept,) = changed.changes.all()
    assert (kept.by, kept.at, kept.also_past) == (head, BEFORE, False)
    assert kept.fields == {
        "offset_minutes": [-15, -20],
        "offset_days": [0, -1],
        "at_time": [None, "10:00"],
    }


def test_history_of_words_names_their_language():
    words = ReminderText.objects.get(rule=rule(), language="en")
    words.email_subject = "Soon"

    rule_changes.save_text(words, by=make_user(), now=BEFORE)

    (kept,) = words.rule.changes.all()
    assert (kept.language, kept.variant) == ("en", "")
    assert kept.fields == {"email_subject": ["We begin at {time}: {event}", "Soon"]}


def test_saving_what_has_not_changed_leaves_no_trace():
    assert rule_changes.save_rule(rule(), by=make_user(), now=BEFORE) is False
    assert rule().changes.count() == 0


def test_keys_of_new_rules_do_not_collide():
    assert [new_rule().key, new_rule().key] == ["last-call", "last-call-2"]


@pytest.mark.parametrize(
    ("key", "values", "field"),
    [
        ("before_15", {"by_email": False, "by_sms": False}, "by_email"),
        ("before_15", {"until_minutes": -15}, "until_minutes"),
        ("before_15", {"until_minutes": 61}, "until_minutes"),
        ("before_15", {"until": "end"}, "until_minutes"),
        ("before_15", {"until": "offer"}, "until"),
        ("before_15", {"offset_minutes": -15 * 24 * 60}, "offset_minutes"),
        ("before_15", {"offset_days": -2}, "at_time"),
        ("before_15", {"offset_days": -15, "at_time": time(10)}, "offset_days"),
        ("before_15", {"needs_feed": True}, "needs_feed"),
        ("begun_10", {"offset_minutes": 30}, "until_minutes"),
        ("begun_10", {"by_email": True}, "is_on"),
        ("confirmation", {"offset_minutes": 5}, "offset_minutes"),
        ("confirmation", {"late": "replace"}, "late"),
        ("offer", {"late": "send"}, "late"),
        ("begun_10", {"late": "send"}, "registered_before_minutes"),
        ("offer", {"until": "end", "until_minutes": 15 * 24 * 60}, "until_minutes"),
        ("offer", {"until": "end", "until_minutes": 14 * 24 * 60 + 31}, "until_minutes"),
        ("offer", {"registered_from_minutes": -15}, "registered_from_minutes"),
    ],
)
def test_a_rule_outside_its_limits_is_refused_beside_its_field(key, values, field):
    changed = rule(key)
    for name, value in values.items():
        setattr(changed, name, value)

    with pytest.raises(ValidationError) as refusal:
        changed.full_clean()

    assert list(refusal.value.message_dict) == [field]


def test_the_rules_of_a_new_installation_are_inside_their_limits():
    rules = list(ReminderRule.objects.all())

    for each in rules:
        each.full_clean()

    assert len(rules) == 16


def test_words_of_a_rule_that_is_on_cannot_be_taken_away():
    words = ReminderText.objects.get(rule=rule(), language="lv")
    words.sms_body = ""

    with pytest.raises(ValidationError) as refusal:
        words.full_clean()

    assert list(refusal.value.message_dict) == ["sms_body"]


def test_advertising_without_consent_is_counted_as_skipped():
    event = make_event(offer=make_offer())
    make_registration(event, participant=make_participant(offers_by_email_at=START))
    make_registration(event)

    impact = rule_changes.impact_of(rule("offer"), START + timedelta(hours=3))

    assert (impact.now, [count for _reason, count in impact.skipped]) == (1, [1])
