"""The tree of a plan: who contains whom, checked once, as lists of activity numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adoption.scheduling.plan import Activity, InvalidPlan


@dataclass(frozen=True, slots=True)
class Outline:
    """`parent[i]` is -1 at the top; `children[i]` is empty for a leaf. Input order is kept."""

    activities: Sequence[Activity]
    index: dict[str, int]
    parent: list[int]
    children: list[list[int]]

    def is_leaf(self, i: int) -> bool:
        return not self.children[i]

    def leaves(self) -> list[int]:
        return [i for i, below in enumerate(self.children) if not below]

    def leaves_below(self, i: int) -> list[int]:
        """All leaves anywhere under a summary, in input order."""
        found: list[int] = []
        waiting = list(self.children[i])
        while waiting:
            child = waiting.pop()
            waiting += self.children[child]
            if self.is_leaf(child):
                found.append(child)
        return sorted(found)

    def above(self, i: int) -> Iterator[int]:
        """The summaries that contain an activity, nearest first."""
        while (i := self.parent[i]) >= 0:
            yield i


def build_outline(activities: Sequence[Activity]) -> Outline:
    """Raises InvalidPlan on a repeated key, an unknown parent or a row inside itself."""
    index = {activity.key: i for i, activity in enumerate(activities)}
    if len(index) < len(activities):
        raise InvalidPlan(f"Two steps have the same number: {_first_repeated(activities)}.")
    children: list[list[int]] = [[] for _ in activities]
    parent = [_parent(activity, index) for activity in activities]
    for i, above in enumerate(parent):
        if above >= 0:
            children[above].append(i)
    outline = Outline(activities, index, parent, children)
    _refuse_knots(outline)
    return outline


def _parent(activity: Activity, index: dict[str, int]) -> int:
    if activity.parent is None:
        return -1
    try:
        return index[activity.parent]
    except KeyError:
        raise InvalidPlan(
            f"“{activity.label}” is filed under {activity.parent}, which is not in the plan."
        ) from None


def _first_repeated(activities: Sequence[Activity]) -> str:
    seen: set[str] = set()
    for activity in activities:
        if activity.key in seen:
            return activity.key
        seen.add(activity.key)
    return ""


def _refuse_knots(outline: Outline) -> None:
    """Every row must be reachable from the top; what is not lies inside itself."""
    waiting = [i for i, above in enumerate(outline.parent) if above < 0]
    reached = [False] * len(outline.parent)
    while waiting:
        i = waiting.pop()
        reached[i] = True
        waiting += outline.children[i]
    for i, is_reached in enumerate(reached):
        if not is_reached:
            raise InvalidPlan(f"“{outline.activities[i].label}” contains itself in the outline.")
