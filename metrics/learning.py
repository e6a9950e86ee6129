"""PURE what training changed: scores before and after, who is below the standard and perhaps why.

    found = assess([GroupScores(...), ...], minimum=65)
    found.below, found.results[0].gain, found.results[0].hints

A hint is a fact that stands beside a low score, never a cause that was proven.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from statistics import fmean, median

MINIMUM, HIGHEST = 65.0, 100.0
# With fewer people one of them moves a mean too far for it to be said.
FEWEST_PEOPLE = 5
# A median of fewer groups says nothing about what is usual.
FEWEST_GROUPS = 3
# A group with access for fewer of its people than this cannot practise.
LEAST_ACCESS = 0.9


def gain(before: float, after: float) -> float:
    return after - before


def normalised_gain(before: float, after: float, *, highest: float = HIGHEST) -> float | None:
    """The part of what could still be learnt that was: (end - start) / (highest - start).

    None when the start was at the highest score (Hake, 1998, as <g>).
    """
    return None if before >= highest else (after - before) / (highest - before)


def gap(after: float, *, minimum: float = MINIMUM) -> float:
    """How far below the minimum standard; 0 at or above it."""
    return max(0.0, minimum - after)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonScore:
    """One person's scores in one test; None where it was not taken."""

    person: str
    group: str
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """Means over the people with both scores, `n` of them, and how many have only one.

    Whoever leaves between two tests would otherwise move the mean without learning anything.
    """

    n: int
    before: float | None
    after: float | None
    only_before: int
    only_after: int

    @property
    def is_small(self) -> bool:
        return self.n < FEWEST_PEOPLE


def matched(scores: Iterable[PersonScore]) -> Matched:
    found = list(scores)
    pairs = [
        (one.before, one.after) for one in found if one.before is not None and one.after is not None
    ]
    return Matched(
        n=len(pairs),
        before=fmean(before for before, _ in pairs) if pairs else None,
        after=fmean(after for _, after in pairs) if pairs else None,
        only_before=sum(one.before is not None and one.after is None for one in found),
        only_after=sum(one.before is None and one.after is not None for one in found),
    )


@dataclass(frozen=True, slots=True)
class Passing:
    """How many of those with an end score reached the standard, and how many have none yet."""

    count: int
    among: int
    untested: int

    @property
    def share(self) -> float | None:
        """0 to 1; None while nobody has an end score."""
        return self.count / self.among if self.among else None


def passing_people(scores: Iterable[PersonScore], *, minimum: float = MINIMUM) -> Passing:
    """Of users: each counts once, whatever the size of the group."""
    ends = [one.after for one in scores]
    taken = [end for end in ends if end is not None]
    return Passing(sum(end >= minimum for end in taken), len(taken), len(ends) - len(taken))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupScores:
    """An impact group's scores before and after, over `n` matched people (None: not known).

    `effort` is its share of all resources and `access` the share of its people with access, both
    0 to 1; `barriers` names what stands in its way and is not removed.
    """

    key: str
    name: str
    before: float | None
    after: float | None
    n: int | None = None
    effort: float | None = None
    access: float | None = None
    barriers: tuple[str, ...] = ()

    @property
    def is_small(self) -> bool:
        return self.n is not None and self.n < FEWEST_PEOPLE


def groups_of(scores: Sequence[PersonScore], names: Mapping[str, str]) -> tuple[GroupScores, ...]:
    """The groups named, in that order, with the means of their matched people."""
    found = []
    for key, name in names.items():
        pairs = matched([one for one in scores if one.group == key])
        found.append(
            GroupScores(key=key, name=name, before=pairs.before, after=pairs.after, n=pairs.n)
        )
    return tuple(found)


class Hint(StrEnum):
    """What stands beside a score below the standard."""

    LOW_START = "low_start"
    LOW_GAIN = "low_gain"
    LOW_EFFORT = "low_effort"
    LOW_ACCESS = "low_access"
    BARRIER = "barrier"


@dataclass(frozen=True, slots=True)
class GroupResult:
    """A group against the standard. What needs both scores is None where one is missing."""

    group: GroupScores
    gap: float | None
    gain: float | None
    normalised_gain: float | None
    met_before: bool
    hints: tuple[Hint, ...] = ()
    starts_lowest: bool = False
    # Groups that reached the standard with no larger share of the resources.
    passed_with_less: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        return self.gap == 0

    @property
    def is_below(self) -> bool:
        return self.gap is not None and self.gap > 0


@dataclass(frozen=True, slots=True)
class Learning:
    """Every group in its order, with the standard and what is usual among them."""

    minimum: float
    highest: float
    results: tuple[GroupResult, ...]

    @property
    def below(self) -> tuple[GroupResult, ...]:
        """Groups below the standard, the widest gap first."""
        found = [result for result in self.results if result.is_below]
        return tuple(sorted(found, key=lambda result: -(result.gap or 0)))

    @property
    def passing(self) -> Passing:
        """Of groups: each counts once, however many people it has."""
        tested = [result for result in self.results if result.gap is not None]
        passed = sum(result.passes for result in tested)
        return Passing(passed, len(tested), len(self.results) - len(tested))

    @property
    def met_before(self) -> tuple[GroupResult, ...]:
        return tuple(result for result in self.results if result.met_before)


