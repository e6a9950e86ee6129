"""What stood where a reading was corrected."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from metrics.models import ReadingChange
from metrics.models.readings import Way

MOST = 40


@dataclass(frozen=True, slots=True)
class Correction:
    """One reading that says something else than before; `by` is empty for the night."""

    day: date
    before: float
    after: float
    version_before: int
    version_after: int
    way: str
    at_night: bool
    by: str
    reason: str
    changed_at: datetime


def get_corrections(*, measure_id: UUID, most: int | None = MOST) -> tuple[Correction, ...]:
    """The newest first."""
    rows = ReadingChange.objects.filter(measure_id=measure_id).select_related("changed_by")
    return tuple(
        Correction(
            day=row.day,
            before=row.before,
            after=row.after,
            version_before=row.version_before,
            version_after=row.version_after,
            way=str(Way(row.way).label),
            at_night=row.way == Way.NIGHT,
            by=str(row.changed_by or ""),
            reason=row.reason,
            changed_at=row.changed_at,
        )
        for row in rows[:most]
    )
