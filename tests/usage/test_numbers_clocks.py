"""On which day a moment lies, with zones moved, clocks changing and days that are no 24 hours."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from usage.activity import ordinal
from usage.numbers.clocks import Clock

ZONES = st.sampled_from(
    ["UTC", "Europe/Oslo", "Pacific/Honolulu", "Pacific/Kiritimati", "America/St_Johns"]
)
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
MOVES = st.lists(st.tuples(st.integers(0, 60), ZONES), max_size=4)
MOMENTS = st.lists(st.integers(-1000, 3000), min_size=2, max_size=20)


def moved(zone: str, moves: list[tuple[int, str]]) -> Clock:
    clock = Clock.of(zone)
    for day, after in sorted(moves):
        clock = clock.moved(after, ordinal(BEGIN.date()) + day)
    return clock


@settings(deadline=None)
@given(ZONES, MOVES, MOMENTS)
def test_time_is_cut_into_days_that_follow_one_another(
    zone: str, moves: list[tuple[int, str]], hours: list[int]
) -> None:
    clock = moved(zone, moves)
    moments = sorted(BEGIN + timedelta(hours=hour, minutes=hour % 60) for hour in hours)
    days = [clock.day_of(moment) for moment in moments]
    assert days == sorted(days)
    assert set(days) <= set(clock.days_between(moments[0], moments[-1]))
    for (before, earlier), (after, later) in pairwise(zip(moments, days, strict=True)):
        start = datetime.fromtimestamp(clock.start_of(later), UTC)
        assert start <= after
        if earlier < later:
            assert before < start
    assert Clock.of(clock.zone, clock.past()) == clock


@settings(deadline=None)
@given(ZONES, MOVES, MOMENTS)
def test_pieces_say_the_day_of_every_moment_they_hold(
    zone: str, moves: list[tuple[int, str]], hours: list[int]
) -> None:
    clock = moved(zone, moves)
    for hour in hours:
        moment = BEGIN + timedelta(hours=hour)
        day = clock.day_of(moment)
        second = int(moment.timestamp())
        found = [
            min(max((second + piece.offset) // 86_400, piece.low), piece.high)
            for piece in clock.pieces(day, day)
            if piece.starts <= second < piece.ends
        ]
        assert found == [day]
        assert not [
            piece
            for other in (day - 1, day + 1)
            for piece in clock.pieces(other, other)
            if piece.starts <= second < piece.ends
        ]


def test_a_day_that_a_zone_left_out_has_no_moments() -> None:
    clock, day = Clock.of("Pacific/Apia"), ordinal(date(2011, 12, 30))
    assert not [*clock.pieces(day, day)]
    assert [*clock.pieces(day - 1, day - 1)]
    assert [*clock.pieces(day + 1, day + 1)]


def test_the_past_keeps_its_zone() -> None:
    clock = moved("Europe/Oslo", [(10, "Pacific/Honolulu")])
    evening = datetime(2026, 3, 5, 22, 30, tzinfo=UTC)
    assert clock.day_of(evening) == ordinal(date(2026, 3, 5))
    assert clock.day_of(evening + timedelta(hours=1)) == ordinal(date(2026, 3, 6))
    # After the move the day is Honolulu's, and the first one is as long as it has to be.
    first = datetime(2026, 3, 11, 23, tzinfo=UTC)
    assert clock.day_of(first) == clock.day_of(first + timedelta(hours=35)) - 1
    assert clock.start_of(ordinal(date(2026, 3, 12))) == int(first.timestamp())


def test_moved_again_before_a_day_was_closed_the_zone_in_between_is_forgotten() -> None:
    day = ordinal(date(2026, 3, 10))
    once = Clock.of("UTC").moved("Europe/Oslo", day)
    assert once.moved("Asia/Tokyo", day) == Clock.of("UTC").moved("Asia/Tokyo", day).moved(
        "Asia/Tokyo", day
    )
    assert [spell.zone for spell in once.moved("Asia/Tokyo", day).spells] == ["UTC", "Asia/Tokyo"]
