"""What a results page tells of an intake, part by part."""

import pytest

from results import page
from results.facts.content import value_of
from tests.results.making import NOW, make_finished_intake

pytestmark = pytest.mark.django_db


def test_activities_are_counted_by_what_became_of_them():
    content = page.read(make_finished_intake(), NOW)

    def total(column):
        return value_of(content, "activities", "total", column)

    assert (total("planned"), total("done"), total("cancelled"), total("moved")) == (2, 1, 1, 1)


def test_what_did_not_go_as_planned_is_named_with_its_reason():
    content = page.read(make_finished_intake(), NOW)

    exceptions = next(each for each in content["tables"] if each["key"] == "exceptions")

    told = {row["label"]["en"]: row["values"]["reason"] for row in exceptions["rows"]}
    assert told["Conference"] == "Too few speakers."
    assert len(told) == 2
