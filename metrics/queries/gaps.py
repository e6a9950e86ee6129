"""What the measures of an engagement do not say yet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from metrics.models import Agreement, Measure, Milestone
from metrics.queries.details import get_measures
from metrics.queries.places import Place, get_places_of
from metrics.queries.planning import packages_of

LONG_WEEKS = 4


@dataclass(frozen=True, slots=True)
class PackageGap:
    """A work package of the plan that lacks something."""

    uid: str
    name: str
    start: date
    finish: date
    critical: bool

    @property
    def place(self) -> str:
        """As the form of a new measure says it."""
        return f"{Measure.About.PACKAGE.value}:{self.uid}"


@dataclass(frozen=True, slots=True)
class MeasureGap:
    """A measure that lacks something."""

    id: UUID
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Gaps:
    """What lacks what. `packages` counts the work packages that are work of their own."""

    packages: int
    without_target: tuple[PackageGap, ...]
    without_milestones: tuple[PackageGap, ...]
    unagreed: tuple[MeasureGap, ...]
    unreported: tuple[MeasureGap, ...]
    unconfirmed: tuple[MeasureGap, ...]
    late_baselines: tuple[MeasureGap, ...]
    weeks: int

    @property
    def with_target(self) -> int:
        return self.packages - len(self.without_target)

    @property
    def count(self) -> int:
        return (
            len(self.without_target)
            + len(self.without_milestones)
            + len(self.unagreed)
            + len(self.unreported)
            + len(self.unconfirmed)
            + len(self.late_baselines)
        )


def get_gaps(*, engagement_id: UUID, weeks: int = LONG_WEEKS) -> Gaps:
    """`weeks` is how long work may be before it needs milestones on the way."""
    known = _known(list(get_measures(engagement_id=engagement_id)))
    packages = _packages(engagement_id)
    long = [gap for gap in packages if gap.finish - gap.start > timedelta(weeks=weeks)]
    rows = known.rows
    return Gaps(
        packages=len(packages),
        without_target=tuple(one for one in packages if one.uid not in known.at_packages),
        without_milestones=tuple(one for one in long if not known.has_steps(one)),
        unagreed=known.gaps(row for row in rows if row.pk not in known.agreements),
        unreported=known.gaps(row for row in rows if not row.reported_in),
        unconfirmed=known.gaps(row for row in rows if known.waits_for_lead(row)),
        late_baselines=known.gaps(row for row in rows if known.began_before_baseline(row)),
        weeks=weeks,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """The measures of an engagement and what belongs to them."""

    rows: list[Measure]
    places: dict[UUID, Place]
    agreements: dict[UUID, Agreement]
    stepped: set[UUID]
    at_packages: dict[str, list[Agreement]]

    def gaps(self, rows: Iterable[Measure]) -> tuple[MeasureGap, ...]:
        return tuple(MeasureGap(row.pk, row.definition.label, self.places[row.pk]) for row in rows)

    def has_steps(self, package: PackageGap) -> bool:
        return any(row.pk in self.stepped for row in self.at_packages.get(package.uid, ()))

    def waits_for_lead(self, row: Measure) -> bool:
        agreement = self.agreements.get(row.pk)
        return agreement is not None and agreement.confirmed_at is None

    def began_before_baseline(self, row: Measure) -> bool:
        agreement = self.agreements.get(row.pk)
        begun = self.places[row.pk].start_date or row.engagement.start_date
        return agreement is not None and begun is not None and agreement.baseline_date > begun


def _known(rows: list[Measure]) -> _Known:
    agreed = Agreement.objects.filter(measure__in=rows).order_by("agreed_date", "id")
    agreements = {row.measure_id: row for row in agreed}
    ids = [row.pk for row in agreements.values()]
    stepped = Milestone.objects.filter(agreement__in=ids).values_list("agreement_id", flat=True)
    at_packages: dict[str, list[Agreement]] = defaultdict(list)
    for row in rows:
        if row.about == Measure.About.PACKAGE and row.pk in agreements:
            at_packages[row.about_key].append(agreements[row.pk])
    return _Known(rows, get_places_of(rows=rows), agreements, set(stepped), at_packages)


def _packages(engagement_id: UUID) -> list[PackageGap]:
    """Work packages, without summaries and without points in time."""
    rows = packages_of([engagement_id]).filter(is_summary=False, duration__gt=0)
    found = rows.order_by("position").values_list(
        "uid", "outline", "name", "start", "finish", "critical"
    )
    return [
        PackageGap(uid, f"{number} {name}", start.date(), finish.date(), critical)
        for uid, number, name, start, finish, critical in found
    ]
