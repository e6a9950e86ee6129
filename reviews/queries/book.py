"""The book of business: one row a customer, sorted by who needs somebody today."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from adoption.queries import get_planned_engagement_ids
from engagements.models import Customer, Engagement, Phase
from engagements.queries import Covered, get_covered_by, get_customers, get_engagements, get_seats
from metrics.queries import KeptHealth, get_kept_health, get_measured_engagement_ids
from reviews.attention import Attention, Band, Facts, attention_of, change
from usage.queries import UseSummary, get_use_summaries

WEEKS = 13
# What the filter calls a customer without a score.
UNSCORED = "none"


@dataclass(frozen=True, slots=True)
class BookRow:
    """A customer as the book shows it. Counts are of people active within 28 days."""

    customer_id: UUID
    name: str
    csm_id: UUID | None
    csm_name: str
    engagement_id: UUID | None
    phase: str
    phase_label: str
    hypercare_end_date: date | None
    seats: int | None
    active: int
    before: int
    change: float | None
    points: tuple[int | None, ...]
    live_week: int | None
    attention: Attention
    date_kind: str
    next_date: date | None
    as_of: date
    # By the last night; None without a score.
    health: KeptHealth | None
    # Whose customer it is, where the book is that of somebody who stands in.
    covered: Covered | None = None

    @property
    def band(self) -> Band:
        return self.attention.band

    @property
    def health_band(self) -> str:
        return self.health.band if self.health else UNSCORED


@dataclass(frozen=True, slots=True)
class Totals:
    """What stands above the book, over every row the filters leave."""

    customers: int
    active: int
    seats: int
    need_you: int
    falling: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked the book for; every value comes from the address."""

    phase: str = ""
    band: str = ""
    health: str = ""
    csm: str = ""
    text: str = ""
    sort: str = "need"


@dataclass(frozen=True, slots=True)
class Book:
    rows: tuple[BookRow, ...]
    everybody: int
    phases: Mapping[str, int]
    bands: Mapping[str, int]
    healths: Mapping[str, int]
    totals: Totals
    as_of: date | None


SORTS: dict[str, Callable[[BookRow], Any]] = {
    "need": lambda row: (list(Band).index(row.band), row.change or 0, row.name.lower()),
    "name": lambda row: row.name.lower(),
    "-active": lambda row: (-row.active, row.name.lower()),
    "active": lambda row: (row.active, row.name.lower()),
    "health": lambda row: (row.health is None, row.health.score if row.health else 0.0, row.name),
    "date": lambda row: (row.next_date is None, row.next_date or date.max, row.name.lower()),
}


def get_book(*, filters: Filters, today: date) -> Book:
    """Every current customer, described, filtered and sorted."""
    everybody = _rows(today)
    covered = _covered(filters, today)
    found = [
        replace(row, covered=covered.get(row.csm_id) if row.csm_id else None)
        for row in everybody
        if _is_wanted(row, filters, covered)
    ]
    found.sort(key=SORTS.get(filters.sort, SORTS["need"]))
    return Book(
        rows=tuple(found),
        everybody=len(everybody),
        phases=_counted(row.phase for row in everybody),
        bands=_counted(row.band for row in everybody),
        healths=_counted(row.health_band for row in everybody),
        totals=_totals(found),
        as_of=max((row.as_of for row in found), default=None),
    )


def _rows(today: date) -> list[BookRow]:
    customers = list(get_customers())
    newest = _newest_engagements()
    seats = get_seats(on=today)
    use = get_use_summaries(weeks=WEEKS)
    planned, measured = get_planned_engagement_ids(), get_measured_engagement_ids()
    health = get_kept_health(engagement_ids=[row.pk for row in newest.values()], today=today)
    return [
        _row(
            customer,
            engagement := newest.get(customer.pk),
            seats.get(customer.pk),
            use.get(customer.pk) or UseSummary.none(today - timedelta(days=1), WEEKS),
            planned,
            measured,
            health.get(engagement.pk) if engagement else None,
        )
        for customer in customers
    ]


