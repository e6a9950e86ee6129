"""Budget lines with what was spent on each, one by one."""

from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from engagements.budget import Line
from engagements.models import BudgetLine, CostEntry


def get_lines() -> QuerySet[BudgetLine]:
    """Budget lines of all engagements with `spent_committed` and `spent_actual`, for `line_of`."""
    return BudgetLine.objects.select_related("engagement__customer").annotate(
        spent_committed=_spent(CostEntry.Kind.COMMITTED),
        spent_actual=_spent(CostEntry.Kind.ACTUAL),
    )


def _spent(kind: str) -> Subquery:
    costs = CostEntry.objects.filter(line_id=OuterRef("pk"), kind=kind).order_by()
    return Subquery(costs.values("line_id").annotate(total=Sum("amount")).values("total"))


def line_of(row: Any) -> Line:
    """The arithmetic of a line that `get_lines` gave."""
    return Line(
        budget=row.amount,
        committed=row.spent_committed or Decimal(0),
        actual=row.spent_actual or Decimal(0),
        done=Decimal(row.percent_done) / 100,
    )
