"""The measure an address names, with the day it is at its customer."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone

from engagements.models import Engagement
from engagements.queries import (
    EngagementHeader,
    get_engagement_header,
    get_engagements,
    get_next_action,
    header_of,
)
from metrics import queries
from metrics.models import Measure
from metrics.queries import MeasureDetail


@dataclass(frozen=True, slots=True)
class Found:
    row: Measure
    today: date

    @property
    def detail(self) -> MeasureDetail:
        return queries.get_details(rows=[self.row], today=self.today)[0]

    @property
    def header(self) -> Any:
        return get_engagement_header(engagement_id=self.row.engagement_id, today=self.today)


def find(measure_id: UUID, *, held: bool = False, removed: bool = False) -> Found:
    """`held` keeps the measure from others until the request is over; `removed` finds one that is
    measured no longer."""
    rows = queries.get_measures(removed=removed)
    row = get_object_or_404(rows.select_for_update(of=("self",)) if held else rows, pk=measure_id)
    return Found(row, timezone.localdate(timezone=row.customer.zone))


@dataclass(frozen=True, slots=True)
class FoundEngagement:
    row: Engagement
    today: date

    @property
    def header(self) -> EngagementHeader:
        next_action = get_next_action(engagement=self.row)
        return header_of(self.row, today=self.today, next_action=next_action)


def find_engagement(engagement_id: UUID) -> FoundEngagement:
    row = get_object_or_404(get_engagements(), pk=engagement_id)
    return FoundEngagement(row, timezone.localdate(timezone=row.customer.zone))
