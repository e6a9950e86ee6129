"""PURE a paper that lets somebody decide: facts, options, what each costs and changes, and later
what came of it.

Every option, doing nothing included, carries the forecast the schedule and measure models give for
it; an effect is the difference between two such forecasts and is never typed in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from metrics.definitions import Direction
from rendering.sentences import Sentence, sentence, sentence_from_json, sentence_to_json

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known, as of when and where it comes from."""

    text: str
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What an option takes: money in one currency, days of somebody's work, and from whom."""

    money: Decimal = ZERO
    currency: str = ""
    work_days: float = 0.0
    resources: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return self.money == ZERO and not self.work_days and not self.resources


@dataclass(frozen=True, slots=True)
class MeasureForecast:
    """What a measure is expected to be on a day."""

    key: str
    amount: float
    direction: Direction = Direction.RISING


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the models say happens: the finish, the cost at the finish and the measures.

    Money includes what the option itself costs. None is unknown.
    """

    finish: date | None = None
    finish_latest: date | None = None
    money: Decimal | None = None
    measures: tuple[MeasureForecast, ...] = ()

    def amount(self, key: str) -> float | None:
        return next((one.amount for one in self.measures if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be decided, with its justification and where that comes from."""

    key: str
    name: str
    forecast: Forecast
    cost: Cost = field(default_factory=Cost)
    justification: str = ""
    source: str = ""


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


@dataclass(frozen=True, slots=True)
class Paper:
    """A question with facts, their reading, and options of which the first is recommended.

    `without` is the forecast if nothing is decided.
    """

    question: str
    as_of: date
    facts: tuple[Fact, ...]
    interpretation: str
    without: Forecast
    options: tuple[Option, ...]
    decide_by: date | None = None

    @property
    def recommended(self) -> Option | None:
        return self.options[0] if self.options else None


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


def paper_faults(paper: Paper) -> tuple[Sentence, ...]:
    """What a decider would still have to ask, one sentence each; empty when it can be sent."""
    faults = []
    if not paper.facts:
        faults.append(sentence("It names no fact."))
    if not paper.interpretation.strip():
        faults.append(sentence("It does not say what the facts mean."))
    if not paper.options:
        faults.append(sentence("It offers no option."))
    if paper.without == Forecast():
        faults.append(sentence("It does not say what happens if nothing is decided."))
    for option in paper.options:
        faults += _option_faults(option)
    return tuple(faults)


def _option_faults(option: Option) -> list[Sentence]:
    faults = []
    if not option.justification.strip():
        faults.append(sentence("“%(option)s” has no reason.", option=option.name))
    if option.forecast == Forecast():
        faults.append(sentence("“%(option)s” has no forecast.", option=option.name))
    if option.cost.money and not option.cost.currency:
        faults.append(sentence("The cost of “%(option)s” has no currency.", option=option.name))
    return faults


class Outcome(StrEnum):
    """What became of a paper: approved with its cost, lived with, or a third way was agreed."""

    APPROVED = "approved"
    LIVE_WITH_IT = "live_with_it"
    ALTERNATIVE = "alternative"


def expected(
    paper: Paper, outcome: Outcome, *, chosen: str = "", agreed: Forecast | None = None
) -> Forecast:
    """The forecast that a decision promises and is later held to.

    Approved: that of the chosen option, the recommended one by default. Lived with: the one without.
    A third way: what was agreed with it. Raises UnknownOption.
    """
    if outcome is Outcome.LIVE_WITH_IT:
        return paper.without
    if outcome is Outcome.ALTERNATIVE:
        return agreed or Forecast()
    key = chosen or (paper.recommended.key if paper.recommended else "")
    for option in paper.options:
        if option.key == key:
            return option.forecast
    raise UnknownOption(key)


class UnknownOption(LookupError):
    """The paper has no option of this key."""


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


def forecast_to_json(forecast: Forecast) -> dict[str, Any]:
    """A forecast as it is kept: days as ISO dates, money as text, so that nothing is rounded."""
    return {
        "finish": _day_text(forecast.finish),
        "finish_latest": _day_text(forecast.finish_latest),
        "money": None if forecast.money is None else str(forecast.money),
        "measures": [
            {"key": one.key, "amount": one.amount, "direction": one.direction.value}
            for one in forecast.measures
        ],
    }


def forecast_from_json(stored: Mapping[str, Any]) -> Forecast:
    """The forecast that was kept; of an empty one nothing is known."""
    money = stored.get("money")
    return Forecast(
        finish=_day(stored.get("finish")),
        finish_latest=_day(stored.get("finish_latest")),
        money=None if money is None else Decimal(money),
        measures=tuple(
            MeasureForecast(one["key"], one["amount"], Direction(one["direction"]))
            for one in stored.get("measures", ())
        ),
    )


def fact_to_json(fact: Fact) -> dict[str, Any]:
    """A fact as it is kept, still sayable in other languages."""
    return {
        "text": sentence_to_json(fact.text),
        "as_of": fact.as_of.isoformat(),
        "source": sentence_to_json(fact.source),
    }


def fact_from_json(stored: Mapping[str, Any]) -> Fact:
    return Fact(
        text=sentence_from_json(stored["text"]),
        as_of=date.fromisoformat(stored["as_of"]),
        source=sentence_from_json(stored["source"]),
    )


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
