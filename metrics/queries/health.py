"""How well an engagement does by its measures, and what makes it so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from engagements.models import Engagement
from engagements.queries import get_engagements
from metrics.models import HealthModel, HealthScore
from metrics.narrative.health import health_finding, say_change, whole_change
from metrics.queries.details import ONE_DAY, MeasureCard, MeasureDetail
from metrics.queries.places import Place
from metrics.queries.standings import Standing, get_cards_of, get_standings
from metrics.scoring import (
    Absence,
    Band,
    Health,
    HealthChange,
    Model,
    Part,
    Rating,
    compare,
    rate,
    score,
)
from rendering.translation import translated

HISTORY = timedelta(days=90)
# A change is told against the score of so many days ago, or of the nearest day kept before that.
CHANGE_DAYS = 28
_NEAR_ENOUGH = timedelta(days=7)
# A kept score of an older night says nothing of today.
FRESH = timedelta(days=7)
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
class HealthTile:
    """The score of an engagement as of its last closed day, and its change within 28 days.

    `names` are the parts' names by their keys, in the reader's language; `change` is None where
    there was no score 28 days ago.
    """

    engagement_id: UUID
    as_of: date
    health: Health
    change: HealthChange | None
    names: dict[str, str]

    @property
    def change_points(self) -> int | None:
        return None if self.change is None else whole_change(self.change.difference)

    @property
    def change_words(self) -> str:
        return say_change(self.change, self.names, days=CHANGE_DAYS) if self.change else ""

    @property
    def finding(self) -> str:
        return health_finding(self.health, self.names)


@dataclass(frozen=True, slots=True)
class EngagementHealth:
    """An engagement of a customer with its tile; None where nothing of it is measured."""

    id: UUID
    key: str
    name: str
    tile: HealthTile | None


@dataclass(frozen=True, slots=True)
class HealthView:
    """What the tile says, with the parts of the score and how it was before."""

    tile: HealthTile
    parts: tuple[HealthPart, ...]
    history: tuple[HealthDay, ...]
    weights: Weights

    @property
    def health(self) -> Health:
        return self.tile.health

    @property
    def names(self) -> dict[str, str]:
        return self.tile.names


@dataclass(frozen=True, slots=True)
class KeptHealth:
    """The score the last night kept of an engagement; `change` in points within 28 days."""

    day: date
    score: float
    band: str
    coverage: float
    change: float | None

    @property
    def change_points(self) -> int | None:
        return None if self.change is None else whole_change(self.change)


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


def rated(details: Iterable[MeasureDetail]) -> list[tuple[str, str, Rating]]:
    """What `health_of` asks of measures whose courses were read."""
    return [
        (str(one.id), one.told.measure.definition.key, rate(one.told.measure)) for one in details
    ]


def health_of(ratings: Iterable[tuple[str, str, Rating]], weights: Weights) -> Health:
    """The score by some measures of one engagement: each with its id, the key of its definition and
    its rating."""
    found = list(ratings)
    by_id = {measure: weights.of(key) for measure, key, _rating in found}
    if not any(by_id.values()):
        return Health(weights.version, None, 0.0, (), None)
    model = Model(weights.version, by_id, weights.bands)
    return score(model, {measure: rating for measure, _key, rating in found})


def get_health(
    *, engagement_id: UUID, today: date, first: int = 0, most: int | None = None
) -> HealthView:
    """The score now. `first` and `most` say whose parts are told with amount and finding."""
    standings = get_standings(engagement_ids=[engagement_id], today=today)
    weights = get_weights()
    kept = list(HealthScore.objects.filter(engagement_id=engagement_id, day__gte=today - HISTORY))
    tile = _tile(engagement_id, standings, weights, kept, today)
    return HealthView(
        tile=tile,
        parts=_parts(_asked(tile.health.parts, first, most), standings, today),
        history=tuple(
            HealthDay(row.day, row.score, row.coverage, row.model_version) for row in kept
        ),
        weights=weights,
    )


def get_health_tiles(*, standings: Iterable[Standing], today: date) -> dict[UUID, HealthTile]:
    """The tile of each engagement that some of these measures are of, in two queries."""
    ordered = sorted(standings, key=_engagement_of)
    weights, kept = get_weights(), _kept_before({_engagement_of(one) for one in ordered}, today)
    return {
        key: _tile(key, list(of_it), weights, kept.get(key, ()), today)
        for key, of_it in groupby(ordered, key=_engagement_of)
    }


def _engagement_of(standing: Standing) -> UUID:
    return standing.row.engagement_id


def get_customer_health(*, customer_id: UUID, today: date) -> tuple[EngagementHealth, ...]:
    """The health of a customer's current engagements, the newest first."""
    rows = list(get_engagements(customer_id=customer_id, current=True))
    standings = get_standings(engagement_ids=[row.pk for row in rows], today=today)
    tiles = get_health_tiles(standings=standings, today=today)
    return tuple(EngagementHealth(row.pk, row.key, row.name, tiles.get(row.pk)) for row in rows)


