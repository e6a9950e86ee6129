# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""Summaries add up their leaves."""

from dataclasses import replace
from datetime import datetime

import pytest

from adoption.scheduling import Activity, Link, Summary, calculate, roll_up
from tests.adoption.plans import DAY, plan, step


def summary_of(*leaves: Activity) -> Summary:
    rows = (step("S", 0), *(replace(leaf, parent="S") for leaf in leaves))
    return roll_up(calculate(plan(*rows)))["S"]


def test_dates_and_float_are_the_outermost() -> None:
    schedule = calculate(
        plan(
            step("1", 0),
            step("1.1", 0, parent="1"),
            step("1.1.1", 2, parent="1.1"),
            step("1.2", 3, parent="1"),
            step("2", 9),
            links=(Link("1.1.1", "1.2"),),
        )
    )
    summaries = roll_up(schedule)
    assert (summaries["1"].start, summaries["1"].finish) == (
        datetime(2026, 1, 5, 8),
        datetime(2026, 1, 9, 17),
    )
    assert summaries["1.1"].finish == datetime(2026, 1, 6, 17)
    assert (summaries["1"].total_float, summaries["1"].critical) == (4 * DAY, False)


def test_percent_weighs_by_duration_when_efforts_are_missing() -> None:
    assert summary_of(step("A", 1, percent=100), step("B", 3, percent=20)).percent == 40
    assert summary_of(step("A", 1, percent=100, effort=900), step("B", 3)).percent == 25


def test_percent_weighs_by_effort_when_all_have_one() -> None:
    mixed = (step("A", 1, percent=100, effort=900), step("B", 3, effort=100))
    assert summary_of(*mixed).percent == 90


def test_percent_is_never_an_average_of_averages() -> None:
    rows = (
        step("S", 0),
        step("S1", 0, parent="S"),
        step("S2", 0, parent="S"),
        *(step(f"a{i}", 1, parent="S1", percent=100) for i in range(3)),
        step("b", 1, parent="S2"),
    )
    summaries = roll_up(calculate(plan(*rows)))
    assert (summaries["S"].percent, summaries["S1"].percent, summaries["S2"].percent) == (
        75,
        100,
        0,
    )


def test_milestones_count_as_stated_only_among_themselves() -> None:
    assert summary_of(step("M", 0, percent=100), step("A", 1)).percent == 0
    assert summary_of(step("M", 0, percent=100), step("N", 0)).percent == 50


@pytest.mark.parametrize("percent", [99.99, 99.999999])
def test_nearly_done_is_not_done(percent: float) -> None:
    found = summary_of(step("A", 1, percent=100), step("B", 1, percent=percent))
    assert (found.percent, found.complete) == (99.9, False)


def test_a_summary_completes_when_all_its_leaves_do() -> None:
    finished = replace(step("B", 1), actual_finish=datetime(2026, 1, 7, 17))
    found = summary_of(step("A", 1, percent=100), finished)
    assert (found.percent, found.complete) == (100, True)
