"""What the first page of an engagement says."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from adoption.queries import PlanSummary, get_plan_summary
from engagements.models import Engagement
from engagements.queries import (
    EngagementHeader,
    Shown,
    get_custom_fields,
    get_engagements,
    get_next_action,
    header_of,
    seats_on,
    shown_values,
    with_seats,
)
from metrics.queries import (
    ONE_DAY,
    HealthTile,
    MeasureDetail,
    get_foremost,
    get_health_tiles,
)
from reviews.attention import Attention, attention_of, change
from reviews.queries.book import WEEKS, facts_of
from usage.queries import UseSummary, get_use_summaries

MEASURES_SHOWN = 9


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first tab of an engagement says: the reason to look, then plan, measures and use.

    The measures stand worst first; `health` is for our own side alone.
    """

    header: EngagementHeader
    attention: Attention
    plan: PlanSummary | None
    measures: tuple[MeasureDetail, ...]
    # How many there are; of many only those are shown that ask for somebody first.
    measure_count: int
    health: HealthTile | None
    use: UseSummary
    active: int
    before: int
    change: float | None
    seats: int | None
    # What the workspace keeps in fields of its own, for staff.
    own: tuple[Shown, ...] = ()


def get_overview(*, engagement_id: UUID, now: datetime, for_staff: bool) -> Overview:
    """The overview of an engagement on the day it is there. Raises Engagement.DoesNotExist."""
    engagement = with_seats(get_engagements()).get(pk=engagement_id)
    today = timezone.localdate(now, engagement.customer.zone)
    plan = get_plan_summary(engagement_id=engagement_id)
    use = _use_of(engagement, today)
    foremost = get_foremost(
        engagement_id=engagement_id,
        today=today,
        most=MEASURES_SHOWN,
        spans={engagement.customer_id: (use.first_day, use.as_of) if use.first_day else None},
    )
    standings = foremost.standings
    tiles = get_health_tiles(standings=standings, today=today) if for_staff and standings else {}
    own = {engagement.pk}
    facts = facts_of(engagement, use, own if plan else set(), own if standings else set())
    return Overview(
        header=header_of(
            engagement, today=today, next_action=get_next_action(engagement=engagement)
        ),
        attention=attention_of(facts),
        plan=plan,
        measures=foremost.details,
        measure_count=len(standings),
        health=tiles.get(engagement.pk),
        use=use,
        active=facts.active_now,
        before=facts.active_before,
        change=change(facts),
        seats=seats_on(engagement, use.as_of),
        own=shown_values(get_custom_fields(kind="engagement"), engagement.custom),
    )


def _use_of(engagement: Engagement, today: date) -> UseSummary:
    found = get_use_summaries(weeks=WEEKS, customer_id=engagement.customer_id)
    return found.get(engagement.customer_id) or UseSummary.none(today - ONE_DAY, WEEKS)
