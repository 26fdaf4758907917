"""A few runs of `make chaos`, chosen so that everything is killed and every kind of fault comes."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tools.chaos.scenario import MIXED, ROUTES, SMTP, TARGETS, WORKERS, Scenario

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = 60
SEEDS = {"sqlite": (826, 626, 1982), "postgresql": (1378, 747, 33983)}


@pytest.mark.parametrize("database", SEEDS)
def test_the_short_runs_kill_everything_with_every_fault_and_workers_started_twice(database):
    runs = [Scenario.drawn(seed, database, PEOPLE) for seed in SEEDS[database]]

    assert {kill.target for run in runs for kill in run.kills} == set(TARGETS)
    assert MIXED in {run.faults for run in runs}
    assert {run.route for run in runs} == set(ROUTES)
    assert any(run.is_doubled for run in runs)
    assert all(run.visitors for run in runs)
    # Who has to wait for a lease to run out is not short.
    assert not any(run.freezes for run in runs)


@pytest.mark.parametrize("database", SEEDS)
def test_the_short_run_by_smtp_kills_both_workers_and_drops_letters(database):
    runs = [Scenario.drawn(seed, database, PEOPLE) for seed in SEEDS[database]]
    [by_smtp] = [run for run in runs if run.route == SMTP]

    assert set(WORKERS) <= {kill.target for kill in by_smtp.kills}
    assert by_smtp.faults == "drops"


@pytest.mark.processes
def test_23_killed_at_random_moments_nobody_is_missed_or_written_to_twice_and_nothing_is_stuck():
    database = connection.vendor
    seeds = ",".join(map(str, SEEDS[database]))
    command = [sys.executable, "-m", "tools.chaos", "--seeds", seeds]
    command += ["--databases", database, "--people", str(PEOPLE)]

    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert made.returncode == 0, made.stdout + made.stderr
