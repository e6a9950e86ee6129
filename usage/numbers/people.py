"""Each person's own use: what the list of users shows, and who it should be asked about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from usage.activity import MAU_DAYS
from usage.numbers.roster import Patterns, Roster
from usage.numbers.use import WEEK_DAYS, Use


class Standing(StrEnum):
    """Active in the window that ends now; only in the one before it; longer ago; never."""

    ACTIVE = "active"
    STOPPED = "stopped"
    GONE = "gone"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class PersonUse:
    """One user of the roster up to the day asked for. Days are ordinals, None where never seen.

    `active` and `expected` are days of the window, `weeks` how many of its weeks had use, `uses`
    how often in it.
    """

    user: int
    first: int | None
    last: int | None
    active: int
    expected: int
    weeks: int
    uses: int
    standing: Standing


def people_use(
    use: Use, roster: Roster, *, day: int, window: int = MAU_DAYS, patterns: Patterns
) -> tuple[PersonUse, ...]:
    """Everybody on the roster, by user; `use` must hold their whole history up to `day`."""
    expected = roster.expected(patterns, day - window + 1, day).sum(axis=1).tolist()
    known: dict[int, list[tuple[int, int]]] = {}
    rows = use.between(-(2**62), day)
    for user, at, count in zip(
        rows.users.tolist(), rows.days.tolist(), rows.counts.tolist(), strict=True
    ):
        known.setdefault(user, []).append((at, count))
    return tuple(
        _person(user, known.get(user, []), day, window, meant)
        for user, meant in zip(roster.users.tolist(), expected, strict=True)
    )


def _person(
    user: int, rows: list[tuple[int, int]], day: int, window: int, expected: int
) -> PersonUse:
    if not rows:
        return PersonUse(user, None, None, 0, expected, 0, 0, Standing.NEVER)
    inside = [(at, count) for at, count in rows if at > day - window]
    last = rows[-1][0]
    return PersonUse(
        user=user,
        first=rows[0][0],
        last=last,
        active=len(inside),
        expected=expected,
        weeks=len({(day - at) // WEEK_DAYS for at, _count in inside}),
        uses=sum(count for _at, count in inside),
        standing=_standing(day - last, window),
    )


def _standing(ago: int, window: int) -> Standing:
    if ago < window:
        return Standing.ACTIVE
    return Standing.STOPPED if ago < 2 * window else Standing.GONE
