"""What goes out of sight with a measure, and what is measured no longer."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Min

from metrics.models import Agreement, Alert, DecisionPaper, Measure, Reading
from metrics.queries.details import get_measures
from metrics.queries.places import Place, get_places_of


@dataclass(frozen=True, slots=True)
class Removal:
    """What hangs on a measure: the report it appears in first, then what was agreed and read, the
    decisions that wait and forecast it, and what the night says about it."""

    reported_in: str
    agreements: int
    is_confirmed: bool
    readings: int
    first_date: date | None
    last_date: date | None
    papers: tuple[str, ...]
    alerts: int


@dataclass(frozen=True, slots=True)
class RemovedMeasure:
    """A measure that can be brought back."""

    id: UUID
    name: str
    place: Place
    removed_date: date


def get_removal(*, measure: Measure) -> Removal:
    agreed = Agreement.objects.filter(measure=measure)
    newest = agreed.order_by("agreed_date", "id").last()
    read = Reading.objects.filter(measure=measure).order_by()
    found = read.aggregate(n=Count("id"), first=Min("day"), last=Max("day"))
    waiting = DecisionPaper.objects.filter(
        engagement_id=measure.engagement_id,
        outcome="",
        without__measures__contains=[{"key": str(measure.pk)}],
    )
    return Removal(
        reported_in=measure.reported_in,
        agreements=agreed.count(),
        is_confirmed=newest is not None and newest.confirmed_at is not None,
        readings=found["n"],
        first_date=found["first"],
        last_date=found["last"],
        papers=tuple(waiting.values_list("question", flat=True)),
        alerts=Alert.objects.filter(measure=measure, resolved_at=None).count(),
    )


def get_removed_measures(*, engagement_id: UUID) -> tuple[RemovedMeasure, ...]:
    """The ones removed last in front."""
    rows = list(get_measures(engagement_id=engagement_id, removed=True).order_by("-removed_at"))
    places = get_places_of(rows=rows)
    return tuple(
        RemovedMeasure(
            row.pk,
            row.definition.label,
            places[row.pk],
            row.removed_at.astimezone(row.customer.zone).date(),
        )
        for row in rows
        if row.removed_at is not None
    )
