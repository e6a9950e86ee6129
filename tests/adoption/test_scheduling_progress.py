# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""Work done and under way: actual dates, what is left, the status date, retained logic."""

from dataclasses import replace
from datetime import datetime

from adoption.scheduling import Activity, Link, LinkType, calculate
from tests.adoption.plans import DAY, plan, step

STATUS = datetime(2026, 1, 14, 8)


def done(activity: Activity, start: int, finish: int) -> Activity:
    """Finished on these days of January."""
    return replace(
        activity,
        actual_start=datetime(2026, 1, start, 8),
        actual_finish=datetime(2026, 1, finish, 17),
        percent=100,
    )


def running(activity: Activity, start: int, days_left: float) -> Activity:
    return replace(
        activity, actual_start=datetime(2026, 1, start, 8), remaining=round(days_left * DAY)
    )


def test_finished_work_keeps_its_dates_and_has_no_float() -> None:
    links = (Link("A", "B"),)
    schedule = calculate(plan(done(step("A", 5), 6, 13), step("B"), links=links, status_at=STATUS))
    finished = schedule["A"]
    assert (finished.early_start, finished.early_finish) == (
        datetime(2026, 1, 6, 8),
        datetime(2026, 1, 13, 17),
    )
    assert (finished.total_float, finished.free_float, finished.critical) == (0, 0, False)
    assert schedule["B"].early_start == STATUS
    assert schedule.drivers("B") == ("A",)


def test_unstarted_work_waits_for_the_status_date() -> None:
    schedule = calculate(plan(step("A", 2), status_at=STATUS))
    assert schedule["A"].early_start == STATUS


def test_running_work_goes_on_from_the_status_date() -> None:
    schedule = calculate(plan(running(step("A", 5), 6, 3), status_at=STATUS))
    assert schedule["A"].early_start == datetime(2026, 1, 6, 8)
    assert schedule["A"].early_finish == datetime(2026, 1, 16, 17)


def test_without_a_status_date_running_work_goes_on_where_it_stands() -> None:
    schedule = calculate(plan(running(step("A", 5), 6, 3)))
    assert schedule["A"].early_finish == datetime(2026, 1, 12, 17)


def test_percent_says_what_is_left_when_nothing_else_does() -> None:
    begun = replace(step("A", 4), actual_start=datetime(2026, 1, 5, 8), percent=50)
    schedule = calculate(plan(begun, status_at=STATUS))
    assert schedule["A"].early_finish == datetime(2026, 1, 15, 17)


def test_out_of_sequence_work_keeps_its_start_and_its_rest_waits() -> None:
    """Retained logic: B began before A was done, so what is left of B waits for A."""
    links = (Link("A", "B"),)
    schedule = calculate(
        plan(
            running(step("A", 8), 5, 4), running(step("B", 5), 7, 2), links=links, status_at=STATUS
        )
    )
    assert schedule["A"].early_finish == datetime(2026, 1, 19, 17)
    assert schedule["B"].early_start == datetime(2026, 1, 7, 8)
    assert schedule["B"].early_finish == datetime(2026, 1, 21, 17)


def test_finished_work_stays_even_when_its_predecessor_is_not_done() -> None:
    links = (Link("A", "B"), Link("B", "C"))
    schedule = calculate(
        plan(step("A", 3), done(step("B", 2), 6, 7), step("C"), links=links, status_at=STATUS)
    )
    assert schedule["B"].early_finish == datetime(2026, 1, 7, 17)
    assert schedule["C"].early_start == STATUS
    assert schedule["A"].free_float == schedule["A"].total_float


def test_a_link_from_a_known_start_counts_from_it() -> None:
    links = (Link("A", "B", LinkType.SS, 10 * DAY),)
    schedule = calculate(plan(running(step("A", 3), 6, 1), step("B"), links=links))
    assert schedule["B"].early_start == datetime(2026, 1, 20, 8)


def test_a_deadline_before_the_status_date_shows_as_negative_float() -> None:
    late = replace(running(step("A", 5), 6, 3), deadline_at=datetime(2026, 1, 14, 17))
    schedule = calculate(plan(late, status_at=STATUS))
    assert (schedule["A"].total_float, schedule["A"].critical) == (-2 * DAY, True)
