"""PURE what answers say: a score with its 95 % interval, the counts behind it, and how far to
trust it.

NPS, CSAT, CES and SUS as they are commonly defined; shares take Wilson's interval, means Student's.
With few answers one person moves the whole score, so below `FEWEST` there are counts only.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, stdev

# From how many answers on there is a score, and from how many its margin may step back.
FEWEST, PLENTY = 5, 30
Z = 1.959964
YES, NO = 1, 0


class Instrument(StrEnum):
    NPS = "nps"
    CSAT = "csat"
    CES = "ces"
    SUS = "sus"
    SENTIMENT = "sentiment"
    TEAM = "team"
    FREE = "free"


class Kind(StrEnum):
    SCALE = "scale"
    YES_NO = "yes_no"
    SINGLE = "single"
    SEVERAL = "several"
    TEXT = "text"


# The two axes of sentiment at go-live, and the five topics a team looks at before a transition.
AXES = ("usability", "effectiveness")
TOPICS = (
    "system_performance",
    "customer_administrator",
    "change_management",
    "adoption",
    "issues",
)
SUS_ITEMS = tuple(f"sus_{number}" for number in range(1, 11))


class Trust(StrEnum):
    COUNTS_ONLY = "counts_only"
    ROUGH = "rough"
    FAIR = "fair"


@dataclass(frozen=True, slots=True)
class Score:
    """A figure with the ends of its 95 % interval; `counts` are (answer, how often), by answer.

    Value and ends are None where they do not exist: without answers, or a mean of a single one.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    counts: tuple[tuple[int, int], ...] = ()

    @property
    def trust(self) -> Trust:
        if self.n < FEWEST:
            return Trust.COUNTS_ONLY
        return Trust.ROUGH if self.n < PLENTY else Trust.FAIR

    @property
    def is_readable(self) -> bool:
        """Whether there are enough answers for a score and for a trend."""
        return self.n >= FEWEST and self.value is not None

    @property
    def margin(self) -> float | None:
        """How far the further end of the interval is from the value."""
        if self.value is None or self.low is None or self.high is None:
            return None
        return max(self.value - self.low, self.high - self.value)


NOTHING = Score(None, None, None, 0)


class OffTheScale(ValueError):
    """An answer lies outside its scale."""


def nps(answers: Sequence[int]) -> Score:
    """Of answers 0 to 10: % of 9 and 10 minus % of 0 to 6, a whole number from −100 to 100.

    Margin: 1.96·√((p + d − (p − d)²) / n)·100.
    """
    counts = _counted(answers, 0, 10)
    n = len(answers)
    if not n:
        return Score(None, None, None, 0, counts)
    promoters = sum(answer >= 9 for answer in answers)
    detractors = sum(answer <= 6 for answer in answers)
    balance = (promoters - detractors) / n
    spread = max((promoters + detractors) / n - balance**2, 0)
    margin = Z * math.sqrt(spread / n) * 100
    low, high = max(balance * 100 - margin, -100), min(balance * 100 + margin, 100)
    return Score(_whole(100 * (promoters - detractors) / n), low, high, n, counts)


def share(answers: Sequence[int], good: Iterable[int], *, low: int, high: int) -> Score:
    """The share, from 0 to 1, of answers that are among the good ones, with Wilson's interval."""
    counts = _counted(answers, low, high)
    n, wanted = len(answers), set(good)
    if not n:
        return Score(None, None, None, 0, counts)
    hits = sum(answer in wanted for answer in answers)
    bottom, top = wilson(hits, n)
    return Score(hits / n, bottom, top, n, counts)


def csat(answers: Sequence[int]) -> Score:
    """Of answers 1 to 5: the share of 4 and 5."""
    return share(answers, (4, 5), low=1, high=5)


def effort_share(answers: Sequence[int]) -> Score:
    """Of answers 1 to 7 on effort: the share of 5 to 7."""
    return share(answers, (5, 6, 7), low=1, high=7)


def mean(answers: Sequence[int], *, low: int, high: int) -> Score:
    """The mean on a scale, with Student's interval, which never leaves the scale."""
    counts = _counted(answers, low, high)
    found = _mean([float(answer) for answer in answers], low, high)
    return Score(found.value, found.low, found.high, found.n, counts)


