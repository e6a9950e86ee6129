"""What needs somebody: the inbox of alerts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from metrics.models import Alert

OPEN, SNOOZED, RESOLVED = "open", "snoozed", "resolved"
STATES = (OPEN, SNOOZED, RESOLVED)


@dataclass(frozen=True, slots=True)
class AlertFilters:
    """What of the alerts is asked for; empty means all."""

    state: str = OPEN
    kind: str = ""
    mine: UUID | None = None
    engagement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert as the inbox shows it. `url` is below the workspace's own address."""

    id: UUID
    kind: str
    kind_label: str
    weight: str
    reason: str
    url: str
    customer: str
    customer_id: UUID
    engagement_id: UUID
    engagement: str
    measure_id: UUID | None
    owner: str
    owner_id: UUID | None
    opened_date: date
    snoozed_until: date | None
    resolved_at: datetime | None
    resolved_by: str
    resolution: str
    by_hand: bool


def get_alerts(*, filters: AlertFilters, today: date) -> QuerySet[Alert]:
    """By customer, what asks for most in front; `today` tells what still sleeps."""
    people = ("owner", "resolved_by", "customer", "engagement")
    rows = Alert.objects.filter(_in_state(filters.state, today)).select_related(*people)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.mine:
        rows = rows.filter(Q(owner_id=filters.mine) | Q(owner=None, engagement__csm=filters.mine))
    if filters.engagement_id:
        rows = rows.filter(engagement_id=filters.engagement_id)
    if filters.state == RESOLVED:
        return rows.order_by("-resolved_at", "-id")
    return rows.order_by("customer__name", "customer_id", "weight", "opened_date", "id")


def _in_state(state: str, today: date) -> Q:
    sleeping = Q(resolved_at=None, snoozed_until__gt=today)
    if state == RESOLVED:
        return Q(resolved_at__isnull=False)
    if state == SNOOZED:
        return sleeping
    return Q(resolved_at=None) & (Q(snoozed_until=None) | Q(snoozed_until__lte=today))


def get_alert_counts(*, today: date) -> Mapping[str, int]:
    """How many alerts there are in each state."""
    counts = Alert.objects.aggregate(
        **{state: Count("id", filter=_in_state(state, today)) for state in STATES}
    )
    return {state: counts[state] for state in STATES}


def alert_row(row: Alert) -> AlertRow:
    return AlertRow(
        id=row.pk,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        weight=row.weight,
        reason=row.reason,
        url=row.url,
        customer=row.customer.name,
        customer_id=row.customer_id,
        engagement_id=row.engagement_id,
        engagement=row.engagement.name,
        measure_id=row.measure_id,
        owner=str(row.owner or ""),
        owner_id=row.owner_id,
        opened_date=row.opened_date,
        snoozed_until=row.snoozed_until,
        resolved_at=row.resolved_at,
        resolved_by=str(row.resolved_by or ""),
        resolution=row.resolution,
        by_hand=row.by_hand,
    )
