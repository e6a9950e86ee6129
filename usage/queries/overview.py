"""How the customers of a workspace stand: one value a customer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from usage.models import DailyUse, UsageState


@dataclass(frozen=True, slots=True)
class UseSummary:
    """A customer's people active within 28 days, once a week: the last point is of `as_of`.

    Points before the first use are None; `first_day` is that of the first use.
    """

    as_of: date
    points: tuple[int | None, ...]
    last_active_date: date | None
    first_day: date | None = None

    @property
    def now(self) -> int:
        return self.points[-1] or 0

    @property
    def before(self) -> int:
        """Four weeks earlier."""
        return self.points[-5] or 0

    @classmethod
    def none(cls, as_of: date, weeks: int) -> UseSummary:
        """What is known of a customer nothing was ever received of."""
        return cls(as_of, (None,) * weeks, None)


def get_use_summaries(*, weeks: int, customer_id: UUID | None = None) -> dict[UUID, UseSummary]:
    """A summary for every customer, or one, with a closed day; the others are left out."""
    closed = _closed_states(customer_id)
    days = {day: _weekly(day, weeks) for day, _state in closed}
    rows = _rows_on(closed, days)
    return {
        state.customer_id: UseSummary(
            as_of=as_of,
            points=tuple(_point(rows, state, day) for day in days[as_of]),
            last_active_date=state.last_day,
            first_day=state.first_day,
        )
        for as_of, state in closed
    }


def _point(rows: dict[tuple[UUID, date], DailyUse], state: UsageState, day: date) -> int | None:
    if day < state.first_day:
        return None
    row = rows.get((state.customer_id, day))
    return row.mau if row else 0


ClosedStates = list[tuple[date, UsageState]]


def _closed_states(customer_id: UUID | None = None) -> ClosedStates:
    states = UsageState.objects.all()
    chosen = states if customer_id is None else states.filter(customer_id=customer_id)
    return [(state.closed_day, state) for state in chosen if state.closed_day is not None]


def _weekly(last: date, weeks: int) -> list[date]:
    return [last - timedelta(weeks=week) for week in reversed(range(weeks))]


def _rows_on(
    closed: ClosedStates, days: dict[date, list[date]]
) -> dict[tuple[UUID, date], DailyUse]:
    """The days of customers that belong to how far each is closed."""
    together: dict[date, list[UUID]] = defaultdict(list)
    for day, state in closed:
        together[day].append(state.customer_id)
    wanted = Q(customer_id__in=[])
    for day, customers in together.items():
        wanted |= Q(customer_id__in=customers, day__in=days[day])
    return {(row.customer_id, row.day): row for row in DailyUse.objects.filter(wanted)}
