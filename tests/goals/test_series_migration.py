"""Indicators that named a series by its key point to its row after the migration."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE, AFTER = [("goals", "0001_initial")], [("goals", "0003_series_by_row")]


@pytest.fixture
def migrate(transactional_db):
    """Go to a state of the migrations; afterwards everything is as it was."""

    def go_to(targets):
        executor = MigrationExecutor(connection)
        executor.migrate(targets)
        return MigrationExecutor(connection).loader.project_state(targets).apps

    yield go_to
    newest = MigrationExecutor(connection)
    newest.migrate(newest.loader.graph.leaf_nodes())


def make_indicator(apps, series):
    document = apps.get_model("documents", "Document").objects.create()
    year = apps.get_model("goals", "Year").objects.create(
        year=2026 + document.pk % 70, document=document
    )
    goal = apps.get_model("goals", "Goal").objects.create(year=year, category="leads", title="Goal")
    return apps.get_model("goals", "Indicator").objects.create(
        goal=goal, name="Indicator", series=series
    )


def test_an_indicator_points_to_the_series_whose_key_it_named_and_back(migrate):
    state = [*BEFORE, ("documents", "0001_initial")]
    apps = migrate(state)
    growing = make_indicator(apps, "followers_growth")
    reported = make_indicator(apps, "")

    apps = migrate([*AFTER, ("documents", "0001_initial")])

    indicators = apps.get_model("goals", "Indicator").objects
    series = indicators.get(pk=growing.pk).series
    assert (series.key, series.kind, series.growth_of.key) == (
        "followers_growth",
        "derived",
        "followers",
    )
    assert indicators.get(pk=reported.pk).series is None

    apps = migrate(state)

    indicators = apps.get_model("goals", "Indicator").objects
    assert indicators.get(pk=growing.pk).series == "followers_growth"
    assert indicators.get(pk=reported.pk).series == ""
