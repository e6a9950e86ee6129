"""Circles are refused with the loop spelled out by name."""

import pytest

from adoption.scheduling import CircularPlan, Link, LinkType, Plan, calculate
from tests.adoption.plans import plan, step


def loop_of(broken: Plan) -> CircularPlan:
    with pytest.raises(CircularPlan) as caught:
        calculate(broken)
    return caught.value


def named(*names: str, links: tuple[tuple[int, int], ...]) -> Plan:
    steps = [step(str(i), name=name) for i, name in enumerate(names)]
    return plan(*steps, links=tuple(Link(str(a), str(b)) for a, b in links))


def test_the_loop_is_named_with_one_link_a_line() -> None:
    broken = named("Design", "Approve", "Train", "Report", links=((0, 1), (1, 2), (2, 0), (2, 3)))
    error = loop_of(broken)
    assert error.steps == ("Design", "Approve", "Train", "Design")
    assert error.headline.endswith("Design → Approve → Train → Design")
    assert str(error).splitlines()[1:] == ["Design → Approve", "Approve → Train", "Train → Design"]


def test_what_merely_follows_or_leads_to_a_loop_is_not_named() -> None:
    broken = named("Lead", "B", "C", "After", links=((0, 1), (1, 2), (2, 1), (2, 3)))
    assert loop_of(broken).steps == ("B", "C", "B")


def test_the_shortest_way_round_is_named() -> None:
    links = ((0, 1), (1, 2), (2, 3), (3, 0), (1, 0))
    assert loop_of(named("A", "B", "C", "D", links=links)).steps == ("A", "B", "A")


def test_a_step_that_waits_for_itself() -> None:
    assert loop_of(named("A", links=((0, 0),))).steps == ("A", "A")


def test_every_link_type_and_elapsed_lag_closes_a_loop() -> None:
    for kind in LinkType:
        for elapsed in (False, True):
            back = Link("B", "A", kind, -60, elapsed)
            assert loop_of(plan(step("A"), step("B"), links=(Link("A", "B"), back))).steps


@pytest.mark.parametrize(("before", "after"), [("Train", "T1"), ("T1", "Train")])
def test_a_summary_and_what_is_in_it(before: str, after: str) -> None:
    rows = (step("Train", 0), step("Inner", 0, parent="Train"), step("T1", parent="Inner"))
    error = loop_of(plan(*rows, links=(Link(before, after),)))
    assert error.steps == (before, after, before)


def test_a_loop_through_a_summary_names_the_summary() -> None:
    rows = (step("A"), step("Train", 0), step("T1", parent="Train"))
    error = loop_of(plan(*rows, links=(Link("A", "Train"), Link("T1", "A"))))
    assert error.steps == ("A", "Train", "T1", "A")


def test_a_very_long_loop_is_shortened() -> None:
    size = 500
    links = tuple((i, (i + 1) % size) for i in range(size))
    error = loop_of(named(*(f"Step {i}" for i in range(size)), links=links))
    assert len(error.steps) == size + 1
    assert "(461 more)" in error.headline
    assert len(error.headline) < 1000
