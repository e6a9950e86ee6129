from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.learning import (
    GroupScores,
    Hint,
    Level,
    LevelResult,
    OffTheScale,
    PersonScore,
    Step,
    assess,
    barrier_point,
    breaks_at,
    groups_of,
    matched,
    normalised_gain,
    passing_people,
)
from tests.metrics.groups import GROUPS, LEARNING


def test_only_c_is_below_the_standard_by_nine() -> None:
    (below,) = LEARNING.below
    assert (below.group.name, below.group.after, below.gap) == ("C", 56, 9)
    assert (LEARNING.passing.count, LEARNING.passing.among) == (5, 6)


def test_c_started_lowest_and_gained_forty_so_its_start_is_named_and_not_its_training() -> None:
    (below,) = LEARNING.below
    assert (below.group.before, below.gain, below.starts_lowest) == (16, 40, True)
    assert below.hints == (Hint.LOW_START, Hint.LOW_EFFORT)
    assert below.group.effort == 0.08
    assert below.passed_with_less == ("F",)


def test_the_normalised_gains_of_the_source() -> None:
    gains = [round(result.normalised_gain or 0, 3) for result in LEARNING.results]
    assert gains == [0.686, 0.818, 0.476, 0.957, 0.442, 0.6]


def test_a_met_the_standard_before_any_training() -> None:
    assert [result.group.name for result in LEARNING.met_before] == ["A"]
    assert LEARNING.results[0].passes


def test_a_group_that_learnt_less_than_usual_is_told_so() -> None:
    weak = assess([*GROUPS[:2], *GROUPS[3:], GroupScores(key="g", name="G", before=60, after=62)])
    assert weak.below[0].hints == (Hint.LOW_GAIN,)


def test_access_and_barriers_stand_beside_a_low_score() -> None:
    barred = replace(GROUPS[2], access=0.5, barriers=("No time to learn",))
    (below,) = assess([*GROUPS[:2], barred, *GROUPS[3:]]).below
    assert below.hints == (Hint.LOW_START, Hint.LOW_EFFORT, Hint.LOW_ACCESS, Hint.BARRIER)


def test_few_people_or_few_groups_carry_no_hint() -> None:
    few = [*GROUPS[:2], replace(GROUPS[2], n=3), *GROUPS[3:]]
    assert assess(few).below[0].hints == ()
    pair = assess([GROUPS[0], GROUPS[2]]).below[0]
    assert (pair.hints, pair.starts_lowest) == ((), False)


def test_a_score_that_is_missing_is_not_a_low_one() -> None:
    (result,) = assess([GroupScores(key="x", name="X", before=50, after=None)]).results
    assert (result.gap, result.gain, result.passes, result.is_below) == (None, None, False, False)
    assert normalised_gain(100, 100) is None


def person(number: int, before: float | None, after: float | None, group: str = "a") -> PersonScore:
    return PersonScore(person=str(number), group=group, before=before, after=after)


def test_only_people_with_both_tests_are_compared() -> None:
    scores = [person(1, 40, 80), person(2, 60, 90), person(3, 10, None), person(4, None, 100)]
    found = matched(scores)
    assert (found.n, found.before, found.after) == (2, 50, 85)
    assert (found.only_before, found.only_after, found.is_small) == (1, 1, True)
    assert matched([]).before is None


def test_passing_users_and_passing_groups_are_counted_apart() -> None:
    scores = [person(at, 30, 90) for at in range(8)]
    scores += [person(10 + at, 30, 40, "b") for at in range(2)]
    scores.append(person(20, 30, None, "b"))
    people = passing_people(scores)
    assert (people.count, people.among, people.untested) == (8, 10, 1)
    groups = assess(groups_of(scores, {"a": "A", "b": "B"})).passing
    assert (groups.count, groups.among, groups.share) == (1, 2, 0.5)
    assert passing_people([]).share is None


@given(st.floats(0, 99), st.floats(0, 100))
def test_a_normalised_gain_never_passes_one_and_has_the_sign_of_the_gain(before, after) -> None:
    found = normalised_gain(before, after)
    assert found is not None
    assert found <= 1
    assert (found > 0) == (after > before)


def test_the_barrier_point_is_the_first_step_of_three_or_less() -> None:
    scores = dict(zip(Step, [5, 4, 3, 2, 5], strict=True))
    assert barrier_point(scores) is Step.KNOWLEDGE
    assert barrier_point(dict.fromkeys(Step, 3.1)) is None
    del scores[Step.DESIRE]
    assert barrier_point(scores) is None
    with pytest.raises(OffTheScale):
        barrier_point({Step.AWARENESS: 0})


def test_training_breaks_at_the_first_level_that_does_not_hold() -> None:
    levels = [
        LevelResult(level, count, 20) for level, count in zip(Level, (18, 17, 6), strict=False)
    ]
    assert breaks_at(levels) is Level.BEHAVIOUR
    assert breaks_at(levels[:2]) is None
    assert breaks_at([replace(levels[0], among=4, count=0)]) is None
    assert (
        breaks_at(
            [*levels[:2], LevelResult(Level.BEHAVIOUR, 19, 20), LevelResult(Level.RESULTS, 1, 3)]
        )
        is Level.RESULTS
    )
