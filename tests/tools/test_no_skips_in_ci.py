"""The plugin that turns skipped tests into failures is tried on a suite that skips."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITE = """
import pytest

def test_runs():
    pass

@pytest.mark.skip(reason="No browser.")
def test_is_marked():
    pass

def test_skips_itself():
    pytest.skip("No time.")

@pytest.mark.xfail(reason="Known.", strict=True)
def test_is_known_to_fail():
    raise AssertionError
"""
MODULE = 'import pytest\npytest.importorskip("no_such_module")\n'


@pytest.fixture
def outcome(tmp_path):
    """Run the suite as CI or as a developer does, and give its last line."""
    (tmp_path / "test_some.py").write_text(SUITE)
    (tmp_path / "test_whole_module.py").write_text(MODULE)

    def run(ci):
        plugins = ["-p", "tests.plugins.no_skips_in_ci", "-p", "no:django", "-p", "no:xdist"]
        options = ["-c", os.devnull, "--rootdir", tmp_path]
        result = subprocess.run(
            [sys.executable, "-m", "pytest", *plugins, *options, tmp_path],
            cwd=ROOT,
            env=os.environ | {"CI": ci},
            capture_output=True,
            text=True,
        )
        return re.sub(r" in .*s =+$|^=+ ", "", result.stdout.strip().splitlines()[-1])

    return run


def test_a_developer_may_skip(outcome):
    assert outcome("") == "1 passed, 3 skipped, 1 xfailed"


def test_ci_may_not_skip_a_module(outcome):
    assert outcome("true") == "1 error"


def test_ci_may_not_skip_a_test(outcome, tmp_path):
    (tmp_path / "test_whole_module.py").unlink()

    # One by its mark, before it begins; one in its own words.
    assert outcome("true") == "1 failed, 1 passed, 1 xfailed, 1 error"
