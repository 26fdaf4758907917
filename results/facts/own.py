"""What of an intake's results is one person's: indicators, activities and tasks that are theirs."""

from dataclasses import replace

from django.db.models import Q

from accounts.models import Role, User
from goals.models import Indicator
from plans.models import Activity
from results.facts import activities, indicators, tasks
from results.facts.scope import Scope
from results.facts.table import Table


def read(scope: Scope, user: User) -> list[Table]:
    """Give the tables of the results page with the rows that are the person's only.

    Heads of unit have the activities of their unit, whoever owns them.
    """
    of_person = Q(owner=user)
    if user.has_role(Role.UNIT_HEAD) and user.unit_id:
        of_person |= Q(unit=user.unit_id)
    own = Activity.objects.filter(of_person, intake=scope.intake)
    return [
        indicators.read_of(scope, _indicators(scope, user)),
        *activities.read(scope, own),
        _tasks(scope, user),
    ]


def _indicators(scope: Scope, user: User) -> list[Indicator]:
    of_year = Indicator.objects.filter(goal__year__year=scope.intake.year)
    return list(indicators.with_series(of_year.filter(Q(owner=user) | Q(goal__owner=user))))


def _tasks(scope: Scope, user: User) -> Table:
    table = tasks.read(scope)
    mine = [row for row in table.rows if row.key == str(user.pk)]
    return replace(table, rows=mine, total=None)
