"""Who can use the software, who does, and whether they like it: acceptance apart from availability."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from engagements.queries import SurveyRow, get_feedback
from engagements.queries.rosters import get_readiness
from usage.queries import AdoptionDay, get_adoption_days, get_day_range


@dataclass(frozen=True, slots=True)
class Available:
    """People on the roster, and those of them who have access."""

    people: int
    with_access: int
    as_of: date

    @property
    def share(self) -> float | None:
        return self.with_access / self.people if self.people else None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Three figures of three sources, each with the day it is of.

    `used` is the newest closed day of use; `liked` the newest survey with a score.
    """

    available: Available
    used: AdoptionDay | None
    liked: SurveyRow | None
    liked_date: date | None

    @property
    def used_share(self) -> float | None:
        return None if self.used is None else self.used.utilisation


def get_acceptance(
    *, engagement_id: UUID, customer_id: UUID, today: date, now: datetime
) -> Acceptance:
    readiness = get_readiness(engagement_id=engagement_id)
    liked = _liked(engagement_id, now)
    return Acceptance(
        available=Available(readiness.people, readiness.with_access, today),
        used=_used(customer_id),
        liked=liked,
        liked_date=liked.opened_at.date() if liked and liked.opened_at else None,
    )


def _used(customer_id: UUID) -> AdoptionDay | None:
    span = get_day_range(customer_id=customer_id)
    if span is None:
        return None
    days = get_adoption_days(customer_id=customer_id, first=span[1], last=span[1])
    return days[-1] if days else None


def _liked(engagement_id: UUID, now: datetime) -> SurveyRow | None:
    rows = get_feedback(engagement_id=engagement_id, now=now).surveys
    readable = [row for row in rows if row.opened_at and row.score and row.score.is_readable]
    oldest = now - timedelta(days=366 * 50)
    return max(readable, key=lambda row: row.opened_at or oldest, default=None)
