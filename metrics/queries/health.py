"""How well an engagement does by its measures, and what makes it so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from metrics.models import HealthModel, HealthScore
from metrics.queries.details import MeasureCard
from metrics.queries.places import Place
from metrics.queries.standings import Standing, get_cards_of, get_standings
from metrics.scoring import Band, Health, Model, Part, Rating, score
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

    `parts` are those asked for, `health.parts` all of them; `names` are the parts' names by their keys, in the reader's language.
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


def health_of(rated: Iterable[tuple[str, str, Rating]], weights: Weights) -> Health:
    """The score by some measures of one engagement: each with its id, the key of its definition and
    its rating."""
    found = list(rated)
    by_id = {measure: weights.of(key) for measure, key, _rating in found}
    if not any(by_id.values()):
        return Health(weights.version, None, 0.0, (), None)
    model = Model(weights.version, by_id, weights.bands)
    return score(model, {measure: rating for measure, _key, rating in found})


def get_health(
    *, engagement_id: UUID, today: date, first: int = 0, most: int | None = None
) -> HealthView:
    """The score now. `first` and `most` say whose parts are told with amount and finding."""
    standings = get_standings(engagement_id=engagement_id, today=today)
    weights = get_weights()
    health = health_of(
        [(str(one.id), one.definition.key, one.noted.rating) for one in standings], weights
    )
    days = HealthScore.objects.filter(engagement_id=engagement_id, day__gte=today - HISTORY)
    return HealthView(
        health=health,
        parts=_parts(_asked(health.parts, first, most), standings, today),
        names={str(one.id): _name(one.definition.label, one.place) for one in standings},
        history=tuple(
            HealthDay(row.day, row.score, row.coverage, row.model_version) for row in days
        ),
        weights=weights,
    )


def _asked(parts: Sequence[Part], first: int, most: int | None) -> Sequence[Part]:
    """The last ones where fewer are there than asked for."""
    if most is None:
        return parts
    first = min(first, max(0, len(parts) - 1) // most * most)
    return parts[first : first + most]


def _parts(
    parts: Sequence[Part], standings: Iterable[Standing], today: date
) -> tuple[HealthPart, ...]:
    wanted = {part.key for part in parts}
    cards = get_cards_of(standings=[one for one in standings if str(one.id) in wanted], today=today)
    by_id = {str(card.id): card for card in cards}
    return tuple(_part(by_id[part.key], part) for part in parts if part.key in by_id)


def _name(label: str, place: Place) -> str:
    said = translated(label)
    return f"{said}, {place.name}" if place.about else said


def _part(card: MeasureCard, part: Part) -> HealthPart:
    return HealthPart(
        id=card.id,
        name=_name(card.name, card.place),
        place=card.place,
        part=part,
        amount=card.value,
        unit=card.unit,
        finding=card.finding,
    )
