"""The engagement an address names."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone

from engagements import queries
from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class Found:
    """The engagement an address is about, with the day it is at its customer."""

    row: Engagement
    today: date

    @property
    def header(self) -> queries.EngagementHeader:
        return queries.header_of(self.row, today=self.today)


def find(engagement_id: UUID) -> Found:
    row = get_object_or_404(queries.get_engagements(), pk=engagement_id)
    return Found(row, timezone.localdate(timezone=row.customer.zone))
