"""What needs somebody: the inbox of alerts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Now, TruncDate

from engagements.next_action import Kind
from engagements.queries.next_action import ASKED, Rows, columns_of
from metrics.models import Alert
from rendering.sentences import sentence_from_json
from rendering.translation import translated

OPEN, SNOOZED, RESOLVED = "open", "snoozed", "resolved"
STATES = (OPEN, SNOOZED, RESOLVED)
MINE, NOBODYS = "mine", "nobody"
WHOSE = (MINE, NOBODYS)


@dataclass(frozen=True, slots=True)
class AlertFilters:
    """What of the alerts is asked for; empty means all. `asked_by` says whose "mine" is."""

    state: str = OPEN
    kind: str = ""
    whose: str = ""
    asked_by: UUID | None = None
    engagement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert as the inbox shows it, in the language in force. `url` is below the workspace's own
    address; `parts` are what it is made of, where that is more than one thing."""

    id: UUID
    kind: str
    kind_label: str
    weight: str
    reason: str
    parts: tuple[str, ...]
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
    rows = rows.filter(_whose(filters))
    if filters.engagement_id:
        rows = rows.filter(engagement_id=filters.engagement_id)
    if filters.state == RESOLVED:
        return rows.order_by("-resolved_at", "-id")
    return rows.order_by("customer__name", "customer_id", "weight", "opened_date", "id")


def _whose(filters: AlertFilters) -> Q:
    if filters.whose == MINE:
        return Q(owner_id=filters.asked_by, owner__isnull=False)
    return Q(owner=None) if filters.whose == NOBODYS else Q()


def _in_state(state: str, today: date) -> Q:
    sleeping = Q(resolved_at=None, snoozed_until__gt=today)
    if state == RESOLVED:
        return Q(resolved_at__isnull=False)
    if state == SNOOZED:
        return sleeping
    return Q(resolved_at=None) & (Q(snoozed_until=None) | Q(snoozed_until__lte=today))


def get_alert_counts(*, filters: AlertFilters, today: date) -> Mapping[str, int]:
    """How many alerts there are in each state of those whose they are, and by whose they are in the
    state that is asked for."""
    mine, nobodys = replace(filters, whose=MINE), replace(filters, whose=NOBODYS)
    here = _in_state(filters.state, today)
    of_states = {
        state: Count("id", filter=_in_state(state, today) & _whose(filters)) for state in STATES
    }
    found: dict[str, int] = Alert.objects.aggregate(
        **of_states,
        all=Count("id", filter=here),
        mine=Count("id", filter=here & _whose(mine)),
        nobody=Count("id", filter=here & _whose(nobodys)),
    )
    return found


def alerts_of(*, user_id: UUID, today: date) -> QuerySet[Alert]:
    """Open alerts that are somebody's and do not sleep."""
    return Alert.objects.filter(_in_state(OPEN, today), owner_id=user_id)


def alert_row(row: Alert) -> AlertRow:
    return AlertRow(
        id=row.pk,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        weight=row.weight,
        reason=translated(row.reason),
        parts=_parts(row),
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


def _parts(row: Alert) -> tuple[str, ...]:
    if len(row.parts) < 2:
        return ()
    return tuple(translated(sentence_from_json(said)) for _key, said in row.parts)


def overdue_readings() -> Rows:
    """Readings that are owed, for what is to be done next on engagements; the words are how many."""
    today = TruncDate(Now())
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=today)
    owed = Alert.objects.filter(ASKED, awake, kind=Alert.Kind.READING_OVERDUE, resolved_at=None)
    how_many = Func(F("parts"), function="jsonb_array_length", output_field=IntegerField())
    return columns_of(owed, kind=Value(Kind.READING.value), words=how_many, due=F("due_date"))
