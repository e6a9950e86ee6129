"""How well an engagement does by its measures, and what makes it so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from metrics.models import HealthModel, HealthScore
from metrics.queries.details import MeasureDetail, get_details, get_measures
from metrics.queries.places import Place
from metrics.scoring import Band, Health, Model, Part, rate, score
from rendering.translation import translated

HISTORY = timedelta(days=90)
USUAL_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights in force: by the key of a definition, what is not named weighs 1."""

    version: int = 0
    watch_from: float = 50.0
    good_from: float = 80.0
    by_key: tuple[tuple[str, float], ...] = ()

    def of(self, key: str) -> float:
        return dict(self.by_key).get(key, USUAL_WEIGHT)

    @property
    def bands(self) -> tuple[Band, ...]:
        return Band("act", 0), Band("watch", self.watch_from), Band("good", self.good_from)


@dataclass(frozen=True, slots=True)
class HealthPart:
    """One measure's part of the score, with what it was counted from."""

    id: UUID
    name: str
    place: Place
    part: Part
    amount: float | None
    unit: str
    finding: str


@dataclass(frozen=True, slots=True)
class HealthDay:
    """The score of a closed day, as the night kept it."""

    day: date
    score: float | None
    coverage: float
    version: int


@dataclass(frozen=True, slots=True)
class HealthView:
    """The score of an engagement as of its last closed day, its parts, and how it was before.

    `names` are the parts' names by their keys, in the reader's language.
    """

    health: Health
    parts: tuple[HealthPart, ...]
    names: dict[str, str]
    history: tuple[HealthDay, ...]
    weights: Weights


def get_weights() -> Weights:
    """The newest version of the workspace's weights; every measure weighs the same without one."""
    row = HealthModel.objects.order_by("version").last()
    if row is None:
        return Weights()
    by_key = tuple((key, float(weight)) for key, weight in row.weights.items())
    return Weights(row.version, row.watch_from, row.good_from, by_key)


def get_health_models() -> list[HealthModel]:
    """Every version, the newest first."""
    return list(HealthModel.objects.select_related("written_by").order_by("-version"))


def health_of(details: Sequence[MeasureDetail], weights: Weights) -> Health:
    """The score by some measures of one engagement."""
    by_key = {str(one.id): weights.of(one.told.measure.definition.key) for one in details}
    if not any(by_key.values()):
        return Health(weights.version, None, 0.0, (), None)
    model = Model(weights.version, by_key, weights.bands)
    return score(model, {str(one.id): rate(one.told.measure) for one in details})


def get_health(*, engagement_id: UUID, today: date) -> HealthView:
    """The score now, by the same measures and readings that their pages show."""
    details = get_details(rows=list(get_measures(engagement_id=engagement_id)), today=today)
    weights = get_weights()
    health = health_of(details, weights)
    by_id = {str(one.id): one for one in details}
    days = HealthScore.objects.filter(engagement_id=engagement_id, day__gte=today - HISTORY)
    return HealthView(
        health=health,
        parts=tuple(_part(by_id[part.key], part) for part in health.parts),
        names={key: _name(one) for key, one in by_id.items()},
        history=tuple(
            HealthDay(row.day, row.score, row.coverage, row.model_version) for row in days
        ),
        weights=weights,
    )


def _name(detail: MeasureDetail) -> str:
    label = translated(detail.told.measure.definition.label)
    return f"{label}, {detail.place.name}" if detail.place.about else label


def _part(detail: MeasureDetail, part: Part) -> HealthPart:
    measure = detail.told.measure
    return HealthPart(
        id=detail.id,
        name=_name(detail),
        place=detail.place,
        part=part,
        amount=None if measure.latest is None else measure.latest.amount,
        unit=measure.definition.unit,
        finding=detail.told.story.finding,
    )