def assess(
    groups: Sequence[GroupScores], *, minimum: float = MINIMUM, highest: float = HIGHEST
) -> Learning:
    """The groups against the standard, with hints for whoever is below it.

    Too small groups keep their scores and get no hint; nor does any group among fewer than three.
    """
    bare = [_result(group, minimum, highest) for group in groups]
    usual = _usual(bare)
    return Learning(minimum, highest, tuple(_with_hints(result, bare, usual) for result in bare))


def _result(group: GroupScores, minimum: float, highest: float) -> GroupResult:
    before, after = group.before, group.after
    both = None if before is None or after is None else (before, after)
    return GroupResult(
        group=group,
        gap=None if after is None else gap(after, minimum=minimum),
        gain=None if both is None else gain(*both),
        normalised_gain=None if both is None else normalised_gain(*both, highest=highest),
        met_before=before is not None and before >= minimum,
    )


@dataclass(frozen=True, slots=True)
class _Usual:
    """Medians over the groups; None where too few of them are known."""

    start: float | None
    gain: float | None
    normalised: float | None
    effort: float | None


def _usual(results: Sequence[GroupResult]) -> _Usual:
    return _Usual(
        start=_median(result.group.before for result in results),
        gain=_median(result.gain for result in results),
        normalised=_median(result.normalised_gain for result in results),
        effort=_median(result.group.effort for result in results),
    )


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if len(known) >= FEWEST_GROUPS else None


def _with_hints(result: GroupResult, results: Sequence[GroupResult], usual: _Usual) -> GroupResult:
    if not result.is_below or result.group.is_small:
        return result
    starts = [one.group.before for one in results if one.group.before is not None]
    effort = result.group.effort
    return GroupResult(
        group=result.group,
        gap=result.gap,
        gain=result.gain,
        normalised_gain=result.normalised_gain,
        met_before=result.met_before,
        hints=tuple(_hints(result, usual)),
        starts_lowest=len(starts) >= FEWEST_GROUPS and result.group.before == min(starts),
        passed_with_less=tuple(
            one.group.name
            for one in results
            if one.passes and effort is not None and (one.group.effort or 1.0) <= effort
        ),
    )


def _hints(result: GroupResult, usual: _Usual) -> Iterable[Hint]:
    group = result.group
    if _is_under(group.before, usual.start):
        yield Hint.LOW_START
    # A low start leaves more to learn, which lowers the normalised gain by itself: training is
    # called weak only where the plain gain is below what is usual too.
    if _is_under(result.normalised_gain, usual.normalised) and _is_under(result.gain, usual.gain):
        yield Hint.LOW_GAIN
    if _is_under(group.effort, usual.effort):
        yield Hint.LOW_EFFORT
    if group.access is not None and group.access < LEAST_ACCESS:
        yield Hint.LOW_ACCESS
    if group.barriers:
        yield Hint.BARRIER


def _is_under(value: float | None, usual: float | None) -> bool:
    return value is not None and usual is not None and value < usual


class Step(StrEnum):
    """ADKAR: the five things a person needs for a change, in the order they are needed."""

    AWARENESS = "awareness"
    DESIRE = "desire"
    KNOWLEDGE = "knowledge"
    ABILITY = "ability"
    REINFORCEMENT = "reinforcement"


BARRIER_SCORE = 3.0


class OffTheScale(ValueError):
    """A score of ADKAR is outside 1 to 5."""


def barrier_point(scores: Mapping[Step, float]) -> Step | None:
    """The first of the five, in order, with a score of 3 or less; None when none is a barrier.

    Also None where a step before it is not known. Raises OffTheScale.
    """
    if any(not 1 <= score <= 5 for score in scores.values()):
        raise OffTheScale("ADKAR scores go from 1 to 5.")
    for step in Step:
        if step not in scores:
            return None
        if scores[step] <= BARRIER_SCORE:
            return step
    return None


class Level(IntEnum):
    """Kirkpatrick's four levels of what training does."""

    REACTION = 1
    LEARNING = 2
    BEHAVIOUR = 3
    RESULTS = 4


@dataclass(frozen=True, slots=True)
class LevelResult:
    """How many of those known at a level did well: liked it, passed, use it, reached the goal."""

    level: Level
    count: int
    among: int

    @property
    def share(self) -> float | None:
        return self.count / self.among if self.among else None

    @property
    def is_small(self) -> bool:
        return self.among < FEWEST_PEOPLE


def breaks_at(levels: Sequence[LevelResult], *, enough: float = 0.7) -> Level | None:
    """The lowest level at which too few did well while every level below it holds.

    None when all hold, or when a level before the break is unknown or counts too few.
    """
    known = {result.level: result for result in levels}
    for level in Level:
        result = known.get(level)
        if result is None or result.share is None:
            return None
        if level is not Level.RESULTS and result.is_small:
            return None
        if result.share < enough:
            return level
    return None
