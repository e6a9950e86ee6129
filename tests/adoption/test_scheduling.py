# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""The rules of the critical path, each on a plan small enough to check by hand."""

from datetime import datetime

import pytest

from adoption.adapters.mspdi import read_mspdi
from adoption.scheduling import (
    Activity,
    Calendar,
    ConstraintType,
    InvalidPlan,
    Link,
    LinkType,
    NoWorkingTime,
    OutOfReach,
    Plan,
    Schedule,
    calculate,
)
from tests.adoption.plans import DAY, PROJECT_FILES, START, WEEK, plan, project_file, step


def spans(schedule: Schedule) -> dict[str, tuple[int, int]]:
    """Early start and finish of every leaf, in working days from the start."""
    columns = schedule.columns
    return {
        schedule.plan.activities[i].key: (
            columns.early_start[i] // DAY,
            columns.early_finish[i] // DAY,
        )
        for i in schedule.network.leaves
    }


@pytest.mark.parametrize("name", PROJECT_FILES)
def test_equals_microsoft_project_on_every_activity(name: str) -> None:
    file = read_mspdi(project_file(name))
    assert file.start is not None
    schedule = calculate(file.plan(file.start))
    point = schedule.axis.point
    leaves = [row for row in file.rows if not row.summary]
    assert len(leaves) == len(schedule) > 0
    for row, mine in zip(leaves, schedule, strict=True):
        stored = row.stored
        assert stored is not None
        theirs = (stored.early_start, stored.early_finish, stored.late_start, stored.late_finish)
        ours = (mine.early_start, mine.early_finish, mine.late_start, mine.late_finish)
        assert [*map(point, ours)] == [point(moment) for moment in theirs if moment], row.name
        assert (mine.total_float, mine.free_float, mine.critical) == (
            stored.total_float,
            stored.free_float,
            stored.critical,
        ), row.name


def test_the_path_of_the_source_document_starts_f_in_week_eleven() -> None:
    """A → C → D → F: C three weeks after A, D five after C, F three after D."""
    weeks = {"A": 3, "B": 2, "C": 5, "D": 3, "E": 4, "F": 1}
    routes = ("AB", "AC", "CD", "BE", "DF", "EF")
    schedule = calculate(
        plan(
            *(step(key, days=5 * length) for key, length in weeks.items()),
            links=tuple(Link(before, after) for before, after in routes),
        )
    )
    assert schedule.columns.early_start[5] == 11 * WEEK
    assert schedule["F"].early_start == datetime(2026, 3, 23, 8)
    assert [row.key for row in schedule if row.critical] == ["A", "C", "D", "F"]
    assert schedule["E"].total_float == 2 * WEEK
    assert schedule.drivers("F") == ("D",)


@pytest.mark.parametrize(
    ("kind", "lag", "expected"),
    [
        (LinkType.FS, 0, (5, 8)),
        (LinkType.FS, 2, (7, 10)),
        (LinkType.FS, -2, (3, 6)),
        (LinkType.SS, 0, (0, 3)),
        (LinkType.SS, 4, (4, 7)),
        (LinkType.FF, 0, (2, 5)),
        (LinkType.FF, 3, (5, 8)),
        (LinkType.SF, 4, (1, 4)),
    ],
)
def test_each_link_type_with_lag_and_lead(
    kind: LinkType, lag: int, expected: tuple[int, int]
) -> None:
    links = (Link("A", "B", kind, lag * DAY),)
    assert spans(calculate(plan(step("A", 5), step("B", 3), links=links)))["B"] == expected


def test_a_lead_does_not_pull_work_before_the_plan_starts() -> None:
    links = (Link("A", "B", LinkType.FS, -9 * DAY), Link("A", "C", LinkType.SF))
    found = spans(calculate(plan(step("A", 5), step("B", 3), step("C", 4), links=links)))
    assert (found["B"], found["C"]) == ((0, 3), (0, 4))


def test_elapsed_lag_counts_nights_and_weekends() -> None:
    links = (Link("A", "B", LinkType.FS, 3 * 1440, elapsed=True),)
    schedule = calculate(plan(step("A", 4), step("B"), links=links))
    assert schedule["A"].early_finish == datetime(2026, 1, 8, 17)
    assert schedule["B"].early_start == datetime(2026, 1, 12, 8)


def test_an_elapsed_activity_runs_through_the_weekend() -> None:
    cure = Activity("Cure", "Cure", 3 * 1440, elapsed=True)
    links = (Link("A", "Cure"), Link("Cure", "B"))
    schedule = calculate(plan(step("A", 4), cure, step("B"), step("Long", 9), links=links))
    assert schedule["Cure"].early_start == datetime(2026, 1, 9, 8)
    assert schedule["B"].early_start == datetime(2026, 1, 12, 8)
    assert schedule["B"].total_float == 3 * DAY
    # From Monday it would end on Thursday morning, just in time for B's last day.
    assert schedule["Cure"].late_start == datetime(2026, 1, 12, 8)
    assert (schedule["Cure"].total_float, schedule["Cure"].free_float) == (DAY, 0)


