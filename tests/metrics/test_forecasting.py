import math
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engagements.budget import Line
from metrics.definitions import Baseline, Event, Milestone, Reading, Target
from metrics.forecasting import (
    FEWEST_READINGS,
    Outcome,
    agreed_amount,
    cost_index,
    hypercare,
    look_ahead,
    milestone_results,
    progress,
    stand,
    trend_start,
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
    turned,
)

amounts = st.floats(-1e6, 1e6).map(lambda amount: round(amount, 3))


@pytest.mark.parametrize(
    ("amount", "baseline", "target", "share"),
    [(50, 0, 100, 0.5), (30, 40, 20, 0.5), (330, 13, 480, 317 / 467), (10, 20, 40, -0.5)],
)
def test_progress_runs_from_baseline_to_target_both_ways(amount, baseline, target, share) -> None:
    assert progress(amount, baseline, target) == pytest.approx(share)


def test_progress_is_undefined_when_there_is_nothing_to_cover() -> None:
    assert progress(7, 5, 5) is None


@given(amounts, amounts, st.floats(0, 1))
def test_progress_undoes_the_way_from_baseline_to_target(baseline, target, share) -> None:
    assume(abs(target - baseline) > 1)
    amount = baseline + share * (target - baseline)
    assert progress(amount, baseline, target) == pytest.approx(share, abs=1e-6)


@given(amounts, amounts, amounts)
def test_progress_of_a_falling_target_mirrors_the_rising_one(amount, baseline, target) -> None:
    assert progress(amount, baseline, target) == progress(-amount, -baseline, -target)


def test_agreed_amounts_lie_on_straight_lines_between_the_agreed_points() -> None:
    course = make_measure().course
    assert agreed_amount(course, BASELINE.day - timedelta(days=9)) == 13
    assert agreed_amount(course, date(2026, 10, 16)) == 240
    assert agreed_amount(course, AS_OF) == pytest.approx(400 + 80 * 12 / 42)
    assert agreed_amount(course, TARGET.deadline) == 480
    assert agreed_amount(course, TARGET.deadline + timedelta(days=9)) == 480
    assert agreed_amount((), AS_OF) is None


def results_of(measure) -> list[tuple[str, date | None, date | None]]:
    return [(r.outcome.value, r.reached_date, r.lost_date) for r in milestone_results(measure)]


def test_milestones_reached_kept_and_lost() -> None:
    assert results_of(turned()) == [
        ("kept", date(2026, 9, 22), None),
        ("kept", date(2026, 10, 15), None),
        ("lost", date(2026, 10, 27), date(2026, 11, 7)),
    ]


def test_a_milestone_found_again_counts_from_its_first_day() -> None:
    readings = daily(lambda day: {40: 399, 41: 399}.get(day, 13 + 11 * day))
    last = milestone_results(make_measure(readings))[-1]
    assert (last.outcome, last.lost_date) == (Outcome.KEPT, None)
    assert last.days_early == (date(2026, 11, 6) - date(2026, 10, 7)).days


def test_milestones_ahead_are_open_and_past_ones_missed() -> None:
    later = Milestone("Later", 470, AS_OF + timedelta(days=5))
    today = Milestone("Today", 470, AS_OF)
    missed = Milestone("Past", 470, AS_OF - timedelta(days=1))
    measure = replace(rising(2), milestones=(later, today, missed))
    assert [r.outcome for r in milestone_results(measure)] == [
        Outcome.MISSED,
        Outcome.OPEN,
        Outcome.OPEN,
    ]


def test_what_was_so_before_the_baseline_reaches_no_milestone() -> None:
    before = Reading(BASELINE.day - timedelta(days=3), 500)
    measure = make_measure((before, *daily(lambda _: 20)))
    assert {result.outcome for result in milestone_results(measure)} == {Outcome.MISSED}


def test_standing_compares_with_a_reading_that_shares_no_day() -> None:
    standing = stand(rising())
    assert standing.earlier is not None
    assert standing.earlier.day == AS_OF - timedelta(days=28)
    assert standing.progress == pytest.approx((442 - 13) / 467)
    assert standing.agreed_progress == pytest.approx((400 + 80 * 12 / 42 - 13) / 467)


def test_standing_without_readings_or_agreement_claims_nothing() -> None:
    empty = stand(make_measure())
    assert (empty.progress, empty.agreed_amount, empty.earlier) == (None, None, None)
    bare = stand(make_measure(daily(lambda day: day), baseline=None, target=None))
    assert (bare.progress, bare.agreed_amount) == (None, None)


def test_the_forecast_goes_on_from_the_last_reading_with_the_recent_slope() -> None:
    outlook = look_ahead(rising(5))
    assert outlook is not None
    assert outlook.steps[0].day == AS_OF
    assert (outlook.steps[0].low, outlook.steps[0].amount, outlook.steps[0].high) == (403,) * 3
    assert outlook.end.day == TARGET.deadline
    assert outlook.end.amount == pytest.approx(403 + 5 * 30)
    assert outlook.reached_date == AS_OF + timedelta(days=math.ceil(77 / 5))


