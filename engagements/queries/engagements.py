"""Reads of engagements, and the header every page of one carries."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from engagements.models import Engagement, Phase
from engagements.next_action import Waiting
from engagements.queries.next_action import get_next_action
from rendering.sparkline import elapsed


@dataclass(frozen=True, slots=True)
class Step:
    """One station of the stepper: done, now or ahead, and what there is to say about it."""

    key: str
    state: str
    starts: date | None = None
    ends: date | None = None
    # How much of it is over, in percent, in steps of 5.
    elapsed: int = 50


@dataclass(frozen=True, slots=True)
class EngagementHeader:
    """What stands at the top of every page of an engagement."""

    id: UUID
    key: str
    name: str
    customer_id: UUID
    customer_name: str
    time_zone: str
    phase: str
    phase_label: str
    steps: tuple[Step, ...]
    lead_name: str
    csm_name: str
    start_date: date | None
    go_live_date: date | None
    hypercare_end_date: date | None
    sign_off_date: date | None
    forecast_finish_date: date | None
    forecast_at: datetime | None
    # As of which day, where the customer is.
    today: date
    # What waits to be done; lists that show no next action leave it out.
    next_action: Waiting | None = None
    is_archived: bool = False

    @property
    def days_late(self) -> int | None:
        """Calendar days the forecast lies behind the agreed sign-off; negative when ahead."""
        if self.forecast_finish_date is None or self.sign_off_date is None:
            return None
        return (self.forecast_finish_date - self.sign_off_date).days


def get_engagements(
    *, customer_id: UUID | None = None, current: bool = False
) -> QuerySet[Engagement]:
    """Engagements with customer, SPL and CSM, of one customer or of all.

    `current` leaves archived ones out.
    """
    rows = Engagement.objects.select_related("customer", "lead", "csm")
    if current:
        rows = rows.filter(archived_at=None)
    return rows if customer_id is None else rows.filter(customer_id=customer_id)


def get_engagement_header(*, engagement_id: UUID, today: date) -> EngagementHeader:
    """The header of an engagement. Raises Engagement.DoesNotExist."""
    row = get_engagements().get(pk=engagement_id)
    return header_of(row, today=today, next_action=get_next_action(engagement=row))


def header_of(
    row: Engagement, *, today: date, next_action: Waiting | None = None
) -> EngagementHeader:
    return EngagementHeader(
        id=row.pk,
        key=row.key,
        name=row.name,
        customer_id=row.customer_id,
        customer_name=row.customer.name,
        time_zone=row.customer.time_zone,
        phase=row.phase,
        phase_label=str(Phase(row.phase).label),
        steps=steps_of(row, today),
        lead_name=str(row.lead) if row.lead else "",
        csm_name=str(row.csm) if row.csm else "",
        start_date=row.start_date,
        go_live_date=row.go_live_date,
        hypercare_end_date=row.hypercare_end_date,
        sign_off_date=row.sign_off_date,
        forecast_finish_date=row.forecast_finish_date,
        forecast_at=row.forecast_at,
        today=today,
        next_action=next_action,
        is_archived=row.archived_at is not None,
    )


def steps_of(row: Engagement, today: date) -> tuple[Step, ...]:
    """Sell, implement, adopt, hypercare, sign-off, value: the six stations every engagement has."""
    at = Phase(row.phase).position
    return (
        Step("sell", _state(at, 0), ends=row.start_date),
        _window("implement", _state(at, 1), row.start_date, row.go_live_date, today),
        _window("adopt", _state(at, 2), row.go_live_date, row.sign_off_date, today),
        _window(
            "hypercare", _hypercare(row, today), row.go_live_date, row.hypercare_end_date, today
        ),
        Step("sign_off", "done" if at >= 3 else "ahead", ends=row.sign_off_date),
        Step("value", "now" if at >= 3 else "ahead"),
    )


def _window(key: str, state: str, starts: date | None, ends: date | None, today: date) -> Step:
    if starts is None or ends is None:
        return Step(key, state, starts, ends)
    over = elapsed(starts.toordinal(), ends.toordinal(), today.toordinal())
    return Step(key, state, starts, ends, over)


def _state(at: int, position: int) -> str:
    if at == position:
        return "now"
    return "done" if at > position else "ahead"


def _hypercare(row: Engagement, today: date) -> str:
    adopting = row.phase == Phase.ADOPT
    ended = row.hypercare_end_date is not None and today > row.hypercare_end_date
    if Phase(row.phase).position > Phase.ADOPT.position or (adopting and ended):
        return "done"
    begun = row.go_live_date is not None and today >= row.go_live_date
    return "now" if adopting and begun and row.hypercare_end_date else "ahead"
