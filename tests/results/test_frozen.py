"""What was frozen by an earlier version of the application, read by this one."""

import io
import json
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from goals.models import Series
from plans.models import Activity, Intake
from results import page, report
from results.comparison import compare
from results.facts import activities
from results.facts.content import table_of
from results.facts.forms_of_content import FORMAT, in_form_of_today
from tests.factories import make_indicator
from tests.plans.making import make_activity
from tests.results.making import NOW, make_finished_intake

FROZEN = sorted(Path(__file__).parent.glob("frozen_form_*.json"))


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


@pytest.fixture(params=FROZEN, ids=lambda path: path.stem)
def frozen(request):
    """Content as each form of it was written into the database; these files never change."""
    return in_form_of_today(json.loads(request.param.read_text()))


def test_there_is_one_of_every_form():
    assert [path.stem for path in FROZEN] == [
        f"frozen_form_{number + 1}" for number in range(FORMAT)
    ]


def test_every_form_is_drawn_with_the_same_words(frozen):
    drawn = page.draw(frozen)

    assert [line.text for line in drawn.lines] == [
        "0 of 1 indicator reached its target.",
        "340, expected were 40.",
        "1 of 2 planned took place; cancelled: 1, moved: 1.",
        "180.00\xa0€ spent of 200.00\xa0€ planned. A lead cost 0.53\xa0€.",
        "33.3\xa0% of the tasks were done on time.",
    ]
    [row] = drawn.goals.rows
    assert [cell.words for cell in row.cells] == ["600", "340", "57\xa0%", "900", "340"]
    assert row.light.label == "missed"


def test_every_form_comes_as_files(frozen):
    intake = Intake(
        year=2026, season="spring", begins_on=date(2026, 1, 12), ends_on=date(2026, 6, 30)
    )
    told = report.Report(
        intake=intake,
        page=page.draw(frozen),
        review=None,
        snapshot=None,
        confirmations=(),
        notes=(),
        decisions=(),
        people=[],
    )

    sheets = load_workbook(io.BytesIO(report.workbook(told, at=NOW))).sheetnames

    assert {"Targets and what was reached", "Money"} <= set(sheets)
    assert report.pdf(told, at=NOW).startswith(b"%PDF-")


def test_no_form_has_changed_since_itself(frozen):
    assert compare(frozen, frozen).changes == []


@pytest.fixture
def content(db):
    intake = make_finished_intake()
    make_indicator(series=Series.objects.get(key="new_leads"))
    return page.read(intake, NOW)


def changes(frozen, now):
    return [(each.label, each.before, each.after) for each in compare(frozen, now).changes]


def test_a_word_that_is_called_otherwise_is_no_change(content, monkeypatch):
    monkeypatch.setitem(activities.WORDS, "cancelled", "Called off")
    intake = Activity.objects.first().intake

    now = page.read(intake, NOW)

    assert table_of(now, "exceptions") != table_of(content, "exceptions")
    assert changes(content, now) == []


def test_another_outcome_is_a_change(content):
    Activity.objects.filter(state="cancelled").update(state="planned", reason="")

    now = page.read(Activity.objects.first().intake, NOW)

    assert ("Conference: What became of it", "Cancelled", "Past, nothing said") in changes(
        content, now
    )


def test_a_column_that_was_added_or_taken_out_is_no_change(content):
    earlier = deepcopy(content)
    money = table_of(earlier, "money")
    money["columns"] = [each for each in money["columns"] if each["key"] != "spent"]
    tasks = table_of(earlier, "tasks")
    tasks["columns"].append({**tasks["columns"][0], "key": "gone"})
    for row in tasks["rows"]:
        row["values"]["gone"] = 5

    assert changes(earlier, content) == []


def test_digits_that_nobody_reads_are_no_change(content):
    earlier = deepcopy(content)
    [row] = table_of(earlier, "goals")["rows"]
    row["values"]["year_target"] = "200.001"

    assert changes(earlier, content) == []


def test_an_indicator_stays_the_same_when_a_second_one_is_read_from_its_series(content):
    make_indicator(series=Series.objects.get(key="new_leads"), name_en="Leads of the fair")

    now = page.read(Activity.objects.first().intake, NOW)

    assert {label for label, _before, _after in changes(content, now)} == {
        "Leads of the fair: Target of the year"
    }


ACTIVITIES, TASKS = "Activities of the plan", "Tasks of the team"
MONEY, FUNNEL = "Money", "From registration to enrolment"


@pytest.mark.parametrize(
    ("form", "untold"),
    [
        (1, [ACTIVITIES, TASKS, MONEY, FUNNEL]),
        (2, [ACTIVITIES, MONEY]),
        (FORMAT, []),
    ],
)
def test_what_is_counted_by_another_rule_since_is_no_change(content, form, untold):
    earlier = deepcopy({**content, "format": form})
    parts = ["activities", "tasks", "money", "funnels", "reminders"]
    for values in (table_of(earlier, part)["rows"][0]["values"] for part in parts):
        values[next(iter(values))] = 99

    found = compare(earlier, content)

    assert found.untold == untold
    every = [ACTIVITIES, TASKS, MONEY, FUNNEL, "Messages to participants"]
    assert [each.part for each in found.changes] == [part for part in every if part not in untold]


def test_what_there_was_nothing_of_is_a_change(content):
    make_activity(Activity.objects.first().intake)

    now = page.read(Activity.objects.first().intake, NOW)

    assert ("Free webinar: Planned", "–", "1") in changes(content, now)
