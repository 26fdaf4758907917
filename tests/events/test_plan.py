"""The plan by itself, without a database: every reason there is, and what comes before what."""

import inspect
import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta

import pytest

from events import plan as plan_module
from events.models import Event, EventMove, Offer, Registration, ReminderRule
from events.plan import Circumstances, decide, plan
from outbox.models import Reason, Status
from people.models import Medium, Participant
from tests.factories import START, riga

MINUTE = timedelta(minutes=1)
LONG_AGO = START - timedelta(days=60)
WEEK_BEFORE = START - timedelta(days=7)
DAY_BEFORE = riga(2026, 3, 10, 10)

BEFORE = {"anchor": "start", "offset_minutes": -15, "until_minutes": 5, "late": "replace"}
TOMORROW = {
    "anchor": "start",
    "offset_days": -1,
    "at_time": time(10),
    "until_minutes": -180,
    "registered_before_minutes": 720,
}
BEGUN = {"anchor": "start", "offset_minutes": 10, "until_minutes": 25, "not_to_present": True}
AT_ONCE = {"anchor": "start", "offset_minutes": -60, "until_minutes": 5, "late": "send"}
CONFIRMATION = {"anchor": "registration", "until_minutes": 60}
JOIN_NOW = {"anchor": "registration", "until_minutes": 25, "registered_from_minutes": -15}
OFFER = {"purpose": "advertising", "anchor": "end", "offset_minutes": 30, "until": "offer"}


@dataclass
class Case:
    """One message asked about; unsaid is a reminder that goes, 15 minutes before."""

    rule: dict = field(default_factory=lambda: BEFORE)
    event: dict = field(default_factory=dict)
    person: dict = field(default_factory=dict)
    registration: dict = field(default_factory=dict)
    known: dict = field(default_factory=dict)
    medium: Medium = Medium.EMAIL
    now: object = START - 15 * MINUTE

    def decide(self):
        event = Event(
            **{
                "kind": "open_day",
                "starts_at": START,
                "ends_at": START + 90 * MINUTE,
                "offer": Offer(first_day=date(2026, 3, 9), last_day=date(2026, 3, 15)),
                **self.event,
            }
        )
        rule = ReminderRule(
            **{"pk": 1, "by_sms": True, "purpose": "service", "armed_from": LONG_AGO, **self.rule}
        )
        person = Participant(
            **{
                "pk": 7,
                "email": "anna@example.org",
                "phone": "+37120000001",
                "offers_by_email_at": LONG_AGO,
                **self.person,
            }
        )
        registration = Registration(
            event=event,
            participant=person,
            **{"registered_at": WEEK_BEFORE, **self.registration},
        )
        verdict = decide(
            rule, event, registration, self.medium, self.now, Circumstances(**self.known)
        )
        return verdict.status, verdict.reason


MOVED = {"moved_at": START - timedelta(days=1), "moved_from": START - timedelta(hours=1)}


def moves(*changes):
    """Give the changes of the start as they are kept: when, from which start, to which."""
    return tuple(
        EventMove(moved_at=at, old_starts_at=old, new_starts_at=new) for at, old, new in changes
    )


BLOCKED = {"blocked": frozenset({("email", "anna@example.org")})}
AFTER = START + 160 * MINUTE

SENT = {
    "on time": Case(),
    "by SMS": Case(medium=Medium.SMS),
    "late, still of use": Case(now=START + 4 * MINUTE),
    "the day before": Case(TOMORROW, now=riga(2026, 3, 10, 10)),
    "to who is not in": Case(BEGUN, registration={"attendance": "absent"}, now=START + 10 * MINUTE),
    "to who registered just in time": Case(registration={"registered_at": START - 15 * MINUTE}),
    "to who registers later, if the rule says so": Case(
        AT_ONCE, registration={"registered_at": START - 16 * MINUTE}, now=START - 16 * MINUTE
    ),
    "past by the new time, to who was told nothing": Case(
        event={"moved_at": START - 10 * MINUTE, "moved_from": START + 60 * MINUTE},
        known={"notice_by": frozenset({"email"})},
        now=START - 10 * MINUTE,
    ),
    "due after the notice of the new time": Case(
        TOMORROW,
        event={"moved_at": DAY_BEFORE - 11 * MINUTE, "moved_from": START + 60 * MINUTE},
        known={"told": {7: START + 60 * MINUTE}, "notice_by": frozenset({"email"})},
        now=DAY_BEFORE,
    ),
    "before a notice by another medium": Case(
        TOMORROW,
        event={"moved_at": DAY_BEFORE - 5 * MINUTE, "moved_from": START + 60 * MINUTE},
        known={"told": {7: START + 60 * MINUTE}, "notice_by": frozenset({"sms"})},
        now=DAY_BEFORE,
    ),
    "a confirmation of who registers again before the notice": Case(
        CONFIRMATION,
        event={"moved_at": DAY_BEFORE - 5 * MINUTE, "moved_from": START + 60 * MINUTE},
        registration={"registered_at": DAY_BEFORE},
        known={"told": {7: START + 60 * MINUTE}, "notice_by": frozenset({"email"})},
        now=DAY_BEFORE,
    ),
    "a confirmation": Case(CONFIRMATION, now=WEEK_BEFORE),
    "join now": Case(JOIN_NOW, registration={"registered_at": START}, now=START),
    "the offer": Case(OFFER, now=AFTER),
    "notice of a cancelled event": Case(
        {"anchor": "cancelled"}, {"cancelled_at": WEEK_BEFORE}, now=WEEK_BEFORE + 10 * MINUTE
    ),
    "notice of a move": Case(
        {"anchor": "moved"}, MOVED, known={"told": {7: START - 60 * MINUTE}}, now=WEEK_BEFORE
    ),
    "service without consent": Case(person={"offers_by_email_at": None}),
    "the other medium of a blocked one": Case(medium=Medium.SMS, known=BLOCKED),
    "what needs the feed, before it is judged": Case(
        {**BEFORE, "needs_feed": True}, known={"feed_trusted": False}, now=START
    ),
}

