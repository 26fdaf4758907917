"""What was planned and spent, and what a lead cost."""

from django.utils.translation import gettext_lazy as _

from kpi.figures import Figure
from plans.models import Activity
from plans.models.activity import CENT
from plans.overview import CANCELLED, Money, money_of
from results.facts.scope import Scope
from results.facts.table import Column, Row, Table, Unit, Value

COLUMNS = (
    Column("planned", _("Planned"), Unit.EURO),
    Column("spent", _("Spent"), Unit.EURO),
    Column("expected_leads", _("Leads expected")),
    Column("leads", _("New leads"), Unit.FIGURE),
    Column("cost_per_lead", _("Cost per lead"), Unit.EURO),
)
LABELS = {kind.value: kind.label for kind in Activity.Kind} | {CANCELLED: _("Cancelled activities")}


def read(scope: Scope, new_leads: Figure | None) -> Table:
    """Give the sums of the plan's page, and what a lead cost.

    `new_leads` are those of the intake as step 6 measures them. Which activity a lead came of
    nobody knows, so only the total has a cost per lead. One query.
    """
    kinds, total = money_of(scope.intake)
    rows = [Row(each.kind, LABELS[each.kind], _values(each)) for each in kinds]
    leads = new_leads.value if new_leads else None
    cost = (total.spent / leads).quantize(CENT) if leads and total.spent else None
    values = _values(total) | {"leads": leads, "cost_per_lead": cost}
    extra = {"incomplete": ["leads"] if new_leads and new_leads.is_incomplete else []}
    total_row = Row("total", _("Together"), values, extra=extra)
    return Table("money", _("Money"), COLUMNS, rows, total_row)


def _values(money: Money) -> dict[str, Value]:
    return {
        "planned": money.planned,
        "spent": money.spent,
        "expected_leads": money.leads,
    }
