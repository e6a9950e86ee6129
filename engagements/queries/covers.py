"""Reads of who looks after whose customers, for good or for a while."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, QuerySet

from engagements.models import Cover, Customer, HandOver
from tenancy.models import AuditEntry
from tenancy.queries import get_current_tenant

# What goes along with customers when their open work does.
WORK = ("risk", "concern", "task")


@dataclass(frozen=True, slots=True)
class Covered:
    """Somebody whose customers another looks after, and the last day of it."""

    person_id: UUID
    person_name: str
    until: date


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One cover; `state` is now, ahead, over or cancelled."""

    id: UUID
    person_id: UUID
    person_name: str
    stand_in_id: UUID
    stand_in_name: str
    from_date: date
    to_date: date
    note: str
    state: str


@dataclass(frozen=True, slots=True)
class HandOverRow:
    """One portfolio that changed hands, with how much of it."""

    id: UUID
    from_name: str
    to_name: str
    handed_over_at: datetime
    by_name: str
    note: str
    customers: int
    engagements: int
    work: int
    undone: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with how many current customers they look after."""

    id: UUID
    name: str
    customers: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who looks after a current customer, and the day they took it over; None where nobody is on
    record before them."""

    customer_id: UUID
    customer_name: str
    csm_id: UUID
    csm_name: str
    since: date | None


def get_covered_by(*, user_id: UUID, today: date) -> dict[UUID, Covered]:
    """Whose customers somebody looks after today, besides their own."""
    rows = _in_force(today).filter(stand_in_id=user_id).select_related("person")
    return {row.person_id: Covered(row.person_id, str(row.person), row.to_date) for row in rows}


def get_stand_ins(*, user_ids: Collection[UUID], now: datetime) -> Iterable[UUID]:
    """Who stands in for any of these people on the day it is in the workspace."""
    today = now.astimezone(ZoneInfo(get_current_tenant().time_zone)).date()
    rows = _in_force(today).filter(person_id__in=user_ids)
    return set(rows.values_list("stand_in_id", flat=True))


def _in_force(today: date) -> QuerySet[Cover]:
    return Cover.objects.filter(from_date__lte=today, to_date__gte=today, cancelled_at=None)


def get_covers(*, today: date) -> list[CoverRow]:
    """Every cover, those in force and ahead first."""
    rows = [_cover_row(row, today) for row in Cover.objects.select_related("person", "stand_in")]
    places = ("now", "ahead", "over", "cancelled")
    return sorted(rows, key=lambda row: places.index(row.state))


def _cover_row(row: Cover, today: date) -> CoverRow:
    return CoverRow(
        id=row.pk,
        person_id=row.person_id,
        person_name=str(row.person),
        stand_in_id=row.stand_in_id,
        stand_in_name=str(row.stand_in),
        from_date=row.from_date,
        to_date=row.to_date,
        note=row.note,
        state=_state(row, today),
    )


def _state(row: Cover, today: date) -> str:
    if row.cancelled_at:
        return "cancelled"
    if row.to_date < today:
        return "over"
    return "ahead" if row.from_date > today else "now"


def get_hand_overs() -> list[HandOverRow]:
    """Portfolios that changed hands, the newest first."""
    rows = HandOver.objects.select_related("from_user", "to_user", "handed_over_by")
    return [_hand_over_row(row) for row in rows]


def _hand_over_row(row: HandOver) -> HandOverRow:
    counts = {kind: len(ids) for kind, ids in row.moved.items()}
    return HandOverRow(
        id=row.pk,
        from_name=str(row.from_user),
        to_name=str(row.to_user),
        handed_over_at=row.handed_over_at,
        by_name=str(row.handed_over_by or ""),
        note=row.note,
        customers=counts.get("customer", 0),
        engagements=counts.get("engagement", 0),
        work=sum(counts.get(kind, 0) for kind in WORK),
        undone=row.undone_at is not None,
    )


def get_holders() -> list[Holder]:
    """Everybody who looks after a current customer, by name."""
    rows = (
        Customer.objects.current()
        .filter(csm__isnull=False)
        .order_by()
        .values_list("csm_id", "csm__name", "csm__email")
        .annotate(customers=Count("pk"))
    )
    holders = [Holder(pk, name or email, count) for pk, name, email, count in rows]
    return sorted(holders, key=lambda holder: holder.name.lower())


def get_portfolio(*, user_id: UUID) -> list[Customer]:
    """The current customers somebody looks after, by name."""
    return list(Customer.objects.current().filter(csm_id=user_id))


def get_assignments() -> list[Assignment]:
    """Every current customer somebody looks after, by name, as the hand-overs and the audit log
    tell of it."""
    rows = Customer.objects.current().filter(csm__isnull=False).select_related("csm")
    handed, changed = _handed_over(), _changed_hands()
    return [
        Assignment(
            customer_id=row.pk,
            customer_name=row.name,
            csm_id=row.csm_id,
            csm_name=str(row.csm),
            since=_day_at(row, [handed.get((row.pk, row.csm_id)), changed.get(row.pk)]),
        )
        for row in rows
        if row.csm_id is not None
    ]


def _handed_over() -> dict[tuple[UUID, UUID], datetime]:
    """When a customer last went to somebody by a hand-over that still holds."""
    found: dict[tuple[UUID, UUID], datetime] = {}
    for row in HandOver.objects.filter(undone_at=None).order_by("handed_over_at"):
        for key in row.moved.get("customer", ()):
            found[UUID(key), row.to_user_id] = row.handed_over_at
    return found


def _changed_hands() -> dict[UUID, datetime]:
    """When the CSM of each customer was last changed on its own page, in a file or over the API."""
    rows = AuditEntry.objects.filter(
        action="customer.changed", facts__has_any_keys=["csm", "csm_id"]
    )
    newest = rows.order_by("about_customer_id").values_list("about_customer_id")
    found = newest.annotate(Max("recorded_at"))
    return {key: at for key, at in found if key is not None and at is not None}


def _day_at(row: Customer, moments: Iterable[datetime | None]) -> date | None:
    known = [at for at in moments if at is not None]
    return max(known).astimezone(row.zone).date() if known else None
