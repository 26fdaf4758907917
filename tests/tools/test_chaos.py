"""What a run under fire is drawn from, and how it is judged (the runs: tests/test_chaos.py)."""

import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from integrations.bitrix24.sandbox.faults import Fault
from tools.chaos.report import line, table
from tools.chaos.scenario import (
    BITRIX24,
    KINDS_OF_FAULTS,
    LEASE_SECONDS,
    TARGETS,
    WORKERS,
    Kill,
    Scenario,
)
from tools.chaos.verdict import Verdict, expected, judge, judge_cancelled

DUE = datetime(2026, 3, 11, 15, 45, tzinfo=UTC)


def sent(medium, address, subject="", text="We begin."):
    return {"kind": medium, "address": address, "subject": subject, "text": text}


def drawn(seed, database="sqlite", route=""):
    return Scenario.drawn(seed, database, 200, route)


def test_a_seed_is_one_scenario_on_each_database():
    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)
    assert drawn(7).kills != drawn(7, "postgresql").kills


def test_a_scenario_survives_the_way_to_its_process():
    assert Scenario.from_fields(json.loads(json.dumps(drawn(7).as_fields()))) == drawn(7)


def test_fifty_runs_kill_everything_and_meet_every_kind_of_fault_on_both_databases():
    for first, database in ((2, "sqlite"), (1, "postgresql")):
        runs = [drawn(seed, database) for seed in range(first, 51, 2)]

        assert {kill.target for run in runs for kill in run.kills} == set(TARGETS)
        assert {run.faults for run in runs if run.route == BITRIX24} == set(KINDS_OF_FAULTS)
        assert {run.is_doubled for run in runs} == {True, False}
        assert any(run.visitors for run in runs)


def test_on_both_databases_workers_stand_still_longer_than_their_lease_and_events_are_cancelled():
    for first, database in ((2, "sqlite"), (1, "postgresql")):
        runs = [drawn(seed, database) for seed in range(first, 51, 2)]
        freezes = [freeze for run in runs for freeze in run.freezes]
        cancelled = [run for run in runs if run.cancelled_at is not None]

        assert {freeze.target for freeze in freezes} == set(WORKERS)
        assert min(freeze.seconds for freeze in freezes) > LEASE_SECONDS
        assert cancelled
        assert not any(run.visitors for run in cancelled)


def test_a_seed_still_kills_what_it_killed_before_there_were_freezes():
    assert drawn(16).kills[:2] == (Kill("worker1", 3.3, 3.6), Kill("redis", 5.6, 2.9))


@pytest.mark.parametrize("seed", range(20))
def test_the_sandbox_understands_every_fault(seed):
    for spec in drawn(seed).fault_specs():
        assert Fault.from_spec(spec).probability > 0


def test_everybody_gets_the_reminder_and_who_registers_also_a_confirmation_or_join_now():
    before, after = DUE - timedelta(minutes=1), DUE + timedelta(minutes=1)

    letters = expected(
        [
            ("list@example.org", "+37120000001", before, False),
            ("early@example.org", "+37120000002", before, True),
            ("late@example.org", "+37120000003", after, True),
        ],
        DUE,
    )

    assert letters == {
        ("email", "list@example.org"): 1,
        ("sms", "+37120000001"): 1,
        ("email", "early@example.org"): 2,
        ("sms", "+37120000002"): 1,
        ("email", "late@example.org"): 1,
        ("sms", "+37120000003"): 1,
    }


WANTED = Counter({("email", "a@example.org"): 2, ("sms", "+37120000001"): 1})
RIGHT = [
    sent("email", "a@example.org", "You are registered"),
    sent("email", "a@example.org", "We begin"),
    sent("sms", "+37120000001"),
]


def test_everybody_once_is_good():
    verdict = judge(WANTED, RIGHT)

    assert verdict.is_good
    assert verdict.messages == 3


def test_the_same_words_twice_are_a_double_and_make_up_for_nobody():
    verdict = judge(WANTED, [*RIGHT[1:], RIGHT[1]])

    assert (verdict.doubled, verdict.missing) == (1, 1)
    assert not verdict.is_good


def test_other_words_to_somebody_who_has_had_all_are_too_much():
    verdict = judge(WANTED, [*RIGHT, sent("sms", "+37120000001", text="Join now.")])

    assert (verdict.doubled, verdict.missing, verdict.surplus) == (0, 0, 1)
    assert not verdict.is_good


def notice(medium, address):
    return sent(medium, address, "Atcelts: Event" if medium == "email" else "", "Atcelts: Event")


PEOPLE = [("email", "a@example.org"), ("sms", "+37120000001")]


def test_after_a_cancellation_everybody_has_a_notice_and_whoever_was_first_the_reminder():
    notices = [notice(*letter) for letter in PEOPLE]

    verdict = judge_cancelled(PEOPLE, [*notices, sent("sms", "+37120000001")])

    assert verdict.is_good
    assert (verdict.is_cancelled, verdict.messages) == (True, 3)


def test_after_a_cancellation_a_missing_notice_a_second_one_and_a_second_reminder_are_bad():
    reminder = sent("sms", "+37120000001")

    missing = judge_cancelled(PEOPLE, [notice(*PEOPLE[0]), reminder])
    doubled = judge_cancelled(PEOPLE, [notice(*each) for each in (*PEOPLE, PEOPLE[0])])
    again = judge_cancelled(PEOPLE, [*(notice(*each) for each in PEOPLE), reminder, reminder])

    assert (missing.missing, missing.is_good) == (1, False)
    assert (doubled.doubled, doubled.is_good) == (1, False)
    assert (again.doubled, again.is_good) == (1, False)


@pytest.mark.parametrize("trouble", [{"stuck": {"unknown": 1}}, {"lost": 1}, {"not_begun": 1}])
def test_a_stuck_message_a_lost_registration_or_a_needless_question_is_bad(trouble):
    assert not Verdict(**trouble).is_good


def test_the_line_and_the_table_say_what_went_wrong_and_how_to_make_it_again():
    good, bad, by_smtp = drawn(2), drawn(4), drawn(6)
    verdict = Verdict(messages=399, missing=1, stuck={"unknown": 2}, kills={"redis": 3})
    left = Verdict(undecided={"taken": 2, "begun": 1})
    verdict = Verdict(**json.loads(json.dumps(asdict(verdict))))

    runs = [(good, Verdict(messages=400, kills={"redis": 1})), (bad, verdict), (by_smtp, left)]
    text = table(runs)

    assert "BAD 399 messages; 0 doubled, 1 missing, 2 stuck" in line(bad, verdict)
    assert "2, 1 of them good" in text
    assert "4 redis" in text
    assert "make chaos RUNS=1 SEED=4 DATABASES=sqlite BY=bitrix24_email" in text
    assert "ok  0 messages" in line(by_smtp, left)
    assert "left to a person: 2 taken, 1 begun" in line(by_smtp, left)
    assert "sqlite, e-mail by smtp" in text


def test_a_run_that_could_not_be_made_is_not_a_good_one():
    assert "NOT MADE" in line(drawn(4), None)
    assert "1, 0 of them good" in table([(drawn(4), None)])
