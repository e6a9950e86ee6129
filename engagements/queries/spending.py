"""Budget lines with what was spent on each, one by one."""

from decimal import Decimal
from typing import Any
from uuid import UUID

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


def get_spending_by_group(*, engagement_id: UUID) -> dict[UUID, Decimal]:
    """What was paid on the lines of each impact group; lines of no group are left out."""
    paid = CostEntry.objects.filter(
        kind=CostEntry.Kind.ACTUAL, line__engagement_id=engagement_id
    ).exclude(line__impact_group=None)
    sums = paid.order_by().values("line__impact_group_id").annotate(total=Sum("amount"))
    return {row["line__impact_group_id"]: row["total"] for row in sums}