def test_the_trend_is_recent_not_the_whole_history() -> None:
    outlook = look_ahead(turned())
    assert outlook is not None
    assert outlook.trend.slope < 0
    assert outlook.reached_date is None
    assert outlook.dates is None


def test_the_cautious_date_is_the_later_of_both_forecasts() -> None:
    outlook = look_ahead(rising(4))
    assert outlook is not None
    assert outlook.dates is not None
    assert outlook.reached_date is not None
    assert outlook.steady_date is not None
    assert outlook.dates == tuple(sorted((outlook.reached_date, outlook.steady_date)))


def test_the_trend_starts_at_a_change_of_plan() -> None:
    change = Event(AS_OF - timedelta(days=10), "More trainers", changes_plan=True)
    plain = Event(AS_OF - timedelta(days=5), "Holiday")
    measure = replace(rising(), events=(change, plain))
    assert trend_start(measure) == change.day
    outlook = look_ahead(measure)
    assert outlook is not None
    assert outlook.trend.count == 11


def test_sparse_readings_reach_back_for_four() -> None:
    monthly = tuple(Reading(date(2026, month, 1), 40 * month) for month in range(3, 12))
    measure = make_measure(monthly, definition=replace(FALLING, lowest=None), target=None)
    assert trend_start(measure) == date(2026, 8, 1)
    assert trend_start(rising()) == AS_OF - timedelta(days=28)


def test_a_window_that_only_fills_up_is_no_trend() -> None:
    young = rising()
    assert look_ahead(replace(young, whole_from=AS_OF - timedelta(days=3))) is None
    assert look_ahead(replace(young, whole_from=AS_OF - timedelta(days=9))) is not None


@pytest.mark.parametrize("days", range(1, 8))
def test_too_few_days_carry_no_forecast(days) -> None:
    measure = make_measure(daily(lambda day: 20 + day, days=days))
    measure = replace(measure, as_of=START + timedelta(days=days - 1))
    assert look_ahead(measure) is None


def test_too_few_readings_carry_no_forecast() -> None:
    days = [AS_OF - timedelta(days=7 * back) for back in range(FEWEST_READINGS)][::-1]
    readings = tuple(Reading(day, 100 + at) for at, day in enumerate(days))
    assert look_ahead(make_measure(readings)) is not None
    assert look_ahead(make_measure(readings[1:])) is None


def test_no_forecast_once_reached_due_stale_or_small() -> None:
    assert look_ahead(rising(9)) is None
    assert look_ahead(replace(rising(), target=Target("x", 480, AS_OF))) is None
    assert look_ahead(replace(rising(), as_of=AS_OF + timedelta(days=8))) is None
    assert look_ahead(replace(rising(), target=None)) is None
    small = Target("x", 4, TARGET.deadline)
    few = make_measure(daily(lambda _: 3), baseline=Baseline(0, BASELINE.day), target=small)
    assert look_ahead(few) is None


def test_no_count_of_people_falls_below_zero() -> None:
    outlook = look_ahead(make_measure(daily(lambda day: max(0, 300 - 4 * day))))
    assert outlook is not None
    assert all(0 <= step.low <= step.amount <= step.high for step in outlook.steps)


def test_a_falling_measure_reaches_its_target_downwards() -> None:
    readings = tuple(Reading(START + timedelta(days=7 * at), 41.5 - 1.5 * at) for at in range(12))
    measure = make_measure(
        readings,
        definition=FALLING,
        baseline=Baseline(41.5, BASELINE.day),
        target=Target("fewer tickets", 20, TARGET.deadline),
        milestones=(Milestone("Down to 30", 30, date(2026, 11, 1)),),
    )
    outlook = look_ahead(measure)
    assert outlook is not None
    assert outlook.trend.slope == pytest.approx(-1.5 / 7)
    assert outlook.reached_date == date(2026, 12, 11)
    assert milestone_results(measure)[0].outcome is Outcome.KEPT


def test_a_finish_beyond_three_years_is_not_named() -> None:
    slow = look_ahead(rising(0.05, start=20))
    assert slow is not None
    assert slow.reached_date is None


@given(st.lists(st.integers(0, 600), min_size=8, max_size=79))
def test_every_forecast_stays_inside_its_own_range(series) -> None:
    measure = make_measure(daily(lambda day: series[day], days=len(series)))
    measure = replace(measure, as_of=START + timedelta(days=len(series) - 1))
    outlook = look_ahead(measure)
    if outlook is None:
        return
    days = [step.day for step in outlook.steps]
    assert days == sorted(set(days))
    assert all(0 <= step.low <= step.amount <= step.high for step in outlook.steps)


def test_cost_index_and_the_reserve_for_hypercare() -> None:
    line = Line(budget=Decimal(100), actual=Decimal(60), done=Decimal("0.5"))
    assert cost_index(line) == Decimal(50) / Decimal(60)
    assert line.expected == Decimal(120)
    assert cost_index(Line(budget=Decimal(100))) is None
    reserve = [Line(budget=Decimal(20_000), actual=Decimal(12_000))]
    found = hypercare(reserve, elapsed=Decimal("0.5"), remaining=Decimal(3_000))
    assert (found.projected, found.over, found.is_covered) == (24_000, 4_000, False)
    assert hypercare(reserve, elapsed=None, remaining=None).over is None