@pytest.mark.parametrize(
    ("constraint", "day", "expected"),
    [
        (ConstraintType.SNET, 14, (7, 9)),
        (ConstraintType.FNET, 15, (6, 8)),
        (ConstraintType.SNET, 6, (5, 7)),
        (ConstraintType.SNLT, 8, (3, 5)),
        (ConstraintType.FNLT, 9, (2, 4)),
        (ConstraintType.MSO, 7, (2, 4)),
        (ConstraintType.MSO, 15, (8, 10)),
        (ConstraintType.MFO, 16, (7, 9)),
    ],
)
def test_each_constraint_against_the_logic(
    constraint: ConstraintType, day: int, expected: tuple[int, int]
) -> None:
    held = step("B", 2, constraint=constraint, constraint_at=datetime(2026, 1, day, 8))
    schedule = calculate(plan(step("A", 5), held, step("End", 12), links=(Link("A", "B"),)))
    assert spans(schedule)["B"] == expected
    is_violated = expected[0] < 5
    assert (schedule["A"].total_float < 0) == is_violated


def test_a_must_date_has_no_float_even_when_there_is_room() -> None:
    held = step("A", constraint=ConstraintType.MSO, constraint_at=datetime(2026, 1, 7, 8))
    schedule = calculate(plan(held, step("Long", 9)))
    assert (schedule["A"].total_float, schedule["A"].critical) == (0, True)


def test_a_deadline_moves_nothing_and_makes_negative_float() -> None:
    late = step("B", 5, deadline_at=datetime(2026, 1, 14, 17))
    schedule = calculate(plan(step("A", 5), late, links=(Link("A", "B"),)))
    assert schedule["B"].early_finish == datetime(2026, 1, 16, 17)
    assert [row.total_float for row in schedule] == [-2 * DAY, -2 * DAY]
    assert all(row.critical for row in schedule)


def test_a_late_date_may_lie_before_the_plan() -> None:
    schedule = calculate(plan(step("A", 5, deadline_at=datetime(2026, 1, 6, 17))))
    assert schedule["A"].late_start == datetime(2025, 12, 31, 8)


def test_free_float_stops_at_the_nearest_follower_total_float_at_the_end() -> None:
    links = (Link("A", "C"), Link("B", "C"), Link("A", "D"))
    schedule = calculate(plan(step("A", 2), step("B", 6), step("C", 2), step("D", 3), links=links))
    assert (schedule["A"].free_float, schedule["A"].total_float) == (0, 3 * DAY)
    assert (schedule["D"].free_float, schedule["D"].total_float) == (3 * DAY, 3 * DAY)
    assert schedule["C"].critical


def test_the_threshold_makes_near_critical_work_critical() -> None:
    tight = Plan(START, (step("A", 5), step("B", 4), step("C", 3)), critical_float=DAY)
    assert [row.critical for row in calculate(tight)] == [True, True, False]


def test_as_late_as_possible_takes_its_room_but_moves_nothing_after_it() -> None:
    late = step("B", 1, constraint=ConstraintType.ALAP)
    links = (Link("B", "C"), Link("A", "C"), Link("C", "D"))
    schedule = calculate(
        plan(step("A", 4), late, step("C", 2), step("D", 1), step("Long", 20), links=links)
    )
    assert schedule["B"].early_start == START
    assert schedule["B"].start == datetime(2026, 1, 8, 8)
    assert schedule["C"].start == schedule["C"].early_start == datetime(2026, 1, 9, 8)


def test_chains_of_late_work_move_together_to_the_end() -> None:
    late = ConstraintType.ALAP
    schedule = calculate(
        plan(
            step("A", 1, constraint=late),
            step("B", 2, constraint=late),
            step("Long", 10),
            links=(Link("A", "B"),),
        )
    )
    assert (schedule["A"].start, schedule["B"].finish) == (
        datetime(2026, 1, 14, 8),
        datetime(2026, 1, 16, 17),
    )


def test_a_milestone_ends_what_leads_to_it_and_begins_what_nothing_leads_to() -> None:
    links = (Link("A", "Done"),)
    schedule = calculate(plan(step("Kick-off", 0), step("A", 5), step("Done", 0), links=links))
    assert schedule["Kick-off"].early_start == START
    assert schedule["Done"].early_start == datetime(2026, 1, 9, 17)


def test_a_milestone_not_before_monday_is_shown_on_monday() -> None:
    launch = step("Launch", 0, constraint=ConstraintType.SNET, constraint_at=datetime(2026, 1, 12))
    schedule = calculate(plan(step("A", 5), launch, links=(Link("A", "Launch"),)))
    assert schedule["Launch"].early_start == datetime(2026, 1, 12, 8)


def test_links_to_and_from_summaries_hold_what_is_in_them() -> None:
    schedule = calculate(
        plan(
            step("A", 2),
            step("Train", 0),
            step("T1", 3, parent="Train"),
            step("T2", 1, parent="Train"),
            step("End", 1),
            links=(Link("A", "Train"), Link("Train", "End")),
        )
    )
    assert spans(schedule) == {
        "A": (0, 2),
        "T1": (2, 5),
        "T2": (2, 3),
        "End": (5, 6),
    }
    assert schedule["T2"].free_float == 2 * DAY
    assert schedule.drivers("End") == ("T1",)
    assert schedule.drivers("T2") == ("A",)