def get_kept_health(*, engagement_ids: Iterable[UUID], today: date) -> dict[UUID, KeptHealth]:
    """The score that the last night kept of each engagement, by its id, in one query."""
    then = today - ONE_DAY - timedelta(days=CHANGE_DAYS)
    rows = Engagement.objects.filter(pk__in=engagement_ids).order_by()
    found = rows.values_list("pk").annotate(
        now=_kept_in(today - FRESH, today), before=_kept_in(then - _NEAR_ENOUGH, then)
    )
    return {
        key: _kept(now, before) for key, now, before in found if now and now["score"] is not None
    }


def _kept_in(first: date, last: date) -> Subquery:
    """The last score kept within some days. A look-up in the index for each engagement, since the
    scores of all days are many."""
    rows = HealthScore.objects.filter(engagement=OuterRef("pk"), day__range=(first, last))
    columns = JSONObject(day="day", score="score", band="band", coverage="coverage")
    return Subquery(rows.order_by("-day").values_list(columns)[:1])


def _kept(now: dict[str, Any], before: dict[str, Any] | None) -> KeptHealth:
    then = before["score"] if before else None
    return KeptHealth(
        day=date.fromisoformat(now["day"]),
        score=now["score"],
        band=now["band"],
        coverage=now["coverage"],
        change=None if then is None else now["score"] - then,
    )


def _kept_before(engagement_ids: set[UUID], today: date) -> dict[UUID, list[HealthScore]]:
    """What was kept about 28 days before the last closed day, by engagement."""
    then = today - ONE_DAY - timedelta(days=CHANGE_DAYS)
    rows = HealthScore.objects.filter(
        engagement_id__in=engagement_ids,
        day__range=(then - _NEAR_ENOUGH, then),
    )
    found: dict[UUID, list[HealthScore]] = {}
    for row in rows.order_by("day"):
        found.setdefault(row.engagement_id, []).append(row)
    return found


def _tile(
    engagement_id: UUID,
    standings: Sequence[Standing],
    weights: Weights,
    kept: Iterable[HealthScore],
    today: date,
) -> HealthTile:
    ratings = [(str(one.id), one.definition.key, one.noted.rating) for one in standings]
    health, as_of = health_of(ratings, weights), today - ONE_DAY
    then = as_of - timedelta(days=CHANGE_DAYS)
    before = [row for row in kept if then - _NEAR_ENOUGH <= row.day <= then]
    return HealthTile(
        engagement_id=engagement_id,
        as_of=as_of,
        health=health,
        change=compare(_as_kept(before[-1], weights), health) if before else None,
        names={str(one.id): _name(one.definition.label, one.place) for one in standings},
    )


def _as_kept(row: HealthScore, weights: Weights) -> Health:
    """A score as the night kept it, with the parts it was made of."""
    by_key = {key: weight for key, weight, _, _ in row.parts}
    if not any(by_key.values()):
        return Health(row.model_version, None, 0.0, (), None)
    ratings = {
        key: Rating(value, Absence(absence) if absence else None)
        for key, _, value, absence in row.parts
    }
    return score(Model(row.model_version, by_key, weights.bands), ratings)


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
