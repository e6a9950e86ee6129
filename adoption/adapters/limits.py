"""What a plan file may hold at most, and the checks that every format shares."""

from __future__ import annotations

from collections.abc import Iterable

from adoption.adapters.planfile import PlanRow, UnreadablePlan
from adoption.scheduling import Link
from rendering.sentences import sentence

MAX_ROWS = 100_000
CENTURY = 100 * 366 * 24 * 60

_LONGEST_ID = 60
_LONGEST_OUTLINE = 120


def check_rows(rows: Iterable[PlanRow]) -> None:
    """Raises UnreadablePlan naming the line of an id that is repeated or too long."""
    seen: dict[str, int] = {}
    for row in rows:
        if row.uid in seen:
            raise UnreadablePlan(
                sentence(
                    "Line %(line)s, “%(name)s”: the id %(id)s stands twice, first on line %(first)s.",
                    line=row.line,
                    name=row.name,
                    id=row.uid[:40],
                    first=seen[row.uid],
                )
            )
        seen[row.uid] = row.line
        if len(row.uid) > _LONGEST_ID or len(row.outline) > _LONGEST_OUTLINE:
            raise UnreadablePlan(
                sentence(
                    "Line %(line)s, “%(name)s”: its id or number is too long.",
                    line=row.line,
                    name=row.name,
                )
            )


def without_repeats(links: Iterable[Link], warnings: list[str]) -> tuple[Link, ...]:
    """One link of a type between two steps: of several the one with the longest lag."""
    kept: dict[tuple[str, str, str], Link] = {}
    repeated = 0
    for link in links:
        pair = (link.before, link.after, link.type)
        if pair in kept:
            repeated += 1
        if pair not in kept or link.lag > kept[pair].lag:
            kept[pair] = link
    if repeated:
        warnings.append(
            sentence(
                "Links given twice: %(number)s; of each the longest lag is kept.",
                number=repeated,
            )
        )
    return tuple(kept.values())
