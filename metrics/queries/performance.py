"""How the system itself does, day by day, beside its use."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from metrics.definitions import Source
from metrics.models import Measure, Reading
from metrics.queries.details import get_measures
from usage.queries import get_usage_series

DAYS = 42
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayLine:
    """A figure over the same days as its neighbours; None on a day nothing was read.

    `id` is the measure's, None for use.
    """

    id: UUID | None
    key: str
    name: str
    unit: str
    decimals: int
    points: tuple[float | None, ...]
    limit: float | None
    day: date | None
    amount: float | None
    before: float | None

    @property
    def drawn(self) -> tuple[float | None, ...]:
        """The points as a small line shows them: what is near its limit by what it lacks of it,
        since two percent of an uptime are much."""
        if self.limit is None:
            return self.points
        return tuple(None if one is None else one - self.limit for one in self.points)

    @property
    def is_known(self) -> bool:
        return self.amount is not None


@dataclass(frozen=True, slots=True)
class PerformanceView:
    """Use and the system's own figures from one day to another; `mark` is the place of go-live."""

    first: date
    last: date
    mark: int | None
    use: DayLine
    lines: tuple[DayLine, ...]

    @property
    def days(self) -> list[date]:
        return [self.first + at * ONE_DAY for at in range((self.last - self.first).days + 1)]


def get_performance(
    *, engagement_id: UUID, customer_id: UUID, go_live: date | None, today: date
) -> PerformanceView:
    """The last six weeks up to yesterday."""
    last = today - ONE_DAY
    first = last - (DAYS - 1) * ONE_DAY
    days = [first + at * ONE_DAY for at in range(DAYS)]
    series = get_usage_series(customer_id=customer_id, first=first, last=last)
    use = {point.day: point.dau for point in series.points if point.dau is not None}
    return PerformanceView(
        first=first,
        last=last,
        mark=(go_live - first).days if go_live and first <= go_live <= last else None,
        use=_line(None, days, {day: float(count) for day, count in use.items()}),
        lines=_lines(engagement_id, days),
    )


def _lines(engagement_id: UUID, days: list[date]) -> tuple[DayLine, ...]:
    measures = [
        row
        for row in get_measures(engagement_id=engagement_id)
        if row.definition.source is Source.PERFORMANCE
    ]
    rows = Reading.objects.filter(measure__in=measures, day__range=(days[0], days[-1]))
    found: dict[UUID, dict[date, float]] = {row.pk: {} for row in measures}
    for key, day, amount in rows.values_list("measure_id", "day", "amount"):
        found[key][day] = amount
    return tuple(_line(row, days, found[row.pk]) for row in measures)


def _line(row: Measure | None, days: list[date], amounts: dict[date, float]) -> DayLine:
    """`before` is the mean of the days before the last one that is known."""
    known = [day for day in days if day in amounts]
    earlier = [amounts[day] for day in known[:-1]]
    definition = None if row is None else row.definition
    return DayLine(
        id=None if row is None else row.pk,
        key="" if definition is None else definition.key,
        name="" if definition is None else definition.label,
        unit="" if definition is None else definition.unit,
        decimals=0 if definition is None else definition.decimals,
        points=tuple(amounts.get(day) for day in days),
        limit=definition.highest if definition is not None and definition.rising else None,
        day=known[-1] if known else None,
        amount=amounts[known[-1]] if known else None,
        before=sum(earlier) / len(earlier) if earlier else None,
    )
