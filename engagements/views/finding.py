"""The engagement an address names."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone

from engagements import queries
from engagements.models import Engagement
from tenancy.audit import record


@dataclass(frozen=True, slots=True)
class Found:
    """The engagement an address is about, with the day it is at its customer."""

    row: Engagement
    today: date

    @property
    def header(self) -> queries.EngagementHeader:
        return queries.header_of(self.row, today=self.today)


def find(engagement_id: UUID, *, held: bool = False) -> Found:
    """`held` keeps the engagement from others until the request is over."""
    rows = queries.get_engagements()
    row = get_object_or_404(
        rows.select_for_update(of=("self",)) if held else rows, pk=engagement_id
    )
    return Found(row, timezone.localdate(timezone=row.customer.zone))


def record_export(action: str, found: Found) -> None:
    record(action=action, subject=found.row, about_customer_id=found.row.customer_id)
