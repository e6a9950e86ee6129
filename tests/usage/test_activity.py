"""Rolling distinct users and local days against slow, obvious computations."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usage.activity import (
    UserDays,
    active_users,
    local_day,
    local_days,
    offset_spans,
    rolling_users,
    stickiness,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SEEN = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(-40, 100)), max_size=80)
ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "America/Sao_Paulo",
        "Africa/Casablanca",
        "America/New_York",
    ]
)


def as_user_days(seen: list[tuple[int, int, int]]) -> UserDays:
    table = np.array(seen, dtype=np.int64).reshape(-1, 3)
    return UserDays(table[:, 0], table[:, 1], table[:, 2])


def union_size(seen: list[tuple[int, int, int]], group: int, day: int, window: int) -> int:
    return len({u for g, u, d in seen if g == group and day - window < d <= day})


@given(SEEN, st.integers(-10, 60), st.integers(0, 40))
def test_active_users_equals_the_union_of_sets_on_every_day(
    seen: list[tuple[int, int, int]], first: int, length: int
) -> None:
    last = first + length
    result = active_users(as_user_days(seen), group_count=3, first=first, last=last)
    assert result.days.tolist() == list(range(first, last + 1))
    for counts, window in ((result.dau, 1), (result.wau, 7), (result.mau, 28)):
        expected = [
            [union_size(seen, g, d, window) for d in range(first, last + 1)] for g in range(3)
        ]
        assert counts.tolist() == expected


@given(SEEN, st.integers(1, 40))
def test_rolling_users_takes_any_window(seen: list[tuple[int, int, int]], window: int) -> None:
    result = rolling_users(as_user_days(seen), window, group_count=3, first=0, last=30)
    expected = [[union_size(seen, g, d, window) for d in range(31)] for g in range(3)]
    assert result.tolist() == expected


@given(SEEN, st.integers(0, 50))
def test_a_range_recomputed_from_its_window_alone_equals_the_whole(
    seen: list[tuple[int, int, int]], first: int
) -> None:
    whole = active_users(as_user_days(seen), group_count=3, first=0, last=90)
    needed = [row for row in seen if first - 27 <= row[2] <= first + 20]
    part = active_users(as_user_days(needed), group_count=3, first=first, last=first + 20)
    assert part.mau.tolist() == whole.mau[:, first : first + 21].tolist()
    assert part.wau.tolist() == whole.wau[:, first : first + 21].tolist()


def test_nobody_active_gives_a_zero_for_each_day() -> None:
    result = active_users(UserDays.of([], []), group_count=1, first=5, last=7)
    assert result.mau.tolist() == [[0, 0, 0]]


def test_a_range_that_ends_before_it_starts_is_empty() -> None:
    result = active_users(UserDays.of([1], [5]), group_count=1, first=5, last=4)
    assert result.dau.shape == (1, 0)


def test_stickiness_is_mean_dau_over_mau() -> None:
    dau = np.array([[2, 0, 4, 6]])
    assert stickiness(dau, np.array([[4, 5, 6]]), window=2).tolist() == [[0.25, 0.4, 5 / 6]]


def test_stickiness_without_users_is_not_a_number() -> None:
    assert np.isnan(stickiness(np.zeros((1, 28), dtype=np.int64), np.zeros((1, 1), dtype=int)))


@settings(deadline=None)
@given(
    ZONES,
    st.lists(st.integers(631_152_000_000_000, 2_145_916_800_000_000), max_size=30),
)
def test_local_days_equals_the_date_python_shows(zone: str, moments: list[int]) -> None:
    aware = [EPOCH + timedelta(microseconds=moment) for moment in moments]
    instants = np.array(moments, dtype=np.int64)
    expected = [moment.astimezone(ZoneInfo(zone)).date() for moment in aware]
    days = local_days(instants, zone)
    assert days.astype("datetime64[D]").astype(object).tolist() == expected
    assert [local_day(moment, zone) for moment in aware] == days.tolist()


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Berlin", datetime(2015, 3, 29, 1, tzinfo=UTC)),
        ("America/St_Johns", datetime(2010, 11, 7, 2, 31, tzinfo=UTC)),
        ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2014, 10, 4, 15, 30, tzinfo=UTC)),
    ],
)
def test_the_second_a_clock_changes_is_found(zone: str, change: datetime) -> None:
    second = int(change.timestamp())
    spans = offset_spans(zone, second - 1, second)
    assert second in spans.starts.tolist()
    instants = np.array([(second - 1) * 1_000_000 + 999_999, second * 1_000_000])
    expected = [
        (change + shift).astimezone(ZoneInfo(zone)).date()
        for shift in (timedelta(microseconds=-1), timedelta())
    ]
    found = local_days(instants, zone).astype("datetime64[D]").astype(object).tolist()
    assert found == expected
