"""What the first page of an engagement says."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from adoption.queries import PlanSummary, get_plan_summary
from engagements.queries import (
    EngagementHeader,
    Shown,
    get_custom_fields,
    get_engagements,
    get_next_action,
    get_seats,
    header_of,
    shown_values,
)
from metrics.queries import MeasureCard, get_foremost
from reviews.attention import Attention, attention_of, change
from reviews.queries.book import WEEKS, facts_of
from usage.queries import UseSummary, get_use_summaries


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first tab of an engagement says: the reason to look, then plan, measures and use."""

    header: EngagementHeader
    attention: Attention
    plan: PlanSummary | None
    measures: tuple[MeasureCard, ...]
    # How many there are; of many only those are shown that ask for somebody first.
    measure_count: int
    use: UseSummary
    active: int
    before: int
    change: float | None
    seats: int | None
    # What the workspace keeps in fields of its own, for staff.
    own: tuple[Shown, ...] = ()


def get_overview(*, engagement_id: UUID, today: date) -> Overview:
    """The overview of an engagement. Raises Engagement.DoesNotExist."""
    engagement = get_engagements().get(pk=engagement_id)
    plan = get_plan_summary(engagement_id=engagement_id)
    use = get_use_summaries(weeks=WEEKS, customer_id=engagement.customer_id).get(
        engagement.customer_id
    ) or UseSummary.none(today - timedelta(days=1), WEEKS)
    span = (use.first_day, use.as_of) if use.first_day else None
    spans = {engagement.customer_id: span}
    foremost = get_foremost(engagement_id=engagement_id, today=today, spans=spans)
    planned = {engagement.pk} if plan else set()
    measured = {engagement.pk} if foremost.count else set()
    facts = facts_of(engagement, use, planned, measured)
    return Overview(
        header=header_of(
            engagement, today=today, next_action=get_next_action(engagement=engagement)
        ),
        attention=attention_of(facts),
        plan=plan,
        measures=foremost.cards,
        measure_count=foremost.count,
        use=use,
        active=facts.active_now,
        before=facts.active_before,
        change=change(facts),
        seats=get_seats(on=use.as_of).get(engagement.customer_id),
        own=shown_values(get_custom_fields(kind="engagement"), engagement.custom),
    )
