"""A question with facts, their reading, and what can be done."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from metrics.papers.forecasts import ZERO, Forecast
from rendering.sentences import Sentence, sentence


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
class Option:
    """Something that can be decided, with its justification and where that comes from."""

    key: str
    name: str
    forecast: Forecast
    cost: Cost = field(default_factory=Cost)
    justification: str = ""
    source: str = ""


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
