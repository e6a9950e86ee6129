# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""What a plan asks of its resources, and what levelling would move."""

from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from adoption.loading import Booked, Demand, Need, level
from adoption.loading.loads import open_spans
from adoption.loading.profile import Profile
from adoption.scheduling import Activity, ConstraintType, Link, Plan, Schedule, calculate
from tests.adoption.plans import DAY, START, plan, step

ONE = 100


def demand(
    *needs: tuple[str, str, int], booked: tuple[Booked, ...] = (), **capacities: int
) -> Demand:
    return Demand(tuple(Need(*need) for need in needs), capacities, booked)


def test_two_packages_at_once_ask_for_more_than_one_person() -> None:
    schedule = calculate(plan(step("A", 3), step("B", 2), step("C", 2), links=(Link("B", "C"),)))
    loads = demand(("A", "ana", ONE), ("B", "ana", ONE), ("C", "ana", 50), ana=ONE).loads(schedule)
    (overload,) = loads.overloads()
    assert (overload.start, overload.finish, overload.peak) == (0, 3 * DAY, 200)
    assert overload.packages == ("A", "B", "C")
    assert loads.peaks("ana", [0, 2 * DAY, 3 * DAY, 4 * DAY, 9 * DAY]) == [200, 150, 50, 0]
    assert loads.minutes("ana") == 6 * DAY


def test_what_touches_does_not_overlap() -> None:
    schedule = calculate(plan(step("A", 3), step("B", 2), links=(Link("A", "B"),)))
    assert not demand(("A", "ana", ONE), ("B", "ana", ONE), ana=ONE).loads(schedule).overloads()


def test_finished_work_asks_for_nothing_and_what_is_over_is_past() -> None:
    done = step("A", 3, actual_start=START, actual_finish=datetime(2026, 1, 7, 17))
    schedule = calculate(plan(done, step("B", 3), step("C", 1)))
    loads = demand(("A", "ana", ONE), ("B", "ana", ONE), ("C", "ana", ONE), ana=ONE).loads(schedule)
    assert [one.packages for one in loads.overloads()] == [("B", "C")]
    assert loads.overloads(since=DAY) == ()


def test_what_another_plan_asks_for_counts_as_well() -> None:
    schedule = calculate(plan(step("A", 3)))
    elsewhere = Booked("ana", DAY, 2 * DAY, ONE, "Solberg")
    (overload,) = (
        demand(("A", "ana", ONE), booked=(elsewhere,), ana=ONE).loads(schedule).overloads()
    )
    assert (overload.start, overload.finish) == (DAY, 2 * DAY)
    assert overload.elsewhere == ("Solberg",)


def test_whoever_has_float_waits() -> None:
    chain = (step("A", 3), step("B", 3), step("C", 2))
    schedule = calculate(plan(*chain, links=(Link("A", "C"),)))
    found = level(schedule, demand(("A", "ana", ONE), ("B", "ana", ONE), ana=ONE))
    assert [(one.key, one.minutes, one.waits) for one in found.moved] == [("B", 3 * DAY, True)]
    assert found.not_before == {"B": datetime(2026, 1, 8, 8)}
    assert (found.finish_minutes, found.solved, found.remaining) == (DAY, 1, ())


def test_priority_goes_before_float() -> None:
    schedule = calculate(plan(step("A", 3), step("B", 3), step("C", 2), links=(Link("A", "C"),)))
    asked = demand(("A", "ana", ONE), ("B", "ana", ONE), ana=ONE)
    found = level(schedule, replace(asked, priorities={"B": 900}))
    moved = {one.key: (one.minutes, one.waits) for one in found.moved}
    assert moved == {"A": (3 * DAY, True), "C": (3 * DAY, False)}


def test_fixed_work_stays_and_what_asks_too_much_is_told() -> None:
    fixed = step("B", 2, constraint=ConstraintType.MSO, constraint_at=datetime(2026, 1, 6, 8))
    schedule = calculate(plan(step("A", 2), fixed, step("C", 1)))
    asked = demand(("A", "ana", ONE), ("B", "ana", ONE), ("C", "ana", 2 * ONE), ana=ONE)
    found = level(schedule, asked)
    assert [one.key for one in found.moved] == ["A"]
    assert found.not_before["A"] == datetime(2026, 1, 8, 8)
    assert [one.packages for one in found.remaining] == [("C",)]


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, Demand]:
    count = draw(st.integers(2, 9))
    activities, links, needs = [], [], []
    for i in range(count):
        activities.append(_activity(draw, str(i)))
        if i and draw(st.booleans()):
            links.append(Link(str(draw(st.integers(0, i - 1))), str(i)))
        for who in draw(st.sets(st.sampled_from(["ana", "ben", "room"]), max_size=2)):
            needs.append(Need(str(i), who, draw(st.sampled_from([50, 100]))))
    priorities = {str(i): draw(st.sampled_from([300, 500, 700])) for i in range(count)}
    capacities = {"ana": 100, "ben": 100, "room": 150}
    return plan(*activities, links=tuple(links)), Demand(tuple(needs), capacities, (), priorities)


def _activity(draw: st.DrawFn, key: str) -> Activity:
    days = draw(st.sampled_from([0, 0.5, 1, 2, 3]))
    if draw(st.integers(0, 7)) == 0:
        return step(key, days, actual_start=START, actual_finish=datetime(2026, 1, 6, 17))
    return step(key, days)


def spans(schedule: Schedule) -> dict[str, tuple[int, int]]:
    return open_spans(schedule)


@given(plans())
def test_nothing_is_asked_for_twice_after_levelling(case: tuple[Plan, Demand]) -> None:
    planned, asked = case
    schedule = calculate(planned)
    found = level(schedule, asked)
    assert found.remaining == ()
    before, after = spans(schedule), spans(found.after)
    assert all(after[key][0] >= start for key, (start, _) in before.items())
    done = {activity.key for activity in planned.activities if activity.actual_finish}
    assert done.isdisjoint(one.key for one in found.moved)
    if not asked.loads(schedule).overloads():
        assert found.moved == ()


@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(case: tuple[Plan, Demand], rng: object) -> None:
    planned, asked = case
    activities, needs = list(planned.activities), list(asked.needs)
    rng.shuffle(activities)  # type: ignore[attr-defined]
    rng.shuffle(needs)  # type: ignore[attr-defined]
    mixed = calculate(replace(planned, activities=tuple(activities)))
    one = level(calculate(planned), asked)
    other = level(mixed, replace(asked, needs=tuple(needs)))
    assert one.not_before == other.not_before


spans_asked = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 5)), max_size=8
)


@given(spans_asked, st.integers(0, 30), st.integers(0, 30), st.integers(0, 12))
def test_a_profile_is_the_sum_of_what_was_put_in(
    spans: list[tuple[int, int, int]], start: int, finish: int, room: int
) -> None:
    profile = Profile()
    for span in spans:
        profile.add(*span)
    levels = [sum(n for a, b, n in spans if a <= point < b) for point in range(31)]
    found = [0] * 31
    for a, b, n in profile.steps():
        found[a:b] = [n] * (b - a)
    assert found[:30] == levels[:30]
    inside = levels[start:finish]
    assert profile.peak(start, finish) == max(inside, default=0)
    over = [point for point in range(start, finish) if levels[point] > room]
    end = profile.conflict(start, finish, room)
    assert (end is None) == (not over)
    assert end is None or (levels[end - 1] > room and end > over[0])
