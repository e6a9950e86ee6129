"""What the work packages of a plan may cost and did cost, by the impact group they are for."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Sum

from adoption.models import Plan, WorkPackage


@dataclass(frozen=True, slots=True)
class GroupMoney:
    """Budgets and costs of the packages for one impact group, in the engagement's currency."""

    planned: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    packages: int = 0


def get_money_by_group(*, engagement_id: UUID) -> dict[UUID | None, GroupMoney]:
    """By the group's id, None for packages without a group. Summaries only repeat what is below."""
    live = Plan.objects.filter(engagement_id=engagement_id)
    rows = WorkPackage.objects.filter(plan__in=live, is_summary=False).order_by()
    sums = rows.values_list("impact_group_id").annotate(Sum("budget"), Sum("cost"), Count("id"))
    return {
        group_id: GroupMoney(planned or Decimal(0), spent or Decimal(0), packages)
        for group_id, planned, spent, packages in sums
    }
