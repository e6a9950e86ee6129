"""What is expected with an option and without it, and later what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from metrics.definitions import Direction, Measure, Target
from metrics.forecasting import look_ahead

ZERO = Decimal(0)
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class MeasureForecast:
    """What a measure is expected to be on the day of its target, and the target itself."""

    key: str
    amount: float
    direction: Direction = Direction.RISING
    day: date | None = None
    target: float | None = None


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """What an option does to a measure: how much closer to its target it moves a week, beyond the
    recent slope, and the target that holds with it. None stays as it is."""

    key: str
    pace: float | None = None
    amount: float | None = None
    deadline: date | None = None

    @property
    def moves_target(self) -> bool:
        return self.amount is not None or self.deadline is not None

    @property
    def is_nothing(self) -> bool:
        return self.pace is None and not self.moves_target

    def target(self, now: Target) -> Target:
        """The target with what this changes of it."""
        return Target(
            now.quality,
            now.amount if self.amount is None else self.amount,
            now.deadline if self.deadline is None else self.deadline,
        )


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the models say happens: the finish, the cost at the finish and the measures.

    Money includes what the option itself costs. None is unknown.
    """

    finish: date | None = None
    finish_latest: date | None = None
    money: Decimal | None = None
    measures: tuple[MeasureForecast, ...] = ()

    def measure(self, key: str) -> MeasureForecast | None:
        return next((one for one in self.measures if one.key == key), None)

    def amount(self, key: str) -> float | None:
        found = self.measure(key)
        return None if found is None else found.amount


@dataclass(frozen=True, slots=True)
class MeasureEffect:
    """How much a measure differs with the option from without it."""

    key: str
    difference: float
    is_better: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """With the option against without it. Days are calendar days, positive when it ends earlier;
    money is positive when the option ends up dearer. None where one side is unknown."""

    days_earlier: int | None
    money: Decimal | None
    measures: tuple[MeasureEffect, ...]


def forecast_of(
    measure: Measure, key: str, change: MeasureChange | None = None, *, since: date | None = None
) -> MeasureForecast | None:
    """Where the recent slope leads by the day of the target, with what an option changes from the
    day `since` on. None where the readings carry no forecast."""
    change = change or MeasureChange(key)
    if measure.target is None or measure.latest is None:
        return None
    target = change.target(measure.target)
    outlook = look_ahead(replace(measure, target=target))
    if outlook is None:
        return None
    begins = max(since or measure.latest.day, measure.latest.day)
    weeks = max(0, (target.deadline - begins).days) / DAYS_A_WEEK
    definition = measure.definition
    gained = (change.pace or 0.0) * weeks
    # The slope may lead below nothing, and what is gained has to make up for that first.
    line = measure.latest.amount + outlook.trend.slope * (target.deadline - measure.latest.day).days
    amount = line + (gained if definition.rising else -gained)
    return MeasureForecast(
        key,
        definition.within_limits(amount),
        definition.direction,
        target.deadline,
        target.amount,
    )


def amount_by(measure: Measure, day: date) -> float | None:
    """What a measure was on a day, or where its recent slope leads by then; None where nothing says.

    A reading speaks for a day as long as its definition says.
    """
    if day <= measure.as_of:
        read = [one for one in measure.readings if one.day <= day]
        fresh = read and (day - read[-1].day).days <= measure.definition.valid_days
        return read[-1].amount if fresh else None
    found = forecast_of(measure, "", MeasureChange("", deadline=day))
    if found is not None:
        return found.amount
    return None if measure.latest is None or measure.is_stale else measure.latest.amount


def effect(with_option: Forecast, without: Forecast) -> Effect:
    """What an option changes."""
    earlier = None
    if with_option.finish is not None and without.finish is not None:
        earlier = (without.finish - with_option.finish).days
    money = None
    if with_option.money is not None and without.money is not None:
        money = with_option.money - without.money
    effects = [_measure_effect(one, without.amount(one.key)) for one in with_option.measures]
    return Effect(earlier, money, tuple(found for found in effects if found is not None))


def _measure_effect(now: MeasureForecast, then: float | None) -> MeasureEffect | None:
    if then is None:
        return None
    difference = now.amount - then
    better = difference > 0 if now.direction is Direction.RISING else difference < 0
    return MeasureEffect(now.key, difference, better)


@dataclass(frozen=True, slots=True)
class MeasureMiss:
    """A measure as it was forecast and as it came."""

    key: str
    expected: float
    happened: float
    is_worse: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A forecast held against what happened; None where one side is not known yet.

    `days_late` and `money_over` are negative when it went better than forecast.
    """

    days_late: int | None
    money_over: Decimal | None
    measures: tuple[MeasureMiss, ...]

    @property
    def is_known(self) -> bool:
        return self.days_late is not None or self.money_over is not None or bool(self.measures)

    @property
    def held(self) -> bool | None:
        """True when nothing known went worse than forecast; None while nothing is known."""
        if not self.is_known:
            return None
        worse = (self.days_late or 0) > 0 or (self.money_over or ZERO) > 0
        return not worse and not any(one.is_worse for one in self.measures)


def review(
    forecast: Forecast, *, finish: date | None, money: Decimal | None, amounts: Mapping[str, float]
) -> Review:
    """What was forecast when it was decided, against what happened since."""
    late = None
    if finish is not None and forecast.finish is not None:
        late = (finish - forecast.finish).days
    over = None if money is None or forecast.money is None else money - forecast.money
    return Review(late, over, tuple(_misses(forecast.measures, amounts)))


def _misses(
    expectations: Sequence[MeasureForecast], amounts: Mapping[str, float]
) -> list[MeasureMiss]:
    found = []
    for one in expectations:
        if one.key in amounts:
            came = amounts[one.key]
            worse = came < one.amount if one.direction is Direction.RISING else came > one.amount
            found.append(MeasureMiss(one.key, one.amount, came, worse))
    return found