def test_a_summary_starts_with_its_first_child_only() -> None:
    links = (Link("A", "T2"), Link("Train", "B", LinkType.SS, DAY))
    schedule = calculate(
        plan(
            step("A", 4),
            step("Train", 0),
            step("T1", 1, parent="Train"),
            step("T2", 1, parent="Train"),
            step("B", 1),
            links=links,
        )
    )
    assert spans(schedule)["B"] == (1, 2)
    assert schedule.drivers("B") == ("T1",)


def test_children_that_start_together_all_hold_what_waits_for_their_start() -> None:
    links = (Link("Train", "B", LinkType.SS),)
    rows = (step("Train", 0), step("T1", 1, parent="Train"), step("T2", 1, parent="Train"))
    schedule = calculate(plan(*rows, step("B", 5), links=links))
    assert schedule.drivers("B") == ("T1", "T2")
    assert schedule["T1"].critical and schedule["T2"].critical


def test_constraints_of_a_summary_hold_its_children() -> None:
    train = step(
        "Train",
        0,
        constraint=ConstraintType.SNET,
        constraint_at=datetime(2026, 1, 7, 8),
        deadline_at=datetime(2026, 1, 8, 17),
    )
    schedule = calculate(plan(train, step("T1", 3, parent="Train")))
    assert schedule["T1"].early_start == datetime(2026, 1, 7, 8)
    assert schedule["T1"].total_float == -DAY


def test_drivers_name_every_tight_predecessor() -> None:
    links = (Link("A", "C"), Link("B", "C"), Link("Short", "C"))
    schedule = calculate(
        plan(step("A", 3), step("B", 3), step("Short", 1), step("C", 1), links=links)
    )
    assert schedule.drivers("C") == ("A", "B")
    assert schedule.drivers("A") == ()


def test_empty_and_single_plans() -> None:
    empty = calculate(plan())
    assert (len(empty), empty.start, empty.finish) == (0, START, START)
    single = calculate(plan(step("A", 3)))
    assert (single["A"].critical, single.finish) == (True, datetime(2026, 1, 7, 17))


def test_only_the_longest_of_disconnected_parts_is_critical() -> None:
    links = (Link("A", "B"), Link("C", "D"))
    schedule = calculate(plan(step("A"), step("B"), step("C", 2), step("D"), links=links))
    assert [row.key for row in schedule if row.critical] == ["C", "D"]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (plan(step("A"), step("A")), "same number: A"),
        (plan(step("A", name="Design"), links=(Link("X", "A"),)), "“Design” is linked to X"),
        (plan(step("A"), links=(Link("A", "Y"),)), "“A” is linked to Y"),
        (plan(step("A", parent="Z")), "“A” is filed under Z"),
        (plan(step("A", parent="B"), step("B", parent="A")), "contains itself"),
        (plan(step("A", -1)), "lasts less than nothing"),
        (plan(step("A", constraint=ConstraintType.SNET)), "SNET without a date"),
    ],
)
def test_nonsense_is_refused_by_name(broken: Plan, words: str) -> None:
    with pytest.raises(InvalidPlan, match=words):
        calculate(broken)


def test_a_plan_past_the_year_9999_is_refused() -> None:
    with pytest.raises(OutOfReach, match="9999"):
        list(calculate(plan(step("A", 100_000), start=datetime(9800, 1, 1))))


def test_a_plan_of_more_than_a_thousand_years_is_refused() -> None:
    with pytest.raises(OutOfReach, match="a thousand years"):
        calculate(plan(step("A", 2_000_000)))


def test_a_calendar_that_runs_out_is_refused() -> None:
    one_day = Calendar(((),) * 7, ((START.date(), ((480, 1020),)),))
    with pytest.raises(NoWorkingTime):
        list(calculate(plan(step("A", 5), calendar=one_day)))


def test_the_way_to_a_milestone_has_a_float_of_its_own() -> None:
    """b is critical to the end, but a sets the milestone, and b does not lead there."""
    steps = plan(
        step("a", 3),
        step("side", 1),
        step("b", 9),
        step("milestone", 0),
        step("end", 0),
        links=(
            Link("a", "milestone"),
            Link("side", "milestone"),
            Link("milestone", "end"),
            Link("b", "end"),
        ),
    )
    schedule = calculate(steps)
    assert schedule.slack_to("milestone") == {"a": 0, "side": 2 * DAY}
    assert schedule.slack_to("end") == {
        row.key: row.total_float for row in schedule if row.key != "end"
    }


def test_the_way_to_a_milestone_does_not_know_of_deadlines_after_it() -> None:
    late = step("late", 5, deadline_at=START)
    steps = plan(step("a", 3), step("m", 0), late, links=(Link("a", "m"), Link("m", "late")))
    schedule = calculate(steps)
    assert schedule["a"].total_float < 0
    assert schedule.slack_to("m") == {"a": 0}
