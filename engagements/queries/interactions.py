"""Talks with customers, counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from uuid import UUID

from django.db.models import Count, Max, QuerySet, Sum
from django.db.models.functions import TruncMonth

from engagements.models import Customer, Interaction


@dataclass(frozen=True, slots=True)
class TalkCount:
    """How many talks of one kind a customer had in one month, and the minutes noted for them."""

    customer_id: UUID
    month: date
    kind: str
    number: int
    minutes: int


@dataclass(frozen=True, slots=True)
class TalkRow:
    """The talks with one customer in a range of days. `last_touch` is the last one ever."""

    customer_id: UUID
    customer: str
    csm: str
    last_touch: datetime | None
    # By kind, in the order of `Interaction.Kind`.
    counts: tuple[int, ...]
    minutes: int

    @property
    def number(self) -> int:
        return sum(self.counts)


def get_interactions(*, engagement_id: UUID | None = None) -> QuerySet[Interaction]:
    """Talks that were not deleted, newest first, of one engagement or of all."""
    rows = Interaction.objects.filter(deleted_at=None).select_related("by")
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_talk_counts(*, first: date, last: date, zone: tzinfo) -> list[TalkCount]:
    """By customer, month and kind, for a range of days of that zone, both included."""
    rows = _between(first, last, zone).annotate(month=TruncMonth("happened_at", tzinfo=zone))
    counted = (
        rows.order_by()
        .values("customer_id", "month", "kind")
        .annotate(number=Count("id"), spent=Sum("minutes"))
    )
    return [
        TalkCount(
            row["customer_id"], row["month"].date(), row["kind"], row["number"], row["spent"] or 0
        )
        for row in counted.order_by("month", "customer_id", "kind")
    ]


def _between(first: date, last: date, zone: tzinfo) -> QuerySet[Interaction]:
    begins = datetime.combine(first, time.min, tzinfo=zone)
    ends = datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
    return Interaction.objects.filter(
        deleted_at=None, happened_at__gte=begins, happened_at__lt=ends
    )


def get_last_touch(
    *, customer_ids: Iterable[UUID] | None = None, now: datetime
) -> dict[UUID, datetime]:
    """When each customer was last talked with, up to now; one that never was is left out."""
    rows = Interaction.objects.filter(deleted_at=None, happened_at__lte=now).order_by()
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=list(customer_ids))
    return dict(
        rows.values("customer_id").annotate(at=Max("happened_at")).values_list("customer_id", "at")
    )


def get_talks(*, first: date, last: date, zone: tzinfo, now: datetime) -> list[TalkRow]:
    """Every current customer, the one not talked with for longest first."""
    counts: dict[tuple[UUID, str], int] = {}
    minutes: dict[UUID, int] = {}
    for one in get_talk_counts(first=first, last=last, zone=zone):
        key = (one.customer_id, one.kind)
        counts[key] = counts.get(key, 0) + one.number
        minutes[one.customer_id] = minutes.get(one.customer_id, 0) + one.minutes
    touched = get_last_touch(now=now)
    rows = [
        TalkRow(
            customer_id=customer.pk,
            customer=customer.name,
            csm=str(customer.csm or ""),
            last_touch=touched.get(customer.pk),
            counts=tuple(counts.get((customer.pk, kind), 0) for kind in Interaction.Kind.values),
            minutes=minutes.get(customer.pk, 0),
        )
        for customer in Customer.objects.current().select_related("csm")
    ]
    return sorted(rows, key=_longest_ago)


def _longest_ago(row: TalkRow) -> tuple[float, str]:
    return (row.last_touch.timestamp() if row.last_touch else 0.0, row.customer.casefold())
