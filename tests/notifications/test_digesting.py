"""When a digest is due by somebody's clock, and the order of what stands in it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.digesting import Clock, Item, chapters, due_day

WORKING = (1, 2, 3, 4, 5)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


@pytest.mark.parametrize(
    ("hour", "zone", "now", "day"),
    [
        (8, "Europe/Oslo", datetime(2026, 11, 18, 6, 59, tzinfo=UTC), None),
        (8, "Europe/Oslo", datetime(2026, 11, 18, 7, 0, tzinfo=UTC), date(2026, 11, 18)),
        (8, "Europe/Oslo", datetime(2026, 11, 18, 22, 59, tzinfo=UTC), date(2026, 11, 18)),
        (8, "Europe/Oslo", datetime(2026, 11, 18, 23, 0, tzinfo=UTC), None),
        # Saturday and Sunday.
        (8, "Europe/Oslo", datetime(2026, 11, 21, 9, 0, tzinfo=UTC), None),
        (8, "Europe/Oslo", datetime(2026, 11, 22, 9, 0, tzinfo=UTC), None),
        # Monday in Tokyo while it is Sunday in Oslo.
        (8, "Asia/Tokyo", datetime(2026, 11, 22, 23, 0, tzinfo=UTC), date(2026, 11, 23)),
        (0, "America/New_York", datetime(2026, 11, 18, 5, 0, tzinfo=UTC), date(2026, 11, 18)),
    ],
)
def test_when_it_is_due(hour: int, zone: str, now: datetime, day: date | None) -> None:
    assert due_day(Clock(hour, zone), now, WORKING) == day


@pytest.mark.parametrize("hour", [1, 2, 3])
@pytest.mark.parametrize("zone", ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("first", [datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 9, 25, tzinfo=UTC)])  # fmt: skip
def test_each_day_has_one_first_moment_also_when_clocks_change(
    hour: int, zone: str, first: datetime
) -> None:
    """At hours that are skipped in spring and repeated in autumn too."""
    seen: list[date] = []
    for quarters in range(45 * 96):
        day = due_day(Clock(hour, zone), first + timedelta(minutes=15 * quarters), EVERY_DAY)
        if day is not None and day not in seen:
            seen.append(day)
    assert seen == [seen[0] + timedelta(days=number) for number in range(len(seen))]
    assert len(seen) in (44, 45, 46)


@given(
    st.integers(0, 23),
    st.sampled_from(["Europe/Oslo", "Asia/Kathmandu", "Pacific/Apia", "UTC"]),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_it_is_never_early_and_never_on_another_day(hour: int, zone: str, now: datetime) -> None:
    day = due_day(Clock(hour, zone), now, WORKING)
    local = now.astimezone(ZoneInfo(zone))
    assert (day is not None) == (local.hour >= hour and local.isoweekday() in WORKING)
    assert day in (None, local.date())


def test_a_clock_is_read_as_it_is_said() -> None:
    for clock in (Clock(8, "Europe/Oslo"), Clock(23, "America/Argentina/ComodRivadavia")):
        assert Clock.read(clock.words) == clock
        assert len(clock.words) <= 60


def item(text: str, customer_id: UUID | None, hour: int) -> Item:
    return Item(text, "/", customer_id, datetime(2026, 11, 18, hour, tzinfo=UTC))


def test_by_customer_newest_first_and_what_is_about_none_last() -> None:
    solberg, halden, unknown = uuid4(), uuid4(), uuid4()
    told = [
        item("a", solberg, 1),
        item("b", None, 9),
        item("c", halden, 2),
        item("d", halden, 3),
        item("e", unknown, 4),
    ]
    found = chapters(told, {solberg: "solberg", halden: "Halden"})
    assert [(each.name, [item.text for item in each.items]) for each in found] == [
        ("Halden", ["d", "c"]),
        ("solberg", ["a"]),
        ("", ["b", "e"]),
    ]