NOT_SENT = [
    (Reason.RULE_OFF, Case({**BEFORE, "is_on": False})),
    (Reason.RULE_OFF, Case({**BEFORE, "by_email": False})),
    (Reason.RULE_OFF, Case(known={"rules_off": frozenset({1})})),
    (Reason.EVENT_CANCELLED, Case(event={"cancelled_at": WEEK_BEFORE})),
    (Reason.REGISTRATION_CANCELLED, Case(registration={"cancelled_at": WEEK_BEFORE})),
    (Reason.PRESENT, Case(BEGUN, registration={"attendance": "present"}, now=START + 10 * MINUTE)),
    (
        Reason.LATE_START,
        Case({**BEGUN, "needs_feed": True}, {"starts_late_at": START}, now=START + 10 * MINUTE),
    ),
    (Reason.NOT_TOLD, Case({"anchor": "moved"}, MOVED, now=WEEK_BEFORE)),
    (
        Reason.TOLD_ALREADY,
        Case({"anchor": "moved"}, MOVED, known={"told": {7: START - 4 * MINUTE}}, now=WEEK_BEFORE),
    ),
    (Reason.NO_EMAIL, Case(person={"email": ""})),
    (Reason.NO_PHONE, Case(person={"phone": ""}, medium=Medium.SMS)),
    (Reason.NOT_MOBILE, Case(person={"phone": "+37167000000"}, medium=Medium.SMS)),
    (Reason.BLOCKED, Case(known=BLOCKED)),
    (Reason.NO_CONSENT, Case(OFFER, person={"offers_by_email_at": None}, now=AFTER)),
    (Reason.NO_CONSENT, Case(OFFER, medium=Medium.SMS, now=AFTER)),
    (Reason.NO_OFFER, Case(OFFER, {"offer": None}, now=AFTER)),
    (Reason.TOO_MANY, Case(OFFER, known={"had_enough": frozenset({(7, "email")})}, now=AFTER)),
    (Reason.RULE_NEWER, Case({**BEFORE, "armed_from": START - 14 * MINUTE})),
    (
        Reason.REGISTERED_LATER,
        Case(TOMORROW, registration={"registered_at": START - timedelta(hours=19)}),
    ),
    (
        Reason.NOTICE_INSTEAD,
        Case(
            event={"moved_at": START - 10 * MINUTE, "moved_from": START + 60 * MINUTE},
            known={"told": {7: START + 60 * MINUTE}, "notice_by": frozenset({"email"})},
            now=START - 10 * MINUTE,
        ),
    ),
    (
        Reason.NOTICE_INSTEAD,
        Case(
            TOMORROW,
            event={"moved_at": DAY_BEFORE - 10 * MINUTE, "moved_from": START + 60 * MINUTE},
            known={"told": {7: START + 60 * MINUTE}, "notice_by": frozenset({"email"})},
            now=DAY_BEFORE,
        ),
    ),
    (
        Reason.TOLD_ALREADY,
        Case(
            event={"moved_at": START - 20 * MINUTE, "moved_from": START + 60 * MINUTE},
            known={"told_nearly": {(7, "email", 1): START - 18 * MINUTE}},
        ),
    ),
    (
        Reason.PAST_BY_MOVE,
        Case(
            TOMORROW,
            event={"moved_at": START - 300 * MINUTE, "moved_from": START + timedelta(days=5)},
            known={"moves": moves((START - 300 * MINUTE, START + timedelta(days=5), START))},
            now=START - 300 * MINUTE,
        ),
    ),
    (Reason.MOVED, Case(JOIN_NOW, registration={"registered_at": START - 15 * MINUTE})),
    (Reason.JOIN_NOW_INSTEAD, Case(registration={"registered_at": START - 14 * MINUTE})),
    (
        Reason.JOIN_NOW_INSTEAD,
        Case(AT_ONCE, registration={"registered_at": START - 14 * MINUTE}, now=START - 14 * MINUTE),
    ),
    (Reason.JOIN_NOW_INSTEAD, Case(CONFIRMATION, registration={"registered_at": START})),
]
OTHERWISE = [
    (Status.EXPIRED, Reason.TOO_LATE, Case(now=START + 5 * MINUTE)),
    (Status.EXPIRED, Reason.TOO_LATE, Case(OFFER, now=riga(2026, 3, 15, 18))),
    (Status.HELD, Reason.STOPPED, Case(event={"reminders_stopped_at": WEEK_BEFORE})),
    (
        Status.HELD,
        Reason.FEED_NOT_TRUSTED,
        Case({**BEGUN, "needs_feed": True}, known={"feed_trusted": False}, now=START + 10 * MINUTE),
    ),
    (Status.PLANNED, Reason.QUIET_HOURS, Case(OFFER, now=riga(2026, 3, 11, 21))),
    (Status.PLANNED, Reason.QUIET_HOURS, Case(OFFER, now=riga(2026, 3, 12, 7, 59))),
]


