from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from metrics.definitions import Baseline, Reading, Target
from metrics.scoring import (
    BANDS,
    Absence,
    Band,
    Basis,
    Model,
    Rating,
    UnsoundModel,
    band_of,
    compare,
    model_faults,
    rate,
    scale,
    score,
)
from tests.metrics.measures import (
    AS_OF,
    BASELINE,
    FALLING,
    START,
    TARGET,
    daily,
    make_measure,
    rising,
)

MODEL = Model(1, {"use": 30, "route": 50, "tests": 20})


def ratings(**scores: float | None) -> dict[str, Rating]:
    return {
        key: Rating(value, None if value is not None else Absence.STALE)
        for key, value in scores.items()
    }


def test_the_score_is_the_weighted_mean_of_what_has_data() -> None:
    health = score(MODEL, ratings(use=68, route=40, tests=90))
    assert health.value == pytest.approx((30 * 68 + 50 * 40 + 20 * 90) / 100)
    assert (health.coverage, health.band, health.version) == (1.0, BANDS[1], 1)
    assert [part.key for part in health.parts] == ["route", "use", "tests"]


def test_what_has_no_data_takes_no_part_and_the_coverage_says_so() -> None:
    health = score(MODEL, ratings(use=68, tests=90))
    assert health.value == pytest.approx((30 * 68 + 20 * 90) / 50)
    assert health.coverage == 0.5
    assert not health.is_thin
    assert [(part.key, part.absence) for part in health.left_out] == [("route", Absence.NOT_READ)]
    assert score(MODEL, ratings(tests=90, use=None)).is_thin


def test_nothing_known_is_no_score_rather_than_zero() -> None:
    health = score(MODEL, {})
    assert (health.value, health.band, health.coverage) == (None, None, 0.0)
    assert health.costliest is None
    assert compare(health, health) is None


def test_each_part_says_what_it_brings_and_what_it_costs() -> None:
    health = score(MODEL, ratings(use=70, route=40, tests=100))
    assert {part.key: (part.points, part.lost) for part in health.parts} == {
        "route": (20, 30),
        "use": (21, 9),
        "tests": (20, 0),
    }
    assert health.costliest == health.parts[0]
    assert score(MODEL, ratings(use=100)).costliest is None


scores = st.one_of(st.none(), st.floats(0, 100))


@given(st.lists(st.tuples(st.floats(0, 1e3), scores), min_size=1, max_size=12))
def test_points_add_up_to_the_value_and_losses_to_what_is_missing(found) -> None:
    assume(any(weight > 1e-6 for weight, _ in found))
    model = Model(1, {str(at): weight for at, (weight, _) in enumerate(found)})
    health = score(model, ratings(**{str(at): value for at, (_, value) in enumerate(found)}))
    assert 0 <= health.coverage <= 1
    if health.value is None:
        return
    known = [part.score for part in health.counted if part.share]
    assert min(known) - 1e-6 <= health.value <= max(known) + 1e-6
    assert sum(part.points for part in health.parts) == pytest.approx(health.value)
    assert sum(part.lost for part in health.parts) == pytest.approx(100 - health.value)


@given(st.floats(0, 100))
def test_every_score_falls_into_exactly_one_band(value) -> None:
    fits = [
        band
        for band, floor in zip(BANDS, [0, 50, 80], strict=True)
        if floor <= value and (band is BANDS[-1] or value < BANDS[BANDS.index(band) + 1].floor)
    ]
    assert [band_of(value)] == fits


def test_bands_hold_their_floor_and_not_the_next() -> None:
    assert [band_of(value).key for value in (0, 49.999, 50, 79.999, 80, 100)] == [
        *("act", "act", "watch", "watch", "good", "good")
    ]


@pytest.mark.parametrize(
    ("weights", "bands", "said"),
    [
        ({"a": -1}, BANDS, "A weight is a number from 0 on."),
        ({"a": float("nan")}, BANDS, "A weight is a number from 0 on."),
        ({"a": 0}, BANDS, "At least one measure needs a weight above 0."),
        ({"a": 1}, (Band("x", 10),), "The lowest band starts at 0."),
        ({"a": 1}, (Band("x", 0), Band("y", 0)), "Each band starts above the one below it."),
        ({"a": 1}, (Band("x", 0), Band("y", 101)), "The highest band starts at 100 at most."),
    ],
)
def test_models_that_leave_scores_without_a_meaning_are_refused(weights, bands, said) -> None:
    assert said in model_faults(weights, bands)
    with pytest.raises(UnsoundModel):
        Model(1, weights, bands)


def test_a_measure_where_it_was_agreed_to_be_today_has_all_of_its_score() -> None:
    halfway = make_measure(
        daily(lambda _: 246), target=Target("x", 480, AS_OF + (AS_OF - BASELINE.day)), milestones=()
    )
    assert rate(halfway).score == pytest.approx(100, abs=0.5)
    assert rate(halfway, basis=Basis.TARGET).score == pytest.approx(50, abs=0.2)


def test_a_falling_measure_scores_on_its_way_down() -> None:
    falling = make_measure(
        (Reading(AS_OF, 26.75),),
        definition=FALLING,
        baseline=Baseline(41.5, BASELINE.day),
        target=Target("x", 12, TARGET.deadline),
        milestones=(),
    )
    assert rate(falling, basis=Basis.TARGET).score == pytest.approx(50)
    worse = replace(falling, readings=(Reading(AS_OF, 60),))
    assert rate(worse).score == 0


@pytest.mark.parametrize(
    ("measure", "absence"),
    [
        (make_measure(), Absence.NOT_READ),
        (replace(rising(), target=None), Absence.NO_TARGET),
        (replace(rising(), as_of=AS_OF + timedelta(days=20)), Absence.STALE),
        (replace(rising(), target=Target("x", 13, TARGET.deadline)), Absence.NO_WAY),
        (
            make_measure(
                daily(lambda _: 3), baseline=Baseline(0, START), target=Target("x", 4, AS_OF)
            ),
            Absence.SMALL,
        ),
        (
            replace(rising(), baseline=Baseline(13, AS_OF + timedelta(days=1)), milestones=()),
            Absence.NOT_DUE,
        ),
    ],
    ids=lambda value: value.value if isinstance(value, Absence) else "",
)
def test_a_measure_that_can_say_nothing_says_why(measure, absence) -> None:
    assert rate(measure).absence is absence
    assert rate(measure).score is None


def test_a_scale_stands_in_for_a_target_both_ways() -> None:
    assert scale(0.3, worst=0.1, best=0.5) == pytest.approx(50)
    assert scale(30, worst=50, best=10) == 50
    assert (scale(-9, worst=0, best=1), scale(9, worst=0, best=1)) == (0, 100)
    assert scale(1, worst=1, best=1) is None


def test_a_change_is_shared_out_among_the_parts() -> None:
    before = score(MODEL, ratings(use=90, route=60, tests=90))
    now = score(MODEL, ratings(use=70, route=54, tests=90))
    change = compare(before, now)
    assert change is not None
    assert change.is_like
    assert [(part.key, round(part.difference, 6)) for part in change.parts] == [
        *(("use", -6), ("route", -3), ("tests", 0))
    ]
    assert change.difference == pytest.approx(sum(part.difference for part in change.parts))


def test_a_change_of_what_is_counted_names_no_measure_as_its_cause() -> None:
    whole = score(MODEL, ratings(use=90, route=60, tests=90))
    thinner = score(MODEL, ratings(use=90, route=60))
    other = score(replace(MODEL, version=2), ratings(use=90, route=60, tests=90))
    assert [compare(whole, now).is_like for now in (thinner, other)] == [False, False]
