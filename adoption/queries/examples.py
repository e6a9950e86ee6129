"""Plans that another one may begin with."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from adoption.models import Plan, WorkPackage

MOST_PLANS = 200


@dataclass(frozen=True, slots=True)
class PlanToCopy:
    """A plan of another engagement; `packages` are its rows without summaries."""

    id: UUID
    customer: str
    engagement: str
    packages: int
    finish: datetime


def get_plans_to_copy(*, engagement_id: UUID) -> tuple[PlanToCopy, ...]:
    """Plans of other engagements the asker sees, by customer; the latest where there are many."""
    rows = Plan.objects.exclude(engagement=engagement_id).filter(engagement__archived_at=None)
    rows = rows.select_related("customer", "engagement").order_by("-imported_at")[:MOST_PLANS]
    plans = list(rows)
    counted = dict(
        WorkPackage.objects.filter(plan__in=[row.pk for row in plans], is_summary=False)
        .order_by()
        .values_list("plan")
        .annotate(n=Count("id"))
    )
    found = [
        PlanToCopy(
            row.pk, row.customer.name, row.engagement.name, counted.get(row.pk, 0), row.finish
        )
        for row in plans
    ]
    return tuple(sorted(found, key=lambda one: (one.customer.casefold(), one.engagement)))
