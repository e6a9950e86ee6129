from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.cadence import (
    Cadence,
    EmptySpan,
    Planned,
    default_cadence,
    due,
    due_days,
    load_of,
    month_loads,
    more_often,
    with_cadences,
)

START, END = date(2026, 8, 31), date(2026, 12, 18)


def planned(cadence: Cadence = Cadence.WEEKLY, **fields) -> Planned:
    return Planned(**{"key": "use", "cadence": cadence, "start": START, "end": END, **fields})


@pytest.mark.parametrize(
    ("facts", "cadence"),
    [
        ({"days": 5}, Cadence.END),
        ({"days": 5, "is_critical": True}, Cadence.START_AND_END),
        ({"days": 20}, Cadence.START_AND_END),
        ({"days": 20, "total_float": 0}, Cadence.WEEKLY),
        ({"days": 60}, Cadence.MONTHLY),
        ({"days": 60, "total_float": 30}, Cadence.MONTHLY),
        ({"days": 60, "total_float": 5}, Cadence.FORTNIGHTLY),
        ({"days": 60, "total_float": -2}, Cadence.WEEKLY),
        ({"days": 60, "uncertainty": 0.8}, Cadence.FORTNIGHTLY),
        ({"days": 60, "is_critical": True, "uncertainty": 0.8}, Cadence.DAILY),
    ],
    ids=str,
)
def test_what_matters_or_surprises_is_read_more_often(facts, cadence) -> None:
    assert default_cadence(**facts) is cadence


def test_the_next_shorter_interval() -> None:
    assert more_often(Cadence.QUARTERLY) is Cadence.MONTHLY
    assert more_often(Cadence.DAILY) is Cadence.DAILY
    assert more_often(Cadence.END) is Cadence.END


def test_due_days_of_every_cadence() -> None:
    reached = (date(2026, 10, 9), date(2027, 1, 1))
    assert due_days(planned(Cadence.END)) == (END,)
    assert due_days(planned(Cadence.START_AND_END)) == (START, END)
    assert due_days(planned(Cadence.AFTER_MILESTONES, achievements=reached)) == (
        *(START, date(2026, 10, 9), END),
    )
    assert due_days(planned(Cadence.MONTHLY)) == (
        *(START, date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30), END),
    )
    assert due_days(planned(Cadence.QUARTERLY)) == (START, date(2026, 11, 30), END)
    assert len(due_days(planned(Cadence.WEEKLY))) == 17
    assert due_days(planned(end=START - timedelta(days=1))) == ()


@given(st.sampled_from(Cadence), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_due_days_ascend_within_the_time_and_hold_its_end(cadence, start, length) -> None:
    end = start + timedelta(days=length)
    days = due_days(planned(cadence, start=start, end=end))
    assert list(days) == sorted(set(days))
    assert days[-1] == end
    assert days[0] >= start


def test_the_load_is_the_readings_and_their_minutes() -> None:
    plan = [planned(minutes=15), planned(Cadence.END, key="tests", minutes=60)]
    load = load_of(plan, start=date(2026, 12, 1), end=date(2026, 12, 31))
    assert [(item.readings, item.minutes) for item in load.items] == [(3, 45), (1, 60)]
    assert (load.readings, load.minutes) == (4, 105)
    assert load.readings_a_month == pytest.approx(4 / (31 / 30.4375))
    with pytest.raises(EmptySpan):
        load_of(plan, start=END, end=START)


def test_months_add_up_to_the_whole() -> None:
    plan = [planned(), planned(Cadence.MONTHLY, key="other")]
    months = month_loads(plan, start=date(2026, 8, 9), months=5)
    assert [load.start for load in months][:2] == [date(2026, 8, 1), date(2026, 9, 1)]
    assert months[-1].end == date(2026, 12, 31)
    assert sum(load.readings for load in months) == len(due_days(plan[0])) + len(due_days(plan[1]))


def test_a_what_if_changes_those_named_and_no_other() -> None:
    plan = [planned(minutes=15), planned(key="other", minutes=15)]
    wished = with_cadences(plan, {"use": Cadence.MONTHLY, "gone": Cadence.DAILY})
    now, then = (load_of(one, start=START, end=END).minutes for one in (plan, wished))
    assert (now, then) == (2 * 17 * 15, (17 + 5) * 15)


def test_a_reading_is_missing_after_the_grace_days() -> None:
    monday = START + timedelta(days=7)
    on_time = due(planned(), last_read=START, today=monday + timedelta(days=2))
    assert (on_time.missing_since, on_time.next_date) == (None, monday + timedelta(days=7))
    late = due(planned(), last_read=START, today=monday + timedelta(days=17))
    assert late.missing_since == monday
    assert late.days_missing(monday + timedelta(days=17)) == 17
    assert due(planned(), last_read=None, today=START + timedelta(days=3)).missing_since == START


def test_a_reading_a_little_early_counts_except_for_daily_ones() -> None:
    saturday, thursday = START + timedelta(days=5), START + timedelta(days=10)
    assert due(planned(), last_read=saturday, today=thursday).missing_since is None
    daily = planned(Cadence.DAILY)
    since = due(daily, last_read=saturday, today=thursday).missing_since
    assert since == saturday + timedelta(days=1)


def test_after_the_end_nothing_further_is_due() -> None:
    assert due(planned(), last_read=END, today=END + timedelta(days=30)) == due(
        planned(Cadence.END), last_read=END, today=END + timedelta(days=30)
    )