@pytest.mark.parametrize("case", SENT.values(), ids=SENT)
def test_what_nothing_speaks_against_goes(case):
    assert case.decide() == (Status.PLANNED, Reason.NONE)


@pytest.mark.parametrize(("reason", "case"), NOT_SENT)
def test_each_reason_to_skip(reason, case):
    assert case.decide() == (Status.SKIPPED, reason)


@pytest.mark.parametrize(("status", "reason", "case"), OTHERWISE)
def test_each_reason_to_hold_to_put_off_or_to_let_expire(status, reason, case):
    assert case.decide() == (status, reason)


def test_the_tables_reach_every_reason_the_plan_names():
    named = {Reason[name] for name in re.findall(r"Reason\.([A-Z_]+)", source())}
    reached = {reason for reason, _case in NOT_SENT} | {each[1] for each in OTHERWISE}

    assert reached == named | {Reason.TOO_LATE}


def source():
    return inspect.getsource(plan_module)


@pytest.mark.parametrize(
    ("reason", "case"),
    [
        (Reason.RULE_OFF, Case({**BEFORE, "is_on": False}, person={"email": ""})),
        (Reason.NO_EMAIL, Case(person={"email": ""}, now=START + timedelta(days=1))),
        (Reason.NO_CONSENT, Case(OFFER, {"offer": None}, person={"offers_by_email_at": None})),
    ],
)
def test_the_first_reason_that_a_person_could_mend_is_given(reason, case):
    assert case.decide() == (Status.SKIPPED, reason)


def test_a_stopped_event_lets_expire_what_is_past_its_use():
    case = Case(event={"reminders_stopped_at": WEEK_BEFORE}, now=START + 5 * MINUTE)

    assert case.decide() == (Status.EXPIRED, Reason.TOO_LATE)


def test_the_plan_has_a_line_for_each_rule_person_and_medium_it_speaks_of():
    event = Event(starts_at=START, ends_at=START + 90 * MINUTE)
    rules = [
        ReminderRule(pk=1, by_sms=True, **BEFORE, armed_from=LONG_AGO),
        ReminderRule(pk=2, **JOIN_NOW, armed_from=LONG_AGO),
        ReminderRule(pk=3, anchor="moved", armed_from=LONG_AGO),
    ]
    early = Registration(participant=Participant(), registered_at=WEEK_BEFORE)
    late = Registration(participant=Participant(), registered_at=START)

    lines = list(plan(event, rules, [early, late], START, Circumstances()))

    assert [(line.rule.pk, line.registration is late, line.medium) for line in lines] == [
        (1, False, "sms"),
        (1, False, "email"),
        (1, True, "sms"),
        (1, True, "email"),
        (2, True, "email"),
    ]
    assert {line.due_at for line in lines} == {START - 15 * MINUTE, START}


@pytest.mark.parametrize(
    ("ends_at", "due_at"),
    [
        (riga(2026, 3, 11, 20, 29), riga(2026, 3, 11, 20, 59)),
        (riga(2026, 3, 11, 20, 30), riga(2026, 3, 12, 8)),
        (riga(2026, 3, 12, 7, 0), riga(2026, 3, 12, 8)),
        (riga(2026, 3, 28, 21, 0), riga(2026, 3, 29, 8)),
        (riga(2026, 10, 24, 23, 0), riga(2026, 10, 25, 8)),
    ],
)
def test_an_offer_waits_for_the_morning(ends_at, due_at):
    event = Event(starts_at=ends_at - 90 * MINUTE, ends_at=ends_at)

    assert ReminderRule(**OFFER).due_at(event) == due_at


@pytest.mark.parametrize(
    ("starts_at", "due_at"),
    [
        (riga(2026, 3, 29, 18), riga(2026, 3, 28, 10)),
        (riga(2026, 3, 30, 0, 30), riga(2026, 3, 29, 10)),
        (riga(2026, 10, 25, 18), riga(2026, 10, 24, 10)),
        (riga(2026, 10, 26, 0, 30), riga(2026, 10, 25, 10)),
    ],
)
def test_the_day_before_is_a_day_of_the_calendar_over_both_clock_changes(starts_at, due_at):
    assert ReminderRule(**TOMORROW).due_at(Event(starts_at=starts_at)) == due_at
