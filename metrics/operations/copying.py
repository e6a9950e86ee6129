"""Figures that were computed elsewhere become readings; what stood there before is kept."""

from collections.abc import Mapping
from datetime import date, datetime

from metrics.models import Measure, Reading, ReadingChange
from metrics.models.readings import Way
from metrics.operations.standings import forget_standings

Figures = Mapping[date, float]
ROWS_AT_ONCE = 5000


def copy_figures(measure: Measure, figures: Figures, now: datetime) -> int:
    """Write those figures that the measure's readings do not say yet; how many there were."""
    rows = Reading.objects.filter(measure=measure).values_list(
        "day", "amount", "definition_version"
    )
    known = {day: (amount, version) for day, amount, version in rows}
    wanted = {
        day: amount for day, amount in figures.items() if known.get(day, (None,))[0] != amount
    }
    if wanted:
        forget_standings(measure_ids=[measure.pk])
    ReadingChange.objects.bulk_create(
        _change(measure, day, known[day], amount, now)
        for day, amount in wanted.items()
        if day in known
    )
    Reading.objects.bulk_create(
        [_reading(measure, day, amount, now) for day, amount in wanted.items()],
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["tenant", "measure", "day"],
        update_fields=["amount", "definition_version", "recorded_at"],
    )
    return len(wanted)


def _reading(measure: Measure, day: date, amount: float, now: datetime) -> Reading:
    return Reading(
        customer_id=measure.customer_id,
        measure=measure,
        day=day,
        amount=amount,
        definition_version=measure.definition_version,
        way=Way.NIGHT,
        recorded_at=now,
    )


def _change(
    measure: Measure, day: date, before: tuple[float, int], after: float, now: datetime
) -> ReadingChange:
    return ReadingChange(
        customer_id=measure.customer_id,
        measure=measure,
        day=day,
        before=before[0],
        version_before=before[1],
        after=after,
        version_after=measure.definition_version,
        way=Way.NIGHT,
        changed_at=now,
    )