def sus_of(answers: Sequence[int]) -> float:
    """One person's SUS from ten answers 1 to 5: odd items x − 1, even 5 − x, the sum times 2.5.

    From 0 to 100, and no percentage. Raises ValueError for other than ten answers.
    """
    if len(answers) != len(SUS_ITEMS):
        raise ValueError("SUS needs all ten answers.")
    _counted(answers, 1, 5)
    odd = sum(answer - 1 for answer in answers[::2])
    even = sum(5 - answer for answer in answers[1::2])
    return (odd + even) * 2.5


def sus(people: Iterable[Sequence[int]]) -> Score:
    """The mean SUS of everybody who gave all ten answers; others are left out, not filled in.

    The counts are by tens: (60, 4) says that four people lie from 60 to below 70; 100 stands alone.
    """
    found = [sus_of(answers) for answers in people if len(answers) == len(SUS_ITEMS)]
    score = _mean(found, 0, 100)
    tens = [int(value // 10 * 10) for value in found]
    counts = tuple((ten, tens.count(ten)) for ten in range(0, 101, 10))
    return Score(score.value, score.low, score.high, score.n, counts)


def score(topic: str, kind: Kind, answers: Sequence[int], *, low: int, high: int) -> Score:
    """The score of one question: by its topic where an instrument defines one, else by its kind."""
    known = BY_TOPIC.get(topic)
    if known is not None:
        return known(answers)
    if kind == Kind.YES_NO:
        return share(answers, (YES,), low=NO, high=YES)
    return mean(answers, low=low, high=high)


BY_TOPIC: dict[str, Callable[[Sequence[int]], Score]] = {"nps": nps, "csat": csat}


@dataclass(frozen=True, slots=True)
class Change:
    """From one wave to the next."""

    difference: float
    # Whether the two intervals lie apart; else chance alone may have moved it.
    distinguishable: bool


def compare(before: Score, now: Score) -> Change | None:
    """How a score moved; None where one of the two is not readable."""
    readable = before.is_readable and now.is_readable
    if not readable or before.value is None or now.value is None:
        return None
    apart = now.value != before.value and (_above(now, before) or _above(before, now))
    return Change(now.value - before.value, apart)


def _above(upper: Score, lower: Score) -> bool:
    return upper.low is not None and lower.high is not None and upper.low > lower.high


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's score method. Raises ValueError without tries."""
    if n <= 0 or not 0 <= hits <= n:
        raise ValueError("A share needs tries, and no more hits than tries.")
    part, square = hits / n, Z * Z
    middle = (part + square / (2 * n)) / (1 + square / n)
    half = Z / (1 + square / n) * math.sqrt(part * (1 - part) / n + square / (4 * n * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _mean(values: Sequence[float], low: float, high: float) -> Score:
    n = len(values)
    if n < 2:
        return Score(values[0] if n else None, None, None, n)
    middle = fmean(values)
    half = student(n - 1) * stdev(values) / math.sqrt(n)
    return Score(middle, max(middle - half, low), min(middle + half, high), n)


# Two-sided 95 % points of Student's t for 1 to 12 degrees of freedom; beyond, the expansion in
# 1/df by Cornish and Fisher is right to four digits.
STUDENT = (
    *(12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469),
    *(2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788),
)


def student(freedom: int) -> float:
    """The two-sided 95 % point of Student's t. Raises ValueError below one degree of freedom."""
    if freedom < 1:
        raise ValueError("There is no degree of freedom.")
    if freedom <= len(STUDENT):
        return STUDENT[freedom - 1]
    terms = (
        Z,
        (Z**3 + Z) / 4,
        (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96,
        (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384,
    )
    return float(sum(term / freedom**power for power, term in enumerate(terms)))


def _counted(answers: Sequence[int], low: int, high: int) -> tuple[tuple[int, int], ...]:
    if any(not low <= answer <= high for answer in answers):
        raise OffTheScale(f"Answers go from {low} to {high}.")
    return tuple((step, sum(answer == step for answer in answers)) for step in range(low, high + 1))


def _whole(value: float) -> int:
    """Rounded, halves away from zero, so that praise and complaint are treated alike."""
    return int(math.copysign(math.floor(abs(value) + 0.5), value))
