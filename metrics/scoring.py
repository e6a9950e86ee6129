"""PURE health: what several measures say together, of which parts, and how much is known at all.

    health = score(model, [rate(measure) for measure in measures])
    health.value, health.coverage, health.band, health.parts

Score = sum of weight * score over the measures with data, divided by their weights. What has no
data takes no part; the coverage says how much of the weight does. A change of weights or bands is
a new version of the model, and what was computed keeps the version it was computed by.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from metrics.definitions import Measure
from metrics.forecasting import agreed_amount, share
from rendering.sentences import Sentence, sentence

WHOLE = 100.0
# Below this share of the weight a score would speak for measures nobody has read.
LEAST_COVERAGE = 0.5


class Basis(StrEnum):
    """What a measure's score counts: the way done to the target, or the way agreed for today."""

    TARGET = "target"
    COURSE = "course"


class Absence(StrEnum):
    """Why a measure takes no part in a score."""

    NOT_READ = "not_read"
    STALE = "stale"
    NO_TARGET = "no_target"
    NO_WAY = "no_way"
    SMALL = "small"
    NOT_DUE = "not_due"


ABSENCE_WORDS: Mapping[Absence, Sentence] = MappingProxyType(
    {
        Absence.NOT_READ: sentence("not read yet"),
        Absence.STALE: sentence("last reading too old"),
        Absence.NO_TARGET: sentence("no baseline and target agreed"),
        Absence.NO_WAY: sentence("baseline and target are the same"),
        Absence.SMALL: sentence("too few people"),
        Absence.NOT_DUE: sentence("nothing agreed for today yet"),
    }
)


@dataclass(frozen=True, slots=True)
class Rating:
    """One measure from 0 (at the baseline or worse) to 100; None with the reason for it."""

    score: float | None
    absence: Absence | None = None


def rate(measure: Measure, *, basis: Basis = Basis.COURSE) -> Rating:
    """The score of a measure: its way done as a share of the way that counts, kept in 0 to 100.

    Against the course, a measure that is where it was agreed to be today has 100.
    """
    absence = _absence(measure)
    done = None if measure.latest is None else share(measure, measure.latest.amount)
    if absence is not None or done is None:
        return Rating(None, absence or Absence.NO_WAY)
    if basis is Basis.TARGET:
        return Rating(_kept(done))
    return _against_course(measure, done)


def _absence(measure: Measure) -> Absence | None:
    if measure.latest is None:
        return Absence.NOT_READ
    if measure.baseline is None or measure.target is None:
        return Absence.NO_TARGET
    if measure.is_stale:
        return Absence.STALE
    return Absence.SMALL if measure.is_small else None


def _against_course(measure: Measure, done: float) -> Rating:
    agreed = agreed_amount(measure.course, measure.as_of)
    wanted = None if agreed is None else share(measure, agreed)
    if not wanted or wanted < 0:
        return Rating(None, Absence.NOT_DUE)
    return Rating(_kept(done / wanted))


def _kept(part: float) -> float:
    return WHOLE * min(1.0, max(0.0, part))


def scale(amount: float, *, worst: float, best: float) -> float | None:
    """0 at `worst`, 100 at `best`, straight between and level outside; falling where best < worst.

    For measures without a target. None where both ends are the same.
    """
    return None if worst == best else _kept((amount - worst) / (best - worst))


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from `floor` on, up to but not with the floor of the next band."""

    key: str
    floor: float


BANDS = (Band("act", 0), Band("watch", 50), Band("good", 80))


class UnsoundModel(ValueError):
    """Weights or bands that give some scores none or two meanings."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by the key of a measure, and bands from the lowest up. Raises UnsoundModel."""

    version: int
    weights: Mapping[str, float]
    bands: tuple[Band, ...] = BANDS
    basis: Basis = Basis.COURSE

    def __post_init__(self) -> None:
        faults = model_faults(self.weights, self.bands)
        if faults:
            raise UnsoundModel(faults[0])


