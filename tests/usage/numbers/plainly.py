"""The definitions said slowly, with sets and fractions only: what the numbers are held against."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from usage.numbers.roster import FAR, Roster
from usage.numbers.use import FeatureUse, Use

EPOCH = date(1970, 1, 1)
Row = tuple[int, int, int, int]
Place = tuple[int, int | None, int | None, int | None]

# Days that are asked about, and ends of access: few, so that they fall together.
FIVES = st.integers(-3, 18).map(lambda number: 5 * number)
# user, feature, day, count.
ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(-10, 80), st.integers(0, 3)),
    max_size=120,
)
PLACES = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.none() | FIVES,
        st.none() | FIVES,
        st.none() | st.integers(0, 2),
    ),
    max_size=7,
    unique_by=lambda place: place[0],
)
INTENDED = st.dictionaries(st.integers(0, 2), st.frozensets(st.integers(0, 4), max_size=3))


def use_of(rows: Iterable[Row]) -> Use:
    known = list(rows)
    users, days = [row[0] for row in known], [row[2] for row in known]
    return Use.of(users, days, [row[3] for row in known])


def feature_use_of(rows: Iterable[Row]) -> FeatureUse:
    columns = [[row[place] for row in rows] for place in range(4)]
    return FeatureUse.of(*columns)


def roster_of(places: Iterable[Place]) -> Roster:
    return Roster.of(places)


def day_of(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - EPOCH).days


def weekday(day: int) -> int:
    return (EPOCH + timedelta(days=day)).weekday()


def seen(rows: Iterable[Row], first: int, last: int) -> set[int]:
    return {user for user, _, day, count in rows if count and first <= day <= last}


def days_of(rows: Iterable[Row], user: int, feature: int | None = None) -> set[int]:
    return {
        day for who, what, day, count in rows if who == user and count and feature in (None, what)
    }


def has_access(place: Place, day: int) -> bool:
    since, until = place[1], place[2]
    return since is not None and since <= day and (until is None or day < until)


def with_access(places: Iterable[Place], day: int) -> set[int]:
    return {place[0] for place in places if has_access(place, day)}


def expected(
    place: Place, first: int, last: int, patterns: Mapping[int, frozenset[int]]
) -> list[int]:
    """The days on which somebody is expected: office days where their group says nothing."""
    weekdays = patterns.get(-1 if place[3] is None else place[3], frozenset(range(5)))
    days = range(first, last + 1)
    return [day for day in days if has_access(place, day) and weekday(day) in weekdays]


def since(place: Place) -> int:
    return FAR if place[1] is None else place[1]


def product_limit(spans: list[tuple[int, bool]]) -> list[tuple[int, int, int, Fraction]]:
    """(time, at risk, happened, surviving) for each time at which it happened to somebody."""
    left, found = Fraction(1), []
    for time in sorted({span for span, happened in spans if happened}):
        at_risk = sum(span >= time for span, _ in spans)
        happened = sum(done and span == time for span, done in spans)
        left *= 1 - Fraction(happened, at_risk)
        found.append((time, at_risk, happened, left))
    return found
