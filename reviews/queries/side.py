"""What somebody on the customer's side sees first: their own customer, and nothing else."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from adoption.queries import PlanStep, PlanSummary, get_next_steps, get_plan_summary
from engagements.models import Customer, Engagement
from engagements.next_action import Waiting
from engagements.queries import (
    EngagementHeader,
    get_engagements,
    get_waiting,
    header_of,
)
from metrics.queries import MeasureCard, get_foremost

STEPS, MEASURES = 5, 9


@dataclass(frozen=True, slots=True)
class SideEngagement:
    """One engagement: how far it is, the next steps of its plan, progress to the goal."""

    header: EngagementHeader
    plan: PlanSummary | None
    steps: tuple[PlanStep, ...]
    waiting: tuple[Waiting, ...]
    measures: tuple[MeasureCard, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A customer as its own people see it, the newest engagement first."""

    customer_id: UUID
    customer_name: str
    csm_name: str
    csm_email: str
    today: date
    engagements: tuple[SideEngagement, ...]


def get_side(*, customer: Customer, today: date) -> Side:
    """`today` is the day where the customer is."""
    rows = list(get_engagements(customer_id=customer.pk, current=True))
    waiting = get_waiting(engagements=rows)
    return Side(
        customer_id=customer.pk,
        customer_name=customer.name,
        csm_name=str(customer.csm) if customer.csm else "",
        csm_email=customer.csm.email if customer.csm else "",
        today=today,
        engagements=tuple(_engagement(row, waiting[row.pk], today) for row in rows),
    )


def _engagement(row: Engagement, waiting: tuple[Waiting, ...], today: date) -> SideEngagement:
    return SideEngagement(
        header=header_of(row, today=today),
        plan=get_plan_summary(engagement_id=row.pk),
        steps=get_next_steps(engagement_id=row.pk, limit=STEPS),
        waiting=tuple(one for one in waiting if one.theirs),
        measures=get_foremost(engagement_id=row.pk, today=today, most=MEASURES).cards,
    )
