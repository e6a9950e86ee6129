"""When something put off comes back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.snoozing import LONGEST, MORNING, NotAhead, Until, chosen, comes_back

OSLO = ZoneInfo("Europe/Oslo")
ZONES = st.sampled_from(
    ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("until", "now", "back"),
    [
        # A Wednesday evening in Oslo, which is Wednesday in UTC as well.
        (Until.TOMORROW, datetime(2026, 11, 18, 21, tzinfo=UTC), "2026-11-19T08:00+01:00"),
        (Until.MONDAY, datetime(2026, 11, 18, 21, tzinfo=UTC), "2026-11-23T08:00+01:00"),
        (Until.WEEK, datetime(2026, 11, 18, 21, tzinfo=UTC), "2026-11-25T08:00+01:00"),
        # Half past midnight in Oslo is the day before in UTC.
        (Until.TOMORROW, datetime(2026, 11, 18, 23, 30, tzinfo=UTC), "2026-11-20T08:00+01:00"),
        # On a Monday, next Monday is a week ahead.
        (Until.MONDAY, datetime(2026, 11, 23, 5, tzinfo=UTC), "2026-11-30T08:00+01:00"),
        # Over the change of the clocks it stays eight in the morning.
        (Until.WEEK, datetime(2026, 10, 22, 10, tzinfo=UTC), "2026-10-29T08:00+01:00"),
    ],
)
def test_the_moments_on_offer(until: Until, now: datetime, back: str) -> None:
    assert comes_back(until, now, OSLO) == datetime.fromisoformat(back)


@given(until=st.sampled_from([Until.TOMORROW, Until.MONDAY, Until.WEEK]), now=MOMENTS, name=ZONES)
def test_it_is_ahead_in_the_morning_and_within_ten_days(
    until: Until, now: datetime, name: str
) -> None:
    zone = ZoneInfo(name)
    back = comes_back(until, now, zone)
    assert now < back <= now + timedelta(days=10)
    assert back.astimezone(zone).time() == MORNING
    assert until is not Until.MONDAY or back.astimezone(zone).weekday() == 0


def test_a_chosen_moment_is_one_of_that_clock() -> None:
    now = datetime(2026, 3, 20, tzinfo=UTC)
    assert chosen("2026-03-27T09:15", now, OSLO) == datetime(2026, 3, 27, 8, 15, tzinfo=UTC)
    # Half past two does not exist in the night the clocks go forward; it is the moment after.
    assert chosen("2026-03-29T02:30", now, OSLO) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-03-19T09:00", "2026-03-27T09:15Z", "2026-03-27T09:15+01:00", "2030-01-01"],
)
def test_a_moment_that_is_none_or_over_is_refused(text: str) -> None:
    with pytest.raises(NotAhead):
        chosen(text, datetime(2026, 3, 20, tzinfo=UTC), OSLO)


@given(now=MOMENTS, minutes=st.integers(1, int(LONGEST.total_seconds() // 60) - 120), name=ZONES)
def test_what_a_browser_sends_is_that_moment_again(now: datetime, minutes: int, name: str) -> None:
    zone = ZoneInfo(name)
    # Well past an hour that comes twice, which a browser cannot tell apart.
    wanted = (now + timedelta(minutes=minutes + 70)).replace(second=0, microsecond=0)
    local = wanted.astimezone(zone)
    if local.replace(fold=1) == local and local.utcoffset() == local.replace(fold=1).utcoffset():
        assert chosen(f"{local:%Y-%m-%dT%H:%M}", now, zone) == wanted
