"""The book of business: one row a customer, sorted by who needs somebody today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from adoption.models import Plan
from adoption.queries import PlanSummary, get_plan_summary, get_planned_engagement_ids
from engagements.models import Customer, Engagement, Phase
from engagements.queries import (
    EngagementHeader,
    get_customers,
    get_engagements,
    get_seats,
    header_of,
)
from metrics.models import Agreement
from metrics.queries import MeasureCard, get_measure_cards, get_measured_engagement_ids
from people.queries import has_second_factor
from reviews.attention import Attention, Band, Facts, attention_of, change
from tenancy.models import AuditEntry, Membership, Tenant
from usage.models import Event
from usage.queries import UseSummary, get_use_summaries

WEEKS = 13


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

    @property
    def band(self) -> Band:
        return self.attention.band


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
    csm: str = ""
    text: str = ""
    sort: str = "need"


@dataclass(frozen=True, slots=True)
class Book:
    rows: tuple[BookRow, ...]
    everybody: int
    phases: Mapping[str, int]
    bands: Mapping[str, int]
    totals: Totals
    as_of: date | None


SORTS = {
    "need": lambda row: (list(Band).index(row.band), row.change or 0, row.name.lower()),
    "name": lambda row: row.name.lower(),
    "-active": lambda row: (-row.active, row.name.lower()),
    "active": lambda row: (row.active, row.name.lower()),
    "date": lambda row: (row.next_date is None, row.next_date or date.max, row.name.lower()),
}


def get_book(*, filters: Filters, today: date) -> Book:
    """Every current customer, described, filtered and sorted."""
    everybody = _rows(today)
    found = [row for row in everybody if _is_wanted(row, filters)]
    found.sort(key=SORTS.get(filters.sort, SORTS["need"]))
    return Book(
        rows=tuple(found),
        everybody=len(everybody),
        phases=_counted(row.phase for row in everybody),
        bands=_counted(row.band for row in everybody),
        totals=_totals(found),
        as_of=max((row.as_of for row in found), default=None),
    )


def _rows(today: date) -> list[BookRow]:
    customers = list(get_customers())
    newest = _newest_engagements()
    seats = get_seats(on=today)
    use = get_use_summaries(weeks=WEEKS)
    planned, measured = get_planned_engagement_ids(), get_measured_engagement_ids()
    return [
        _row(
            customer,
            newest.get(customer.pk),
            seats.get(customer.pk),
            use.get(customer.pk) or UseSummary.none(today - timedelta(days=1), WEEKS),
            planned,
            measured,
        )
        for customer in customers
    ]


def _newest_engagements() -> dict[UUID, Engagement]:
    newest: dict[UUID, Engagement] = {}
    for engagement in get_engagements():
        newest.setdefault(engagement.customer_id, engagement)
    return newest


def _row(
    customer: Customer,
    engagement: Engagement | None,
    seats: int | None,
    use: UseSummary,
    planned: set[UUID],
    measured: set[UUID],
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


def _is_wanted(row: BookRow, filters: Filters) -> bool:
    return (
        (not filters.phase or row.phase == filters.phase)
        and (not filters.band or row.band == filters.band)
        and (not filters.csm or str(row.csm_id) == filters.csm)
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


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first tab of an engagement says: the reason to look, then plan, measures and use."""

    header: EngagementHeader
    attention: Attention
    plan: PlanSummary | None
    measures: tuple[MeasureCard, ...]
    use: UseSummary
    active: int
    before: int
    change: float | None
    seats: int | None


def get_overview(*, engagement_id: UUID, today: date) -> Overview:
    """The overview of an engagement. Raises Engagement.DoesNotExist."""
    engagement = get_engagements().get(pk=engagement_id)
    plan = get_plan_summary(engagement_id=engagement_id)
    measures = get_measure_cards(engagement_id=engagement_id, today=today)
    use = get_use_summaries(weeks=WEEKS, customer_id=engagement.customer_id).get(
        engagement.customer_id
    ) or UseSummary.none(today - timedelta(days=1), WEEKS)
    planned = {engagement.pk} if plan else set()
    measured = {engagement.pk} if measures else set()
    facts = facts_of(engagement, use, planned, measured)
    return Overview(
        header=header_of(engagement, today=today),
        attention=attention_of(facts),
        plan=plan,
        measures=measures,
        use=use,
        active=facts.active_now,
        before=facts.active_before,
        change=change(facts),
        seats=get_seats(on=use.as_of).get(engagement.customer_id),
    )


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One thing a new workspace needs; the page knows its words and its address."""

    key: str
    done: bool


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What a new workspace needs on its first days, in order, and how much of it stands."""

    steps: tuple[FirstStep, ...]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def is_over(self) -> bool:
        return self.done == len(self.steps)


def get_first_steps(*, tenant_id: UUID, user_id: UUID) -> FirstSteps:
    """What of it stands in the workspace in force, read off what is really there.

    The second factor is the one of the person who looks.
    """
    found = Tenant.objects.filter(pk=tenant_id).values_list(
        *(Exists(rows) for rows in _what_stands(user_id).values())
    )
    stands = dict(zip(_what_stands(user_id), found.get(), strict=True))
    stands["second_factor"] = has_second_factor(user_id=user_id)
    return FirstSteps(tuple(FirstStep(key, done) for key, done in stands.items()))


def _what_stands(user_id: UUID) -> dict[str, QuerySet[Any]]:
    others = Membership.objects.filter(tenant_id=OuterRef("pk")).exclude(user_id=user_id)
    return {
        "settings": AuditEntry.objects.filter(action="workspace.changed"),
        "customer": Customer.objects.all(),
        "engagement": Engagement.objects.all(),
        "plan": Plan.objects.all(),
        "usage": Event.objects.all(),
        "target": Agreement.objects.all(),
        "colleague": others.filter(customer_id=None),
        "customer_side": others.exclude(customer_id=None),
    }
