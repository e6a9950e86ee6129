"""What holds for every plan."""

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from adoption.scheduling import Activity, ConstraintType, Link, LinkType, Plan, Schedule, calculate
from tests.adoption.networks import CALENDARS, random_plan
from tests.adoption.plans import DAY, START

seeds = st.integers(0, 10**9)


@st.composite
def free_plans(draw: st.DrawFn, clocks: st.SearchStrategy[bool] | None = None) -> Plan:
    """Plans without constraints, deadlines or progress; links only forward, so without circles.

    With `clocks` some lags count the clock instead of working time.
    """
    size = draw(st.integers(1, 12))
    durations = draw(st.lists(st.integers(0, 2000), min_size=size, max_size=size))
    links = draw(
        st.lists(
            st.builds(
                Link,
                st.integers(0, size - 1).map(str),
                st.integers(0, size - 1).map(str),
                st.sampled_from(LinkType),
                st.integers(-1000, 2000),
                st.just(False) if clocks is None else clocks,
            ).filter(lambda link: int(link.before) < int(link.after)),
            max_size=20,
        )
    )
    activities = tuple(Activity(str(i), f"Step {i}", d) for i, d in enumerate(durations))
    return Plan(START, activities, tuple(links), draw(st.sampled_from(CALENDARS)))


def ends(schedule: Schedule, key: str) -> dict[str, int]:
    i = schedule.network.outline.index[key]
    return {"S": schedule.columns.early_start[i], "F": schedule.columns.early_finish[i]}


@given(free_plans())
def test_nothing_begins_before_its_predecessors_allow(plan: Plan) -> None:
    schedule = calculate(plan)
    for link in plan.links:
        before, after = ends(schedule, link.before), ends(schedule, link.after)
        assert after[link.type[1]] >= before[link.type[0]] + link.lag


@given(free_plans(clocks=st.booleans()))
def test_nor_before_the_clock_allows(plan: Plan) -> None:
    """A lag of the clock runs at night too, from the moment at which the earlier end lies."""
    schedule = calculate(plan)
    for link in plan.links:
        if not link.elapsed:
            continue
        before, after = ends(schedule, link.before), ends(schedule, link.after)
        axis, waits = schedule.axis, timedelta(minutes=link.lag)
        read = {"S": axis.begins, "F": axis.ends}
        earliest = read[link.type[0]](before[link.type[0]]) + waits
        assert axis.begins(after[link.type[1]]) >= earliest


@given(free_plans())
def test_float_is_never_negative_and_something_is_critical(plan: Plan) -> None:
    schedule = calculate(plan)
    assert all(row.free_float >= 0 and row.total_float >= 0 for row in schedule)
    assert any(row.critical for row in schedule)


@given(free_plans(), st.data())
def test_using_up_total_float_keeps_the_finish_and_a_minute_more_moves_it(
    plan: Plan, data: st.DataObject
) -> None:
    schedule = calculate(plan)
    chosen = data.draw(st.sampled_from(plan.activities))
    i = schedule.network.outline.index[chosen.key]
    late = schedule.columns.early_start[i] + schedule.columns.total_float[i]
    for minutes, moves in ((0, False), (1, True)):
        held = replace(
            chosen,
            constraint=ConstraintType.SNET,
            constraint_at=schedule.axis.begins(late + minutes),
        )
        changed = calculate(replace(plan, activities=_with(plan, held)))
        assert changed.finish_point - schedule.finish_point == (minutes if moves else 0)


@given(free_plans(), st.data())
def test_moving_a_critical_step_by_a_day_moves_the_finish_by_a_day(
    plan: Plan, data: st.DataObject
) -> None:
    """A day of work, on the plan's own calendar, whichever that is. It is a day of the clock as
    well where every day is worked day and night; a lag or a step that counts the clock over a
    weekend may swallow a part of it.
    """
    schedule = calculate(plan)
    key = data.draw(st.sampled_from([row.key for row in schedule if row.critical]))
    i = schedule.network.outline.index[key]
    held = replace(
        plan.activities[i],
        constraint=ConstraintType.SNET,
        constraint_at=schedule.axis.begins(schedule.columns.early_start[i] + DAY),
    )
    moved = calculate(replace(plan, activities=_with(plan, held)))
    assert moved.finish_point == schedule.finish_point + DAY


@given(seeds)
def test_the_order_of_input_never_matters(seed: int) -> None:
    plan = random_plan(seed)
    activities, links = list(plan.activities), list(plan.links)
    random.Random(seed).shuffle(activities)
    random.Random(seed + 1).shuffle(links)
    shuffled = replace(plan, activities=tuple(activities), links=tuple(links))
    rows = {row.key: row for row in calculate(plan)}
    assert rows == {row.key: row for row in calculate(shuffled)}


def _with(plan: Plan, changed: Activity) -> tuple[Activity, ...]:
    return tuple(changed if a.key == changed.key else a for a in plan.activities)


@given(free_plans(), st.data())
def test_using_up_the_slack_to_a_step_keeps_it_and_a_minute_more_moves_it(
    plan: Plan, data: st.DataObject
) -> None:
    schedule = calculate(plan)
    goal = data.draw(st.sampled_from(plan.activities)).key
    for key, slack in schedule.slack_to(goal).items():
        i = schedule.network.outline.index[key]
        for minutes, moves in ((0, False), (1, True)):
            held = replace(
                plan.activities[i],
                constraint=ConstraintType.SNET,
                constraint_at=schedule.axis.begins(schedule.positions[i] + slack + minutes),
            )
            changed = calculate(replace(plan, activities=_with(plan, held)))
            assert ends(changed, goal)["S"] - ends(schedule, goal)["S"] == (minutes if moves else 0)