def _newest_engagements() -> dict[UUID, Engagement]:
    newest: dict[UUID, Engagement] = {}
    for engagement in get_engagements(current=True):
        newest.setdefault(engagement.customer_id, engagement)
    return newest


def _row(
    customer: Customer,
    engagement: Engagement | None,
    seats: int | None,
    use: UseSummary,
    planned: set[UUID],
    measured: set[UUID],
    health: KeptHealth | None,
) -> BookRow:
    facts = facts_of(engagement, use, planned, measured)
    kind, day = _date_that_matters(customer, engagement, use.as_of)
    return BookRow(
        customer_id=customer.pk,
        name=customer.name,
        csm_id=customer.csm_id,
        csm_name=str(customer.csm) if customer.csm else "",
        engagement_id=engagement.pk if engagement else None,
        phase=engagement.phase if engagement else "",
        phase_label=str(Phase(engagement.phase).label) if engagement else "",
        hypercare_end_date=engagement.hypercare_end_date if engagement else None,
        seats=seats,
        active=facts.active_now,
        before=facts.active_before,
        change=change(facts),
        points=use.points,
        live_week=_week_of(engagement.go_live_date if engagement else None, use.as_of),
        attention=attention_of(facts),
        date_kind=kind,
        next_date=day,
        as_of=use.as_of,
        health=health,
    )


def facts_of(
    engagement: Engagement | None, use: UseSummary, planned: set[UUID], measured: set[UUID]
) -> Facts:
    """What the reasons of the book are drawn from."""
    known = [point for point in use.points if point is not None]
    return Facts(
        as_of=use.as_of,
        phase=engagement.phase if engagement else None,
        go_live_date=engagement.go_live_date if engagement else None,
        sign_off_date=engagement.sign_off_date if engagement else None,
        forecast_finish_date=engagement.forecast_finish_date if engagement else None,
        has_plan=engagement is not None and engagement.pk in planned,
        has_target=engagement is not None and engagement.pk in measured,
        active_now=use.now,
        active_before=use.before,
        lowest_recent=min(known, default=0),
        last_active_date=use.last_active_date,
    )


def _week_of(day: date | None, as_of: date) -> int | None:
    """Which point of the sparkline a day falls on, if it is on it."""
    if day is None or not 0 <= (as_of - day).days < 7 * (WEEKS - 1):
        return None
    return WEEKS - 1 - (as_of - day).days // 7


def _date_that_matters(
    customer: Customer, engagement: Engagement | None, today: date
) -> tuple[str, date | None]:
    """The nearest date ahead that somebody waits for: go-live, sign-off, then renewal."""
    candidates = [
        ("go_live", engagement.go_live_date if engagement else None),
        ("sign_off", engagement.sign_off_date if engagement else None),
        ("renewal", customer.renewal_date),
    ]
    ahead = [(day, kind) for kind, day in candidates if day is not None and day >= today]
    if not ahead:
        return ("renewal", customer.renewal_date)
    day, kind = min(ahead)
    return kind, day


def _covered(filters: Filters, today: date) -> dict[UUID, Covered]:
    """Whose customers stand in the book of one person because they are away."""
    try:
        user_id = UUID(filters.csm)
    except ValueError:
        return {}
    return get_covered_by(user_id=user_id, today=today)


def _is_wanted(row: BookRow, filters: Filters, covered: Mapping[UUID, Covered]) -> bool:
    return (
        (not filters.phase or row.phase == filters.phase)
        and (not filters.band or row.band == filters.band)
        and (not filters.health or row.health_band == filters.health)
        and (not filters.csm or str(row.csm_id) == filters.csm or row.csm_id in covered)
        and filters.text.lower() in row.name.lower()
    )


def _counted(values: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def _totals(rows: list[BookRow]) -> Totals:
    return Totals(
        customers=len(rows),
        active=sum(row.active for row in rows),
        seats=sum(row.seats or 0 for row in rows),
        need_you=sum(row.band == Band.ACT for row in rows),
        falling=sum(row.attention.headline == "falling" for row in rows),
    )
