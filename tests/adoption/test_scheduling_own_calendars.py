# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""Work that waits for people and places with calendars of their own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adoption.scheduling import (
    ALWAYS,
    STANDARD,
    Calendar,
    ConstraintType,
    Link,
    LinkType,
    NoWorkingTime,
    calculate,
)
from adoption.simulation import Spread, simulate
from tests.adoption.plans import DAY, START, plan, step

TUESDAYS_OFF = ALWAYS.with_holidays(date(2026, 1, 6) + timedelta(weeks=n) for n in range(40))
ANA = ALWAYS.with_holidays(date(2026, 1, 7) + timedelta(days=n) for n in range(12))


def test_work_waits_while_somebody_is_away() -> None:
    schedule = calculate(
        plan(step("A", 2, calendar=TUESDAYS_OFF), step("B", 1), links=(Link("A", "B"),))
    )
    assert schedule["A"].start == START
    assert schedule["A"].finish == datetime(2026, 1, 7, 17)
    assert schedule["B"].start == datetime(2026, 1, 8, 8)
    assert schedule["A"].critical
    assert (schedule["A"].total_float, schedule["A"].free_float) == (0, 0)


def test_work_starts_when_they_are_back_and_the_link_still_says_why() -> None:
    steps = step("Design", 2), step("Train", 2, calendar=ANA)
    schedule = calculate(plan(*steps, links=(Link("Design", "Train"),)))
    assert schedule["Train"].start == datetime(2026, 1, 19, 8)
    assert schedule["Train"].finish == datetime(2026, 1, 20, 17)
    assert schedule.drivers("Train") == ("Design",)
    # While she is away, what comes before may slip without moving anything.
    assert schedule["Design"].free_float == 8 * DAY


def test_a_calendar_with_no_common_time_is_refused_by_name() -> None:
    weekend = Calendar(((),) * 5 + (((540, 600),),) * 2)
    with pytest.raises(NoWorkingTime, match="“Train” has no time"):
        calculate(plan(step("Train", 1, calendar=weekend)))


def test_dates_asked_for_are_kept_in_its_own_time() -> None:
    finish = datetime(2026, 1, 20, 17)
    for kind, start in (
        (ConstraintType.FNET, datetime(2026, 1, 19, 8)),
        (ConstraintType.MFO, datetime(2026, 1, 19, 8)),
    ):
        asked = step("Train", 2, calendar=ANA, constraint=kind, constraint_at=finish)
        assert (calculate(plan(asked))["Train"].start, calculate(plan(asked))["Train"].finish) == (
            start,
            finish,
        )


def test_running_work_goes_on_in_its_own_time() -> None:
    running = step("Train", 4, calendar=TUESDAYS_OFF, actual_start=START, remaining=2 * DAY)
    schedule = calculate(plan(running, status_at=datetime(2026, 1, 6)))
    assert schedule["Train"].start == START
    assert schedule["Train"].finish == datetime(2026, 1, 8, 17)


def test_as_late_as_possible_in_its_own_time() -> None:
    late = step("Train", 1, calendar=ANA, constraint=ConstraintType.ALAP)
    schedule = calculate(
        plan(
            late,
            step("Long", 20),
            step("End", 0),
            links=(Link("Train", "End"), Link("Long", "End")),
        )
    )
    assert schedule["Train"].finish == schedule["End"].finish


calendars = st.builds(
    lambda days, weekdays: Calendar(
        tuple(((480, 1020),) if day in weekdays else () for day in range(7))
    ).with_holidays(date(2026, 1, 5) + timedelta(days=day) for day in days),
    st.sets(st.integers(0, 40), max_size=8),
    st.sets(st.integers(0, 4), min_size=2),
)


@given(
    st.lists(
        st.tuples(st.sampled_from([0.25, 1, 2, 3.5]), st.none() | calendars), min_size=1, max_size=4
    ),
    st.lists(
        st.tuples(st.sampled_from(LinkType), st.sampled_from([0, 240, -240])),
        min_size=3,
        max_size=3,
    ),
)
def test_no_own_time_is_worked_while_they_are_away(rows: list, kinds: list) -> None:
    steps = [step(str(i), days, calendar=own) for i, (days, own) in enumerate(rows)]
    links = [Link(str(i), str(i + 1), *kinds[i]) for i in range(len(steps) - 1)]
    schedule = calculate(plan(*steps, links=tuple(links)))
    for activity, row in zip(steps, schedule, strict=True):
        own = activity.calendar
        minutes = [
            *worked(row.start, row.finish, STANDARD if own is None else STANDARD.within(own))
        ]
        assert len(minutes) == activity.duration
        assert minutes[0] == row.start
        assert row.total_float >= 0
        assert row.free_float >= 0
        assert row.free_float <= row.total_float or not any(one.calendar for one in steps)
    for link in links:
        before, after = schedule[link.before], schedule[link.after]
        point = schedule.axis.point
        source = before.finish if link.type in (LinkType.FS, LinkType.FF) else before.start
        target = after.finish if link.type in (LinkType.FF, LinkType.SF) else after.start
        assert point(target) >= point(source) + link.lag
    # Whatever is critical moves the finish: an hour more of it ends later, or it is not.
    for activity in steps:
        longer = [
            replace(one, duration=one.duration + 60) if one is activity else one for one in steps
        ]
        later = calculate(plan(*longer, links=tuple(links)))
        if later.finish_point > schedule.finish_point:
            assert schedule[activity.key].total_float < 60


def worked(start: datetime, finish: datetime, calendar: Calendar) -> Iterator[datetime]:
    moment = start
    while moment < finish:
        minute = moment.hour * 60 + moment.minute
        if any(first <= minute < last for first, last in calendar.on(moment.date())):
            yield moment
        moment += timedelta(minutes=1)


def test_a_simulation_waits_as_the_plan_does() -> None:
    steps = step("Design", 2), step("Train", 2, calendar=ANA), step("Go", 1)
    waiting = plan(*steps, links=(Link("Design", "Train"), Link("Train", "Go", LinkType.FF)))
    found = simulate(waiting, {"Train": Spread(2 * DAY, 2 * DAY, 2 * DAY)}, runs=20, seed=1)
    assert set(found.finishes) == {calculate(waiting).finish_point}