def model_faults(weights: Mapping[str, float], bands: Sequence[Band]) -> tuple[Sentence, ...]:
    """What is wrong with weights and bands, one sentence each; empty when they are sound."""
    faults = []
    if not all(math.isfinite(weight) and weight >= 0 for weight in weights.values()):
        faults.append(sentence("A weight is a number from 0 on."))
    elif not any(weights.values()):
        faults.append(sentence("At least one measure needs a weight above 0."))
    if not bands or bands[0].floor != 0:
        faults.append(sentence("The lowest band starts at 0."))
    if any(upper.floor <= lower.floor for lower, upper in pairwise(bands)):
        faults.append(sentence("Each band starts above the one below it."))
    if bands and bands[-1].floor > WHOLE:
        faults.append(sentence("The highest band starts at 100 at most."))
    return tuple(faults)


def band_of(value: float, bands: Sequence[Band] = BANDS) -> Band:
    """The band a score falls into: each score from 0 to 100 into exactly one."""
    return [band for band in bands if band.floor <= value][-1] if value >= 0 else bands[0]


@dataclass(frozen=True, slots=True)
class Part:
    """What one measure does in a score.

    `share` is its weight among those with data (0 to 1), `points` what it brings of the value and
    `lost` what it keeps from 100; both 0 for a measure without data. Points add up to the value,
    points and losses to 100.
    """

    key: str
    weight: float
    score: float | None
    share: float
    absence: Absence | None = None

    @property
    def points(self) -> float:
        return 0.0 if self.score is None else self.share * self.score

    @property
    def lost(self) -> float:
        return 0.0 if self.score is None else self.share * (WHOLE - self.score)


@dataclass(frozen=True, slots=True)
class Health:
    """A score from 0 to 100, None without data, with its parts in the order of their weights.

    `coverage` is the share of the weight that has data, 0 to 1.
    """

    version: int
    value: float | None
    coverage: float
    parts: tuple[Part, ...]
    band: Band | None

    @property
    def is_thin(self) -> bool:
        """True when less than half of the weight has data: show the score, raise no alarm on it."""
        return self.coverage < LEAST_COVERAGE

    @property
    def counted(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.score is not None)

    @property
    def left_out(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.score is None)

    @property
    def costliest(self) -> Part | None:
        """The part that keeps most from 100; None when nothing is lost."""
        found = max(self.counted, key=lambda part: part.lost, default=None)
        return found if found is not None and found.lost > 0 else None


def score(model: Model, ratings: Mapping[str, Rating]) -> Health:
    """The health by a model; a measure of the model without a rating counts as not read."""
    rated = {key: ratings.get(key, Rating(None, Absence.NOT_READ)) for key in model.weights}
    known = math.fsum(
        model.weights[key] for key, rating in rated.items() if rating.score is not None
    )
    parts = [_part(key, model.weights[key], rating, known) for key, rating in rated.items()]
    value = min(WHOLE, math.fsum(part.points for part in parts)) if known else None
    return Health(
        version=model.version,
        value=value,
        coverage=min(1.0, known / math.fsum(model.weights.values())),
        parts=tuple(sorted(parts, key=lambda part: -part.weight)),
        band=None if value is None else band_of(value, model.bands),
    )


def _part(key: str, weight: float, rating: Rating, known: float) -> Part:
    if rating.score is None or not known:
        return Part(key, weight, None, 0.0, rating.absence or Absence.NOT_READ)
    return Part(key, weight, rating.score, weight / known)


@dataclass(frozen=True, slots=True)
class PartChange:
    """How many points of a change one measure brought: before and now add up to the values."""

    key: str
    before: float
    now: float

    @property
    def difference(self) -> float:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class HealthChange:
    """From one health to a later one, with the largest part of it first.

    `is_like` is False where the version differs or other measures have data: then part of the
    change comes from what is counted, and no measure may be named as its cause.
    """

    difference: float
    is_like: bool
    parts: tuple[PartChange, ...]


def compare(before: Health, now: Health) -> HealthChange | None:
    """What changed; None where one of the two has no value."""
    if before.value is None or now.value is None:
        return None
    old = {part.key: part for part in before.parts}
    new = {part.key: part for part in now.parts}
    parts = [_change(key, old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new])]
    counted = {part.key for part in before.counted}, {part.key for part in now.counted}
    return HealthChange(
        difference=now.value - before.value,
        is_like=before.version == now.version and counted[0] == counted[1],
        parts=tuple(sorted(parts, key=lambda part: -abs(part.difference))),
    )


def _change(key: str, old: Part | None, new: Part | None) -> PartChange:
    return PartChange(key, old.points if old else 0.0, new.points if new else 0.0)
